"""Drawing: the points of a run changed by hand, as a new table; the run goes on with it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.datasets.dataset import Data
from engine.datasets.tables.table import Header, Table

PARTS = ("train", "validation", "test")
MAX_DRAWN = 5000
MAX_COORDINATE = 1e6  # coordinates and values, either side of 0
KINDS = {
    "add": {"inputs", "target", "part"},
    "move": {"part", "index", "inputs", "target"},
    "remove": {"part", "index"},
}

Place = tuple[str, int]


def redrawn(data: Data, operations: Any, generated: bool, truth_table: bool = False) -> Table:
    """The points after `move`, `remove` and `add`, in this order; indices are those of before.

    Every point has its part: what is added is trained on unless it says otherwise. A truth table, whose rows
    belong to every part, becomes a training part alone. Raises ConfigError, and then nothing has changed.
    """
    if len(data.inputs) > 2:
        message = "only points of one or two inputs can be drawn"
        raise ConfigError("inputs", message, given=len(data.inputs), limit=2)
    _refuse_unknown(operations)
    points: dict[Place, tuple[list[float], Any]] = {}
    for part in PARTS[:1] if truth_table else PARTS:
        rows = getattr(data, part)
        for index, row in enumerate(zip(rows.raw.tolist(), rows.truth.tolist(), strict=True)):
            points[part, index] = row
    for at, each in enumerate(operations.get("move", [])):
        place = _place(f"move.{at}", each, points)
        inputs = _inputs(f"move.{at}.inputs", each.get("inputs"), data)
        target = _target(f"move.{at}.target", each["target"], data) if "target" in each else points[place][1]
        points[place] = inputs, target
    gone = {_place(f"remove.{at}", each, points) for at, each in enumerate(operations.get("remove", []))}
    kept = {place: point for place, point in points.items() if place not in gone}
    fresh = len(points)
    for at, each in enumerate(operations.get("add", [])):
        part = _part(f"add.{at}.part", each.get("part", "train"))
        point = (
            _inputs(f"add.{at}.inputs", each.get("inputs"), data),
            _target(f"add.{at}.target", each.get("target"), data),
        )
        kept[part, fresh + at] = point
    return _table(kept, data, generated)


def _table(points: dict[Place, tuple[list[float], Any]], data: Data, generated: bool) -> Table:
    sizes = [sum(part == each for part, _ in points) for each in PARTS]
    if sizes[0] == 0:
        raise ConfigError("remove", "at least one training point must stay", given=0, limit=1)
    if len(points) > MAX_DRAWN:
        message = f"at most {MAX_DRAWN:,} points can be drawn or changed by hand"
        raise ConfigError("add", message, given=len(points), limit=MAX_DRAWN)
    ordered = [points[place] for part in PARTS for place in points if place[0] == part]
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
        raise ConfigError("", "must be an object", given=operations, limit=list(KINDS))
    for kind, entries in operations.items():
        if kind not in KINDS:
            raise ConfigError(str(kind), "there is no such operation", given=entries, limit=list(KINDS))
        if not isinstance(entries, list):
            raise ConfigError(kind, "must be a list", given=entries, limit="list")
        for at, each in enumerate(entries):
            if not isinstance(each, Mapping):
                raise ConfigError(f"{kind}.{at}", "must be an object", given=each, limit=sorted(KINDS[kind]))
            unknown = next((name for name in each if name not in KINDS[kind]), None)
            if unknown is not None:
                raise ConfigError(f"{kind}.{at}.{unknown}", "there is no such field", given=each[unknown])


def _part(field: str, part: Any) -> str:
    if part not in PARTS:
        raise ConfigError(field, f"must be one of {', '.join(PARTS)}", given=part, limit=list(PARTS))
    return str(part)


def _place(field: str, each: Mapping[str, Any], points: Mapping[Place, Any]) -> Place:
    part, index = _part(f"{field}.part", each.get("part")), each.get("index")
    if isinstance(index, bool) or not isinstance(index, int) or (part, index) not in points:
        count = sum(place[0] == part for place in points)
        raise ConfigError(
            f"{field}.index", f"must be the index of one of the {count} points", given=index, limit=count
        )
    return part, index


def _inputs(field: str, inputs: Any, data: Data) -> list[float]:
    if not isinstance(inputs, list) or len(inputs) != len(data.inputs) or not all(map(_is_number, inputs)):
        message = f"must be {len(data.inputs)} numbers, at most {MAX_COORDINATE:g} either side of 0"
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
    """The request for the same run on other points."""
    raw: dict[str, Any] = config.model_dump()
    raw["dataset"] |= {"content": content, "samples": None, "noise": None, "classes": None}
    return raw
