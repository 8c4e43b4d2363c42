"""The curves of a run, and single numbers of it: a value of its history, or of a view after reductions."""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from engine.config.models import Config, ExamplesConfig
from engine.config.policy_gradient import PolicyConfig
from engine.datasets import dataset_of
from engine.environments import ENVIRONMENTS
from engine.metrics import METRICS
from engine.tasks.paradigms import problem

REDUCTIONS: dict[str, Callable[[np.ndarray], Any]] = {
    "minimum": np.min,
    "maximum": np.max,
    "sum": np.sum,
    "mean": np.mean,
    "absolute": np.abs,
    "sum_over_outputs": lambda values: values.sum(axis=0),  # of an array (outputs, rows, columns)
}


STATISTICS = ("mean", "std", "p10", "p90")  # of each score of the episodes of a step


def curve_names(config: Config) -> list[str]:
    """The curves that a run of a resolved configuration has: losses and metrics of the parts, or scores.

    A part has curves if it has rows: the test part of a truth table has all of them.
    """
    if not isinstance(config, ExamplesConfig):
        assert isinstance(config, PolicyConfig)
        scores = ENVIRONMENTS[config.environment.name].scores
        return [f"{score}_{statistic}" for score in scores for statistic in STATISTICS]
    section, parts = config.dataset, ["train"]
    if section.validation_fraction > 0:
        parts.append("validation")
    if section.test_fraction > 0 or dataset_of(section).truth_table:
        parts.append("test")
    task = problem(config).task
    metrics = [name for name, metric in METRICS.items() if task in metric.applies_to]
    return [*(f"{part}_loss" for part in parts), *(f"{part}_{name}" for part in parts for name in metrics)]


def curve_value(point: Mapping[str, Any], column: str) -> float | None:
    """The value of a curve at a measured point: a loss, or a metric as `test_accuracy`; None: not measured.

    Raises KeyError if there is no such curve.
    """
    value = point[column] if column in point else point["metrics"][column]
    return None if value is None else float(value)


def first_step(
    points: Sequence[Mapping[str, Any]], column: str, below: float | None, above: float | None
) -> float:
    """The first measured step at which a curve is below `below` or above `above`; infinite: none."""
    for point in points:
        value = curve_value(point, column)
        if value is None:
            continue
        if (below is not None and value < below) or (above is not None and value > above):
            return float(point["step"])
    return inf


def falling_share(points: Sequence[Mapping[str, Any]], column: str) -> float:
    """The share of the measured points, from 0 to 1, at which a curve is below the point before.

    Repeated points of a step count once; NaN if there are fewer than two.
    """
    values = {point["step"]: curve_value(point, column) for point in points}
    measured = np.array([value for value in values.values() if value is not None])
    return float(np.mean(np.diff(measured) < 0)) if measured.size > 1 else float("nan")


def value_at(view: Any, path: str) -> np.ndarray:
    """The value at `path` in the answer of a view: names and indices joined by dots; `*` is every entry.

    Raises KeyError naming the part that does not exist.
    """
    return np.asarray(_at(view, path.split(".")), dtype=np.float64)


def reduced(values: np.ndarray, names: Sequence[str]) -> float:
    """An array after the reductions `names`, one after the other, as a number.

    Raises ValueError if more than one number is left.
    """
    for name in names:
        values = np.asarray(REDUCTIONS[name](values))
    if values.size != 1:
        raise ValueError(f"{values.size} values are left; reduce them to one")
    return float(values.reshape(()))


def _at(value: Any, parts: Sequence[str]) -> Any:
    if not parts:
        return value
    part, others = parts[0], parts[1:]
    if part == "*":
        entries = value.values() if isinstance(value, Mapping) else value
        return [_at(entry, others) for entry in entries]
    try:
        entry = value[part] if isinstance(value, Mapping) else value[int(part)]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise KeyError(f"there is no “{part}”") from error
    return _at(entry, others)
