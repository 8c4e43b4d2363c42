"""Trivial answer: what the score would be if the inputs were not looked at at all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config.task_names import NUMBERS
from engine.datasets.dataset import Data, Part
from engine.metrics import measure


@dataclass(frozen=True)
class TrivialAnswer:
    """`rule` is `majority` or `mean`; `answer` the class, labels or number it always gives; None for rows."""

    rule: str
    answer: str | list[str] | float | None
    value: float | None


def trivial_answer(data: Data, part: Part, metric: str) -> TrivialAnswer:
    """Returns the constant answer learned from the training part, and its `metric` on a part.

    Regression: the mean of each target, with R² = 0 on the training part itself. Classes: the most frequent
    class. Multilabel: the most frequent combination of labels. Of equally frequent ones it is the first.
    """
    truth = data.train.truth
    if data.task in NUMBERS:
        mean = truth.mean(axis=0, dtype=np.float64)
        answer = float(mean) if truth.ndim == 1 else None
        return TrivialAnswer("mean", answer, _value(data, part, np.asarray(mean), metric))
    values, counts = np.unique(truth, axis=0, return_counts=True)
    most = values[counts.argmax()]
    names = data.classes or []
    labels = [name for name, label in zip(names, np.atleast_1d(most), strict=False) if label == 1]
    named: str | list[str] = labels if data.task == "multilabel" else names[int(most)]
    return TrivialAnswer("majority", named, _value(data, part, most, metric))


def _value(data: Data, part: Part, answer: NDArray, metric: str) -> float | None:
    """Returns the metric of one answer for all rows; None if the part has none."""
    predicted = np.broadcast_to(answer, part.truth.shape)
    value = measure(data.task, part.truth, predicted, data.classes, data.positive).get(metric)
    return value if value is not None and np.isfinite(value) else None
