"""Scores of learning curves: errors on one test part after training on different numbers of examples."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer as create_trainer

MEMBERS = 8  # of one number of examples: seeds of weights and of the drawn examples, from 0


def mean_error(config: Any, samples: int) -> float:
    """Returns the mean test error (1 - accuracy) of members that differ in weights and drawn examples."""
    return float(np.mean([_error(config, samples, seed) for seed in range(MEMBERS)]))


def _error(config: Any, samples: int, seed: int) -> float:
    raw = config.model_dump() | {"seed": seed}
    raw["dataset"] |= {"train_samples": samples, "train_seed": seed}
    resolved = parse(raw)
    training = create_trainer(resolved, load_data(resolved))
    while training.advance(1000).ended is None:
        pass
    return 1 - float(training.measure()["metrics"]["test_accuracy"])


def error_ratio(smaller: int, larger: int) -> Callable[[Any], float]:
    """Returns the score err(smaller) / err(larger)."""
    return lambda training: mean_error(training.config, smaller) / mean_error(training.config, larger)


def fall_per_doubling(larger: int) -> Callable[[Any], float]:
    """Returns the score (err(larger / 2) - err(larger)) / err(larger)."""

    def score_of(training: Any) -> float:
        error = mean_error(training.config, larger)
        return (mean_error(training.config, larger // 2) - error) / error

    return score_of
