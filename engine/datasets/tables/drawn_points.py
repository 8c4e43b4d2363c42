"""Drawn points: the points of a run after edits by hand, as a new table for the same run."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.datasets.dataset import Data
from engine.datasets.tables.table import Header, Table

PARTS = ("train", "validation", "test")
MAX_DRAWN = 5000
MAX_COORDINATE = 1e6  # coordinates and values, in absolute value
OPERATION_FIELDS = {
    "add": {"inputs", "target", "part"},
    "move": {"part", "index", "inputs", "target"},
    "remove": {"part", "index"},
}

PointKey = tuple[str, int]  # part and index
Point = tuple[list[float], Any]  # inputs and target


def apply_drawing(data: Data, operations: Any, generated: bool, truth_table: bool = False) -> Table:
    """Returns the points after `move`, `remove` and `add`, in this order; indices refer to `data`.

    An added point belongs to the training part unless its `part` is set. The rows of a truth table, which
    belong to every part, become the training part. Raises ConfigError for the first invalid operation.
    """
    if len(data.inputs) > 2:
        message = "only points of one or two inputs can be drawn"
        raise ConfigError("inputs", message, given=len(data.inputs), limit=2)
    _refuse_unknown(operations)
    points = _points(data, PARTS[:1] if truth_table else PARTS)
    first_added = len(points)
    _move(points, operations.get("move", []), data)
    _remove(points, operations.get("remove", []))
    added = _added(operations.get("add", []), data, first_added)
    return _table(points | added, data, generated)


def _move(points: dict[PointKey, Point], operations: list[Mapping[str, Any]], data: Data) -> None:
    for number, operation in enumerate(operations):
        field = f"move.{number}"
        key = _point_key(field, operation, points)
        inputs = _inputs(f"{field}.inputs", operation.get("inputs"), data)
        if "target" in operation:
            points[key] = inputs, _target(f"{field}.target", operation["target"], data)
        else:
            points[key] = inputs, points[key][1]


def _remove(points: dict[PointKey, Point], operations: list[Mapping[str, Any]]) -> None:
    keys = {_point_key(f"remove.{number}", operation, points) for number, operation in enumerate(operations)}
    for key in keys:
        del points[key]


def _added(operations: list[Mapping[str, Any]], data: Data, first: int) -> dict[PointKey, Point]:
    points = {}
    for number, operation in enumerate(operations):
        field = f"add.{number}"
        part = _part(f"{field}.part", operation.get("part", "train"))
        inputs = _inputs(f"{field}.inputs", operation.get("inputs"), data)
        points[part, first + number] = inputs, _target(f"{field}.target", operation.get("target"), data)
    return points


def _points(data: Data, parts: tuple[str, ...]) -> dict[PointKey, Point]:
    points: dict[PointKey, Point] = {}
    for part in parts:
        rows = getattr(data, part)
        for index, row in enumerate(zip(rows.raw.tolist(), rows.truth.tolist(), strict=True)):
            points[part, index] = row
    return points


def _table(points: dict[PointKey, Point], data: Data, generated: bool) -> Table:
    sizes = [sum(key[0] == part for key in points) for part in PARTS]
    if sizes[0] == 0:
        raise ConfigError("remove", "at least one training point must remain", given=0, limit=1)
    if len(points) > MAX_DRAWN:
        message = f"at most {MAX_DRAWN:,} points can be drawn or changed by hand"
        raise ConfigError("add", message, given=len(points), limit=MAX_DRAWN)
    ordered = [points[key] for part in PARTS for key in points if key[0] == part]
    X = np.array([inputs for inputs, _ in ordered], np.float64)
    y = np.array([target for _, target in ordered], np.float64 if data.task == "regression" else np.int64)
    classes = tuple(data.classes) if data.classes is not None else None
    targets = classes if data.task == "multilabel" and classes else ("target",)
    header = Header(
        data.task, tuple(data.inputs), targets, classes, len(X), (), generated, (sizes[0], sizes[1], sizes[2])
    )
    return Table(header, X, y)


def _refuse_unknown(operations: Any) -> None:
    if not isinstance(operations, Mapping):
        raise ConfigError("", "must be an object", given=operations, limit=list(OPERATION_FIELDS))
    for name, entries in operations.items():
        if name not in OPERATION_FIELDS:
            raise ConfigError(
                str(name), "there is no such operation", given=entries, limit=list(OPERATION_FIELDS)
            )
        if not isinstance(entries, list):
            raise ConfigError(name, "must be a list", given=entries, limit="list")
        for number, operation in enumerate(entries):
            if not isinstance(operation, Mapping):
                raise ConfigError(
                    f"{name}.{number}",
                    "must be an object",
                    given=operation,
                    limit=sorted(OPERATION_FIELDS[name]),
                )
            unknown = next((field for field in operation if field not in OPERATION_FIELDS[name]), None)
            if unknown is not None:
                raise ConfigError(
                    f"{name}.{number}.{unknown}", "there is no such field", given=operation[unknown]
                )


def _part(field: str, part: Any) -> str:
    if part not in PARTS:
        raise ConfigError(field, f"must be one of {', '.join(PARTS)}", given=part, limit=list(PARTS))
    return str(part)


def _point_key(field: str, operation: Mapping[str, Any], points: Mapping[PointKey, Any]) -> PointKey:
    part, index = _part(f"{field}.part", operation.get("part")), operation.get("index")
    if isinstance(index, bool) or not isinstance(index, int) or (part, index) not in points:
        count = sum(key[0] == part for key in points)
        raise ConfigError(
            f"{field}.index", f"must be the index of one of the {count} points", given=index, limit=count
        )
    return part, index


def _inputs(field: str, inputs: Any, data: Data) -> list[float]:
    if not isinstance(inputs, list) or len(inputs) != len(data.inputs) or not all(map(_is_number, inputs)):
        message = f"must be {len(data.inputs)} numbers, at most {MAX_COORDINATE:g} in absolute value"
        raise ConfigError(field, message, given=inputs, limit=MAX_COORDINATE)
    return [float(value) for value in inputs]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_COORDINATE


def _target(field: str, target: Any, data: Data) -> Any:
    if data.task == "regression":
        if not _is_number(target):
            raise ConfigError(field, "must be a number", given=target, limit=MAX_COORDINATE)
        return float(target)
    names = list(data.classes or [])
    if data.task == "multilabel":
        if (
            not isinstance(target, list)
            or len(target) != len(names)
            or any(label not in (0, 1) for label in target)
        ):
            raise ConfigError(field, f"must be {len(names)} labels of 0 or 1", given=target, limit=names)
        return [int(label) for label in target]
    if target in names:
        return names.index(target)
    if isinstance(target, bool) or not isinstance(target, int) or not 0 <= target < len(names):
        raise ConfigError(field, "must be the index or the name of a class", given=target, limit=names)
    return target


def with_content(config: Any, content: str) -> dict[str, Any]:
    """Returns the request for the same run on another table, with all of its training rows."""
    raw: dict[str, Any] = config.model_dump()
    raw["dataset"] |= {"content": content} | dict.fromkeys(("samples", "noise", "classes", "train_samples"))
    return raw
