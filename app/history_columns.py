"""History columns: recorded points as one list per quantity, the form of frames, store and answers."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

SECONDS = "seconds"  # an optional column: the training time since the point before; see `training_times`
NAMES = ("step", "epoch", "train_loss", "validation_loss", "test_loss", "penalty")


def empty() -> dict[str, Any]:
    """Returns columns without points."""
    return {name: [] for name in NAMES} | {"metrics": {}}


def from_points(points: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Returns the columns of a list of points; a metric that a point lacks is null there."""
    metrics = {name: None for point in points for name in point["metrics"]}
    columns: dict[str, Any] = {name: [point[name] for point in points] for name in NAMES}
    columns["metrics"] = {name: [point["metrics"].get(name) for point in points] for name in metrics}
    return columns


def concatenate(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Returns the points of all parts in order; a metric or the time that a part lacks is null there."""
    result = empty()
    seconds: list[float | None] = []
    for part in parts:
        seconds.extend(part.get(SECONDS) or [None] * len(part["step"]))
        length, before = len(part["step"]), len(result["step"])
        for name in NAMES:
            result[name].extend(part[name])
        for name, values in part["metrics"].items():
            result["metrics"].setdefault(name, [None] * before).extend(values)
        for values in result["metrics"].values():
            values.extend([None] * (before + length - len(values)))
    if any(value is not None for value in seconds):
        result[SECONDS] = seconds
    return result


def select_steps(columns: dict[str, Any], after: int | None, until: int | None) -> dict[str, Any]:
    """Returns the points with after < step <= until; None means no limit."""
    indices = [
        i
        for i, step in enumerate(columns["step"])
        if (after is None or step > after) and (until is None or step <= until)
    ]
    if len(indices) == len(columns["step"]):
        return columns
    selected: dict[str, Any] = {name: [columns[name][i] for i in indices] for name in NAMES}
    selected["metrics"] = {name: [values[i] for i in indices] for name, values in columns["metrics"].items()}
    if SECONDS in columns:
        selected[SECONDS] = [columns[SECONDS][i] for i in indices]
    return selected


def training_times(columns: dict[str, Any]) -> list[float] | None:
    """Returns the seconds that the steps up to each point took; None if any of them is not known.

    Points that were recorded by an earlier version have no times. The first point is at 0.
    """
    seconds = columns.get(SECONDS)
    if not seconds or any(value is None for value in seconds[1:]):
        return None
    return list(accumulate([0.0, *seconds[1:]]))


def best(columns: dict[str, Any]) -> tuple[int, float] | None:
    """Returns step and loss of the point with the lowest test loss, or training loss if none was tested."""
    tested = any(loss is not None for loss in columns["test_loss"])
    losses = columns["test_loss" if tested else "train_loss"]
    points = [(loss, step) for step, loss in zip(columns["step"], losses, strict=True) if loss is not None]
    loss, step = min(points, default=(None, None))
    return None if step is None or loss is None else (step, loss)


def thin(columns: dict[str, Any], max_points: int) -> dict[str, Any]:
    """Returns at most `max_points` points: drops every second one, never the newest, while there are more."""
    while len(columns["step"]) > max_points:
        keep = slice((len(columns["step"]) - 1) % 2, None, 2)
        thinned: dict[str, Any] = {name: columns[name][keep] for name in NAMES}
        thinned["metrics"] = {name: values[keep] for name, values in columns["metrics"].items()}
        columns = thinned
    return columns


def to_points(columns: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the points as a list of dictionaries."""
    rows = zip(*(columns[name] for name in NAMES), strict=True)
    points = [dict(zip(NAMES, row, strict=True)) for row in rows]
    for index, point in enumerate(points):
        point["metrics"] = {name: values[index] for name, values in columns["metrics"].items()}
    return points


def last_point(columns: dict[str, Any]) -> dict[str, Any]:
    """Returns the last point."""
    point = {name: columns[name][-1] for name in NAMES}
    return point | {"metrics": {name: values[-1] for name, values in columns["metrics"].items()}}


def to_csv(columns: dict[str, Any]) -> str:
    """Returns CSV: one row per point, one column per quantity; empty where not measured."""
    metrics = columns["metrics"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*NAMES, *metrics])
    writer.writerows(zip(*(columns[name] for name in NAMES), *metrics.values(), strict=True))
    return text.getvalue()
