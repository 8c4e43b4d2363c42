"""Transaction: a batch of operations, points and rows of runs that is written in one transaction."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple
from zlib import crc32

from app import encoding, history_columns
from app.storage import statements
from app.storage.run_rows import update_run

Operation = Callable[[Any], object]


class Checkpoint(NamedTuple):
    """One row of the table of checkpoints."""

    run: str
    attempt: int
    step: int
    epoch: int
    size: int
    kind: str
    update_norm: float | None
    state: bytes


class Event(NamedTuple):
    """One row of the table of events; `event` as JSON."""

    run: str
    seq: int
    attempt: int
    step: int
    epoch: int
    event: str

    def row(self) -> dict[str, Any]:
        """Returns the row as it is read."""
        return {"seq": self.seq, "step": self.step, "epoch": self.epoch, "event": self.event}


class Part(NamedTuple):
    """A part of a batch. If one of a run's parts that are joint is faulty, none of them is written."""

    title: str
    run: str | None
    write: Operation
    is_joint: bool = False


# Run, attempt, step, epoch and state of a checkpoint for recovery.
Recovery = tuple[str, int, int, int, bytes]


class Batch:
    """Unwritten data of about `size` bytes: operations in order, points and the newest row of each run.

    `execute` may be called again after it has failed.
    """

    def __init__(self) -> None:
        self.size = 0
        self._rows: dict[str, dict[str, Any]] = {}
        self._recoveries: dict[str, Recovery] = {}
        self._operations: list[Operation | Checkpoint | Event] = []
        self._points: dict[tuple[str, int], list[dict[str, Any]]] = {}

    def add(self, kind: str, item: Any, size: int) -> None:
        """Add an operation, a checkpoint, points, a checkpoint for recovery, or the row of a run."""
        self.size += size
        if kind in ("operation", "checkpoint", "event"):
            self._operations.append(item)
        elif kind == "row":
            self._rows[item["id"]] = item
        elif kind == "recovery":
            self._recoveries[item[0]] = item
        else:
            # In one transaction: after a crash between the two, the points would be written a second time.
            run, attempt, points, row = item
            self._rows[run] = row
            self._points.setdefault((run, attempt), []).append(points)

    def execute(self, connection: Any) -> None:
        """Write everything."""
        for part in self.parts():
            part.write(connection)

    def parts(self) -> Iterator[Part]:
        """Yields what is written, in order.

        Points come first: an operation that deletes a run or an attempt follows what it deletes.
        """
        for recovery in self._recoveries.values():
            write = _statement(statements.PUT_RECOVERY, (*recovery, crc32(recovery[-1])))
            yield Part("a checkpoint for recovery", recovery[0], write)
        for (run, attempt), parts in self._points.items():
            yield Part("measured points", run, partial(_write_points, run, attempt, parts), True)
        for operation in self._operations:
            if isinstance(operation, Checkpoint):
                values = (*operation, crc32(operation.state))
                write = _statement(statements.INSERT_CHECKPOINT, values)
                yield Part(f"the checkpoint of step {operation.step}", operation.run, write)
            elif isinstance(operation, Event):
                write = _statement(statements.INSERT_EVENT, operation)
                yield Part(f"the event of step {operation.step}", operation.run, write)
            else:
                yield Part("a change", None, operation)
        for row in self._rows.values():
            write = _statement(update_run(tuple(row)), row)
            yield Part("the state of the run", row["id"], write, True)

    def points(self, run: str, attempt: int) -> list[dict[str, Any]]:
        """Returns the unwritten points of an attempt; may be called in any thread."""
        return list(self._points.get((run, attempt), ()))

    def events(self, run: str, attempt: int) -> list[Event]:
        """Returns the unwritten events of an attempt; may be called in any thread."""
        events = [operation for operation in list(self._operations) if isinstance(operation, Event)]
        return [event for event in events if (event.run, event.attempt) == (run, attempt)]

    def drop_checkpoints(self) -> int:
        """Drop all checkpoints but the first and the newest of each attempt, and return the dropped bytes.

        The dropped checkpoints can be computed again from the first one.
        """
        positions: dict[tuple[str, int], list[int]] = {}
        for index, operation in enumerate(self._operations):
            if isinstance(operation, Checkpoint):
                positions.setdefault((operation.run, operation.attempt), []).append(index)
        intermediate = {index for indices in positions.values() for index in indices[1:-1]}
        dropped = 0
        kept = []
        for index, operation in enumerate(self._operations):
            if index in intermediate and isinstance(operation, Checkpoint):
                dropped += operation.size
            else:
                kept.append(operation)
        self._operations = kept
        self.size -= dropped
        return dropped


def _statement(statement: str, values: Any) -> Operation:
    return lambda connection: connection.execute(statement, values)


def _write_points(run: str, attempt: int, parts: list[dict[str, Any]], connection: Any) -> None:
    columns = history_columns.concatenate(parts)
    steps = columns["step"]
    if steps:
        values = (run, attempt, steps[0], steps[-1], encoding.encode(columns).decode())
        connection.execute(statements.INSERT_POINTS, values)
