"""Server checkpoints: what the store knows of the checkpoints of all runs together, without their states."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from app import encoding
from app.storage import experiment_statements, statements
from app.storage.attempts import CheckpointEntry
from app.storage.transaction import Operation


class EarlierAttempt(NamedTuple):
    """An attempt before the current one of its run, and the bytes of its checkpoints."""

    run: str
    attempt: int
    bytes: int


class CurrentAttempt(NamedTuple):
    """The current attempt of a run; `best` is step and loss of its best point, None if that is not stored."""

    run: str
    attempt: int
    step: int
    best: tuple[int, float] | None
    checkpoints: dict[int, CheckpointEntry]
    bookmarks: list[int]  # their steps
    experiment: str | None  # whose member the run is


class ServerCheckpoints:
    """The part of the store about all runs; `put` and `read` are functions of the store.

    `named` selects the runs with a name (True) or those without (False), and `experiment`, if it is not None,
    the members of this experiment.
    """

    def __init__(
        self,
        put: Callable[[Operation], None],
        read: Callable[[Callable[[sqlite3.Connection], Any]], Awaitable[Any]],
    ) -> None:
        self._put = put
        self._read = read

    async def total_bytes(self) -> tuple[int, int]:
        """Returns the bytes of all recorded checkpoints and drawn points, and of the beginnings of forks."""
        rows = await self._rows(statements.SUM_BYTES, ())
        recorded, beginnings = rows[0]
        return recorded, beginnings

    async def experiment_bytes(self) -> dict[str, int]:
        """Returns what checkpoints, drawn points and beginnings of the members of each experiment take."""
        return dict(await self._rows(experiment_statements.SUM_BYTES_OF_EXPERIMENTS, ()))

    async def earlier_attempts(self, named: bool, experiment: str | None) -> list[EarlierAttempt]:
        """Returns the attempts that ended by a reset, the oldest first."""
        rows = await self._rows(statements.SELECT_EARLIER_ATTEMPTS, _scope(named, experiment))
        return [EarlierAttempt(*row) for row in rows]

    async def current_attempts(self, named: bool, experiment: str | None) -> list[CurrentAttempt]:
        """Returns the current attempts, with their recorded checkpoints by step, and bookmarks."""

        scope = _scope(named, experiment)

        def read(connection: sqlite3.Connection) -> list[CurrentAttempt]:
            rows = connection.execute(statements.SELECT_CURRENT_ATTEMPTS, scope)
            attempts = {
                run: CurrentAttempt(run, attempt, step, _pair(best), {}, [], member_of)
                for run, attempt, step, best, member_of in rows
            }
            rows = connection.execute(statements.SELECT_CURRENT_CHECKPOINTS, scope)
            for run, number, step, *others in rows:
                if run in attempts and attempts[run].attempt == number:  # it may just have been reset
                    attempts[run].checkpoints[step] = CheckpointEntry(step, *others)
            for run, step in connection.execute(statements.SELECT_CURRENT_BOOKMARKS, scope):
                if run in attempts:
                    attempts[run].bookmarks.append(step)
            return [attempt for attempt in attempts.values() if attempt.checkpoints]

        selected: list[CurrentAttempt] = await self._read(read)
        return selected

    def set_missing_best(self, run: str, best: tuple[int, float]) -> None:
        """Record the best point of a run that an earlier version stored without it."""
        values = (encoding.encode(best).decode(), run)
        self._put(lambda connection: connection.execute(statements.SET_MISSING_BEST, values))

    async def _rows(self, statement: str, values: Any) -> list[Any]:
        rows: list[Any] = await self._read(
            lambda connection: connection.execute(statement, values).fetchall()
        )
        return rows


def _scope(named: bool, experiment: str | None) -> dict[str, Any]:
    return {"named": named, "experiment": experiment}


def _pair(text: str | None) -> tuple[int, float] | None:
    if not text:
        return None
    step, loss = encoding.decode(text)
    return None if loss is None else (step, loss)
