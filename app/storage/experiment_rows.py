"""Experiment rows: the experiments in the store, and the rows of the runs that are their members."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from app.storage import experiment_statements as statements
from app.storage.transaction import Operation


class ExperimentRow(NamedTuple):
    """One row of the table of experiments; `config`, `vary` and `halving` as JSON."""

    id: str
    created: float
    name: str
    config: str
    vary: str
    sample: str
    seq: int
    halving: str | None


class ExperimentRows:
    """The rows of experiments; `put` and `read` are functions of the store."""

    def __init__(
        self, put: Callable[[Operation], None], read: Callable[[Callable[[Any], Any]], Awaitable[Any]]
    ) -> None:
        self._put = put
        self._read = read

    def create(self, row: ExperimentRow) -> None:
        """Insert an experiment."""
        self._execute(statements.INSERT_EXPERIMENT, tuple(row))

    def update_halving(self, experiment: str, halving: str | None) -> None:
        """Replace the rule of halving and its rounds."""
        self._execute(statements.UPDATE_HALVING, (halving, experiment))

    def delete(self, experiment: str) -> None:
        """Delete an experiment; its members are not changed."""
        self._execute(statements.DELETE_EXPERIMENT, (experiment,))

    def reserve_seq(self, experiment: str, seq: int) -> None:
        """Record that frames after a restart must have seqs above `seq`."""
        self._execute(statements.RESERVE_EXPERIMENT_SEQ, (seq, experiment))

    async def all(self) -> list[ExperimentRow]:
        """Returns all experiments, the oldest first."""
        return [ExperimentRow(*row) for row in await self._select(statements.SELECT_EXPERIMENTS)]

    async def members(self, experiment: str) -> list[dict[str, Any]]:
        """Returns the rows of the members of an experiment, in order."""
        return [dict(row) for row in await self._select(statements.SELECT_MEMBERS, (experiment,))]

    def release_members(self, experiment: str) -> None:
        """Make the members of an experiment runs that belong to none."""
        self._execute(statements.RELEASE_MEMBERS, (experiment,))

    async def member_bytes(self, experiment: str) -> dict[str, int]:
        """Returns what the recorded checkpoints and drawn points of each member take."""
        rows = await self._select(statements.SELECT_MEMBER_BYTES, (experiment,))
        return {row["id"]: row["bytes"] for row in rows}

    async def counts(self) -> dict[str, dict[str, int]]:
        """Returns the number of members with each status, by experiment."""
        counts: dict[str, dict[str, int]] = {}
        for row in await self._select(statements.COUNT_MEMBERS):
            counts.setdefault(row["experiment"], {})[row["status"]] = row["count"]
        return counts

    async def best(self) -> dict[str, dict[str, Any]]:
        """Returns run, step and loss of the best measured point of all members, by experiment."""
        rows = await self._select(statements.SELECT_BEST_MEMBERS)
        return {row["experiment"]: {name: row[name] for name in ("run", "step", "score")} for row in rows}

    def _execute(self, statement: str, values: tuple[Any, ...]) -> None:
        self._put(lambda connection: connection.execute(statement, values))

    async def _select(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        return await self._read(lambda connection: connection.execute(statement, values).fetchall())
