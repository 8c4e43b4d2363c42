"""Training examples: which of the rows that are left for training a run trains on.

The rows that are left beside validation and test part have an order. A run trains on `train_samples` of them,
in that order: those that come first in a random permutation drawn from `train_seed`. So, for equal seeds, the
examples of a smaller number are among those of every larger one, the other two parts do not depend on either
field, and the number of all rows that are left gives the training part of a run without the field.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config.errors import ConfigError
from engine.datasets.dataset import Generated

STREAM = 1  # distinguishes the random numbers from those of the points, which may have the same seed


def choose(rows: Generated, section: Any) -> Generated:
    """Returns the rows (X, y) that are trained on, of those that are left; `section` is `config.dataset`."""
    count = section.train_samples
    X, y = rows
    if count is None or count >= len(X):
        return rows
    chosen = indices(len(X), count, section.seed if section.train_seed is None else section.train_seed)
    return X[chosen], y[chosen]


def indices(left: int, count: int, seed: int) -> NDArray[np.int64]:
    """Returns the increasing indices (count,) of the examples among the `left` rows.

    They are the first `count` of a permutation of 0..left-1 by PCG64(SeedSequence(seed, spawn_key=(1,))).
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(STREAM,))
    order = np.random.Generator(np.random.PCG64(sequence)).permutation(left)
    return np.sort(order[:count])


def check(train_samples: int | None, left: int) -> None:
    """Raises ConfigError if a run asks for more examples than the rows that are left for training."""
    if train_samples is not None and train_samples > left:
        message = f"only {left:,} rows are left beside the validation and test part"
        raise ConfigError("dataset.train_samples", message, given=train_samples, limit=left)
