"""Transaction: what is written at once: operations in order, each run's points as one row, its newest row."""

from collections.abc import Callable
from typing import Any, NamedTuple

from app import encoding, history_columns
from app.storage import statements

Operation = Callable[[Any], object]


class Checkpoint(NamedTuple):
    """One row of the table of checkpoints."""

    run: str
    attempt: int
    step: int
    epoch: int
    size: int
    state: bytes


class Batch:
    """What waits to be written, about `size` bytes; `execute` may be called again after it has failed."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: dict[str, dict[str, Any]] = {}
        self._operations: list[Operation | Checkpoint] = []
        self._points: dict[tuple[str, int], list[dict[str, Any]]] = {}

    def add(self, kind: str, item: Any, size: int) -> None:
        """Add an operation, a checkpoint, points, or the row of a run."""
        self.size += size
        if kind in ("operation", "checkpoint"):
            self._operations.append(item)
        elif kind == "row":
            self._rows[item["id"]] = item
        else:
            # If the row was written later and the server killed in between, the points would be logged again.
            run, attempt, points, row = item
            self._rows[run] = row
            self._points.setdefault((run, attempt), []).append(points)

    def execute(self, connection: Any) -> None:
        """Write points first: what deletes a run or an attempt in this batch came after its points."""
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
        for row in self._rows.values():
            connection.execute(statements.update_run(tuple(row)), row)

    def thin(self) -> int:
        """Drop checkpoints except the first and the newest of each run and attempt, from which they can be
        computed again. Returns the bytes dropped.
        """
        positions: dict[tuple[str, int], list[int]] = {}
        for index, operation in enumerate(self._operations):
            if isinstance(operation, Checkpoint):
                positions.setdefault((operation.run, operation.attempt), []).append(index)
        between = {index for indices in positions.values() for index in indices[1:-1]}
        dropped = 0
        kept = []
        for index, operation in enumerate(self._operations):
            if index in between and isinstance(operation, Checkpoint):
                dropped += operation.size
            else:
                kept.append(operation)
        self._operations = kept
        self.size -= dropped
        return dropped
