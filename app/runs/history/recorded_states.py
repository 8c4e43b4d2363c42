"""Recorded states: the checkpoint and the events from which any step of any attempt can be computed."""

from collections.abc import Sequence
from typing import Any, cast

from app import history_columns
from app.errors import Invalid, NotFound
from app.runs.run import Run
from app.storage.store import Store
from app.streaming.streamed_run import StreamedRun
from app.workers.recorded import EventInLog, PastStep, RecordedState, Replay


class RecordedStates:
    """Reads attempts, events and states of runs; `budget` is that of a run, in bytes."""

    def __init__(self, store: Store, budget: int) -> None:
        self._store = store
        self._budget = budget

    async def attempts(self, run: Run) -> dict[str, Any]:
        """Returns how far each attempt came, its best measured point, and the bytes of its checkpoints."""
        return {"attempts": [await self._describe(run, row) for row in await self._rows(run)]}

    async def events(self, run: Run, attempt: int | None, after: int) -> dict[str, Any]:
        """Returns the events of an attempt, of those with a seq above `after`. Raises NotFound."""
        row = await self.attempt(run, attempt)
        events = await self._store.attempts.events(run.id, row["attempt"], after)
        return {"attempt": row["attempt"], "events": events}

    async def checkpoints(self, run: Run, attempt: int | None) -> dict[str, Any]:
        """Returns the recorded steps of an attempt; the first can always be computed. Raises NotFound."""
        row = await self.attempt(run, attempt)
        entries = await self._store.attempts.checkpoints(run.id, row["attempt"])
        steps = [entry.step for entry in entries]
        answer = {
            "attempt": row["attempt"],
            "steps": steps,
            "epochs": [entry.epoch for entry in entries],
            "kinds": [entry.kind for entry in entries],
            "update_norms": [entry.update_norm for entry in entries],
            "bytes": sum(entry.size for entry in entries),
            "beginning_bytes": run.beginning_bytes,
            "drawn_bytes": run.drawn_bytes,
            "budget": self._budget,
        }
        if run.parent is None and steps[:1] != [0]:
            first = {"steps": 0, "epochs": 0, "kinds": "recorded", "update_norms": None}
            for name, value in first.items():
                answer[name].insert(0, value)
        return answer

    async def attempt(self, run: StreamedRun, attempt: int | None) -> dict[str, Any]:
        """Returns the row of an attempt (None: the current one), with its newest step. Raises NotFound."""
        # Before anything is awaited: the attempt that a reset begins meanwhile may not be among the rows.
        number = run.position.attempt if attempt is None else attempt
        rows = await self._rows(run)
        for row in rows:
            if row["attempt"] == number:
                return row
        numbers = [row["attempt"] for row in rows]
        message = "There is no such attempt, or it was deleted to keep the run within its budget."
        raise NotFound("no_such_attempt", message, field="attempt", given=attempt, limit=numbers)

    async def find(self, run: Run, attempt: int | None, step: int) -> PastStep:
        """Returns attempt (None: the current one) and step, if they exist. Raises NotFound or Invalid."""
        row = {"attempt": run.attempt, "step": run.step}
        if attempt is not None and attempt != run.attempt:
            row = await self.attempt(run, attempt)
        refuse_step(run, row, step)
        return PastStep(row["attempt"], step)

    async def state(self, run: StreamedRun, attempt: int | None, step: int) -> RecordedState:
        """Returns what the state of a step is computed from. Raises NotFound or Invalid.

        The checkpoint is the newest one up to the step. It includes the events up to its own step, because a
        checkpoint is recorded with every event.
        """
        row = await self.attempt(run, attempt)
        refuse_step(run, row, step)
        # The events first: a checkpoint recorded meanwhile may include more of them, but none is missing.
        events = await self._store.attempts.events(run.id, row["attempt"])
        found = await self._store.attempts.checkpoint_before(run.id, row["attempt"], step)
        first, checkpoint = found if found is not None else (-1, None)
        before = [EventInLog(each["seq"], each["step"], each["event"]) for each in events]
        up_to_step = tuple(event for event in before if event.step <= step)
        replay = Replay(run.id, row["attempt"], first, step, up_to_step)
        return RecordedState(row["config"], checkpoint, replay)

    async def _rows(self, run: StreamedRun) -> list[dict[str, Any]]:
        """The attempts in the store; the current one, or one that ends meanwhile, at its newest position."""
        before = run.position
        await self._store.settle()
        rows = await self._store.attempts.all(run.id)
        newest = {each.attempt: {"step": each.step, "epoch": each.epoch} for each in (before, run.position)}
        return [row | newest.get(row["attempt"], {}) for row in rows]

    async def _describe(self, run: Run, row: dict[str, Any]) -> dict[str, Any]:
        best = run.best if row["attempt"] == run.attempt else await self._best(run, row)
        described = {name: row[name] for name in ("attempt", "step", "epoch", "created", "versions", "bytes")}
        return described | {"best": None if best is None else {"step": best[0], "score": best[1]}}

    async def _best(self, run: Run, row: dict[str, Any]) -> Sequence[Any] | None:
        """Step and loss of the best point of an earlier attempt; an earlier version did not store them."""
        if "best" in row:
            return cast(Sequence[Any] | None, row["best"])
        best = history_columns.best(await self._store.history(run.id, row["attempt"], None, None))
        self._store.attempts.set_best(run.id, row["attempt"], best)
        return best


def refuse_step(run: StreamedRun, row: dict[str, Any], step: int) -> None:
    """Raises Invalid, naming the range, for a step that the attempt with this row does not have."""
    limit = [run.first_step, run.newest_step(row["attempt"], row["step"])]
    if not limit[0] <= step <= limit[1]:
        message = f"must be from {limit[0]} to {limit[1]}, the steps of that attempt"
        raise Invalid("invalid", message, field="step", given=step, limit=limit)
