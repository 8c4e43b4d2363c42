"""Attempts: what the store keeps of each attempt of a run: configuration, events and checkpoints."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from zlib import crc32

from app import encoding
from app.storage import statements, stored_states
from app.storage.transaction import Batch, Checkpoint, Event, Operation, Recovery


class CheckpointEntry(NamedTuple):
    """A recorded checkpoint without its state; `kind` is `recorded`, `event` (with an event) or `damaged`.

    `update_norm`: how much the parameters changed since the recorded step before, per step; None: unknown.
    """

    step: int
    epoch: int
    size: int
    kind: str
    update_norm: float | None = None


class Attempts:
    """The part of the store about attempts; it writes and reads by the functions of the store."""

    def __init__(
        self,
        put: Callable[[Operation], None],
        put_event: Callable[[Event], None],
        put_checkpoint: Callable[[Checkpoint], None],
        put_recovery: Callable[[Recovery], None],
        read: Callable[[Callable[[sqlite3.Connection], Any]], Awaitable[Any]],
        unwritten: Callable[[], Batch],
    ) -> None:
        self._put = put
        self._put_event = put_event
        self._put_checkpoint = put_checkpoint
        self._put_recovery = put_recovery
        self._read = read
        self._unwritten = unwritten

    # ---- writing

    def begin(self, run: str, attempt: int, created: float, config: dict[str, Any], versions: Any) -> None:
        """Record the configuration with which an attempt begins, and the versions of the programs."""
        values = (run, attempt, created, _text(config), _text(versions))
        self._put(lambda connection: connection.execute(statements.INSERT_ATTEMPT, values))

    def end(self, run: str, attempt: int, step: int, epoch: int, best: tuple[int, float] | None) -> None:
        """Record how far an attempt came, and step and loss of its best measured point."""
        values = (step, epoch, _text(best), run, attempt)
        self._put(lambda connection: connection.execute(statements.END_ATTEMPT, values))

    def set_best(self, run: str, attempt: int, best: tuple[int, float] | None) -> None:
        """Record the best measured point of an attempt that an earlier version stored without it."""
        values = (_text(best), run, attempt)
        self._put(lambda connection: connection.execute(statements.SET_ATTEMPT_BEST, values))

    def delete(self, run: str, attempt: int) -> None:
        """Delete an attempt with its points, events and checkpoints."""
        self._put(
            lambda connection: [
                connection.execute(statement, (run, attempt)) for statement in statements.DELETE_ATTEMPT
            ]
        )

    def add_event(self, run: str, seq: int, position: tuple[int, int, int], event: dict[str, Any]) -> None:
        """Record a change at a position (attempt, step, epoch): before the next step it took effect."""
        attempt, step, epoch = position
        self._put_event(Event(run, seq, attempt, step, epoch, _text(event)))

    def add_checkpoint(
        self,
        run: str,
        position: tuple[int, int, int],
        kind: str,
        state: bytes,
        update_norm: float | None = None,
    ) -> None:
        """Record a checkpoint; it replaces one of the same step."""
        self._put_checkpoint(Checkpoint(run, *position, len(state), kind, update_norm, state))

    def set_recovery(self, run: str, position: tuple[int, int, int], state: bytes) -> None:
        """Replace the checkpoint from which the run continues if its worker or the server ends."""
        self._put_recovery((run, *position, state))

    def set_beginning(self, run: str, state: bytes) -> None:
        """Record the state with which a fork begins; it is kept as long as the run."""
        values = (run, state, crc32(state))
        self._put(lambda connection: connection.execute(statements.PUT_BEGINNING, values))

    def delete_checkpoints(self, run: str, attempt: int, steps: list[int]) -> None:
        """Delete checkpoints."""
        rows = [(run, attempt, step) for step in steps]
        self._put(lambda connection: connection.executemany(statements.DELETE_CHECKPOINTS, rows))

    # ---- reading

    async def all(self, run: str) -> list[dict[str, Any]]:
        """Returns attempt, step, epoch, config, versions, bytes and best of the attempts of a run, in order.

        `best` is step and loss, null where nothing was measured; an attempt that goes on, or that ended in
        an earlier version, lacks it.
        """
        attempts: list[dict[str, Any]] = await self._read(
            lambda connection: [
                _described(dict(row)) for row in connection.execute(statements.SELECT_ATTEMPTS, (run,))
            ]
        )
        return attempts

    async def events(self, run: str, attempt: int, after: int = -1) -> list[dict[str, Any]]:
        """Returns seq, step, epoch and event of the changes with a seq above `after`, in order."""

        def read(connection: sqlite3.Connection) -> list[dict[str, Any]]:
            # Unwritten ones first: those that are written meanwhile are then in both.
            unwritten = {event.seq: event for event in self._unwritten().events(run, attempt)}
            rows = [dict(row) for row in connection.execute(statements.SELECT_EVENTS, (run, attempt, after))]
            seqs = {row["seq"] for row in rows}
            rows += [event.row() for seq, event in unwritten.items() if seq > after and seq not in seqs]
            return [row | {"event": encoding.decode(row["event"])} for row in rows]

        events: list[dict[str, Any]] = await self._read(read)
        return events

    async def checkpoints(self, run: str, attempt: int) -> list[CheckpointEntry]:
        """Returns the recorded checkpoints, in order."""
        rows = await self._rows(statements.SELECT_CHECKPOINTS, (run, attempt))
        return [CheckpointEntry(*row) for row in rows]

    async def beginning(self, run: str) -> bytes | None:
        """Returns the state with which a fork begins; None if the run is none. Raises Damaged."""
        state: bytes | None = await self._read(lambda connection: stored_states.beginning(connection, run))
        return state

    async def beginning_bytes(self, run: str) -> int:
        """Returns the size of the state with which a fork begins; 0 if the run is none."""
        rows = await self._rows(statements.SELECT_BEGINNING_BYTES, (run,))
        size: int = rows[0][0]
        return size

    async def newest_checkpoint(self, run: str, attempt: int) -> bytes | None:
        """Returns the newest checkpoint, recorded or for recovery. Raises Damaged."""
        state: bytes | None = await self._read(
            lambda connection: stored_states.newest(connection, run, attempt)
        )
        return state

    async def checkpoint_before(self, run: str, attempt: int, step: int) -> tuple[int, bytes] | None:
        """Returns step and state of the newest intact checkpoint of this step or an earlier one.

        Checkpoints that are found to be damaged have the kind `damaged` from then on.
        """
        found, damaged = await self._read(
            lambda connection: stored_states.newest_before(connection, run, attempt, step)
        )
        if damaged:
            rows = [(run, attempt, number) for number in damaged]
            self._put(lambda connection: connection.executemany(statements.MARK_DAMAGED, rows))
        before: tuple[int, bytes] | None = found
        return before

    async def states(self, run: str, attempt: int, steps: list[int]) -> tuple[bytes, ...]:
        """Returns the recorded checkpoints among these steps, in order; damaged ones are left out."""
        states: tuple[bytes, ...] = await self._read(
            lambda connection: stored_states.of_steps(connection, run, attempt, steps)
        )
        return states

    async def _rows(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        rows: list[Any] = await self._read(
            lambda connection: connection.execute(statement, values).fetchall()
        )
        return rows


def _described(row: dict[str, Any]) -> dict[str, Any]:
    decoded = {name: encoding.decode(row[name]) for name in ("config", "versions", "best") if row[name]}
    if row["best"] is None:
        del row["best"]
    return row | decoded


def _text(value: Any) -> str:
    return encoding.encode(value).decode()
