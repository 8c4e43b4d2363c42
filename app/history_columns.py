"""History columns: the points of a history as one list per quantity, as in frames, store and answers."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

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


def joined(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Returns columns one after the other; a metric that a part lacks is null there."""
    whole = empty()
    for part in parts:
        length, before = len(part["step"]), len(whole["step"])
        for name in NAMES:
            whole[name].extend(part[name])
        for name, values in part["metrics"].items():
            whole["metrics"].setdefault(name, [None] * before).extend(values)
        for values in whole["metrics"].values():
            values.extend([None] * (before + length - len(values)))
    return whole


def between(columns: dict[str, Any], after: int | None, until: int | None) -> dict[str, Any]:
    """Returns the points with after < step <= until; None leaves that side open."""
    keep = [
        i
        for i, step in enumerate(columns["step"])
        if (after is None or step > after) and (until is None or step <= until)
    ]
    if len(keep) == len(columns["step"]):
        return columns
    chosen: dict[str, Any] = {name: [columns[name][i] for i in keep] for name in NAMES}
    chosen["metrics"] = {name: [values[i] for i in keep] for name, values in columns["metrics"].items()}
    return chosen


def thinned(columns: dict[str, Any], max_points: int) -> dict[str, Any]:
    """Returns at most `max_points` points: while there are more, every second one is dropped; the newest
    stays.
    """
    while len(columns["step"]) > max_points:
        keep = slice((len(columns["step"]) - 1) % 2, None, 2)
        thin: dict[str, Any] = {name: columns[name][keep] for name in NAMES}
        thin["metrics"] = {name: values[keep] for name, values in columns["metrics"].items()}
        columns = thin
    return columns


def to_points(columns: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the points as a list, as they were measured."""
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
