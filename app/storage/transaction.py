"""Batch: what one transaction writes: operations in order, each run's points as one row, its newest state."""

from collections.abc import Callable
from typing import Any, NamedTuple

from app import encoding, history_columns
from app.storage import statements

Operation = Callable[[Any], object]


class Checkpoint(NamedTuple):
    """One row of the checkpoints."""

    run: str
    attempt: int
    step: int
    epoch: int
    size: int
    state: bytes


class Batch:
    """What waits to be written, of about `size` bytes; `execute` may be tried again after it has failed."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: dict[str, dict[str, Any]] = {}
        self._operations: list[Operation | Checkpoint] = []
        self._points: dict[tuple[str, int], list[dict[str, Any]]] = {}

    def add(self, kind: str, item: Any, size: int) -> None:
        """Add an operation, a checkpoint, points, or the state of a run."""
        self.size += size
        if kind in ("operation", "checkpoint"):
            self._operations.append(item)
        elif kind == "row":
            self._rows[item["id"]] = item
        else:
            # Were the row written later and the server killed between, its successor would log them again.
            run, attempt, points, row = item
            self._rows[run] = row
            self._points.setdefault((run, attempt), []).append(points)

    def execute(self, connection: Any) -> None:
        """Points first: whatever deletes a run or an attempt in this batch came after its points."""
        for (run, attempt), parts in self._points.items():
            whole = history_columns.joined(parts)
            steps = whole["step"]
            if steps:
                values = (run, attempt, steps[0], steps[-1], encoding.encode(whole).decode())
                connection.execute(statements.INSERT_POINTS, values)
        for operation in self._operations:
            if isinstance(operation, Checkpoint):
                connection.execute(statements.INSERT_CHECKPOINT, operation)
            else:
                operation(connection)
        connection.executemany(statements.UPDATE_RUN, self._rows.values())

    def thin(self) -> int:
        """Drop checkpoints but the first and newest of each run and attempt: they can be computed again from
        those. Returns the bytes dropped.
        """
        places: dict[tuple[str, int], list[int]] = {}
        for place, each in enumerate(self._operations):
            if isinstance(each, Checkpoint):
                places.setdefault((each.run, each.attempt), []).append(place)
        between = {place for found in places.values() for place in found[1:-1]}
        dropped = sum(each.size for place, each in enumerate(self._operations)
                      if place in between and isinstance(each, Checkpoint))  # fmt: skip
        self._operations = [each for place, each in enumerate(self._operations) if place not in between]
        self.size -= dropped
        return dropped
