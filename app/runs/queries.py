"""Queries: the use cases that read runs."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from app import encoding, history_columns
from app.errors import ApiError
from app.runs.history.recorded_states import RecordedStates
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.streaming.recorded_history import HistoryLoader, history_needs
from app.streaming.subscriptions import RequestedStep
from app.workers.messages import Snapshot
from app.workers.pool import Pool
from app.workers.recorded import PastStep, RecordedState
from app.workers.worker_handle import WorkerLost
from engine.config.models import SAFE_INTEGER

MAX_COMPARED = 512  # steps that are trained again to find out how rounding differs


class RunQueries:
    """Reads runs, their histories, checkpoints, weights, views and points; changes nothing."""

    def __init__(
        self, run_cache: RunCache, pool: Pool, history_loader: HistoryLoader, recorded: RecordedStates
    ) -> None:
        self._run_cache = run_cache
        self._store = run_cache.store
        self._pool = pool
        self._history_loader = history_loader
        self.recorded = recorded

    async def get(self, run_id: str) -> Run:
        """Returns the run of this id. Raises NotFound."""
        return await self._run_cache.get(run_id)

    async def newest(
        self, limit: int, before: str | None, family: str | None, status: str | None, experiment: str = "all"
    ) -> list[dict[str, Any]]:
        """Returns the newest runs among those older than `before`, of the family of the run `family`.

        `experiment` is `all`, `none` (only runs that are no members), or the id of one: only its members.
        Raises NotFound if one of these two runs does not exist.
        """
        in_memory = self._run_cache.in_memory()
        await self._store.settle()
        for field, run in (("before", before), ("family", family)):
            if run is not None and await self._store.run(run) is None:
                raise self._run_cache.not_found(run, field=field)
        rows = await self._store.runs(limit, before, family, status, experiment)
        answers = [record.answer() for record in self._run_cache.newest(rows, in_memory)]
        # While nothing can be stored, the store has the status from before.
        return [answer for answer in answers if status in (None, answer["status"])]

    async def history(
        self, run: Run, after: int | None, attempt: int | None = None, timed: bool = False
    ) -> dict[str, Any]:
        """Returns the points of an attempt; of the current one those that the frames up to `seq` contain.

        `timed`: with the training times, where they were recorded. Raises NotFound.
        """
        seq, number = run.log.last, run.attempt
        until = run.logged_step if run.logged_attempt == number else -1
        if attempt is not None and attempt != number:
            number, until = (await self.recorded.attempt(run, attempt))["attempt"], SAFE_INTEGER
        await self._store.settle()
        history = await self._store.history(run.id, number, after, until)
        if not timed:
            history.pop(history_columns.SECONDS, None)  # they differ between reruns
        return {"run": run.id, "attempt": number, "seq": seq} | history

    async def compute(
        self,
        run: Run,
        query: str,
        step: int | None,
        arguments: dict[str, Any],
        attempt: int | None = None,
    ) -> bytes:
        """Returns a view, weights, points or predictions as JSON, now (`step` None) or at any step.

        Of an earlier attempt, its last step stands for now. Raises NotFound or Invalid.
        """
        needs = history_needs(arguments["view"]) if query == "view" else set()
        state = await self.state(run, attempt, step)
        until = state.replay.step if state.replay is not None else None
        history = await self._history_loader.load(run, needs, until, attempt) if needs else None
        return await self._pool.query(
            query, state.config, state.checkpoint, arguments, history, state.replay, run.id
        )

    async def state(self, run: Run, attempt: int | None, step: int | None) -> RecordedState:
        """Returns what the state of a step is computed from, now if `step` is None.

        Of an earlier attempt, its last step stands for now. Raises NotFound or Invalid.
        """
        if attempt is not None and attempt != run.attempt and step is None:
            step = (await self.recorded.attempt(run, attempt))["step"]
        if step is None:
            return RecordedState(run.config_dict, await self._newest_checkpoint(run), None)
        return await self.recorded.state(run, attempt, step)

    async def ends(self, run_ids: Sequence[str], arguments: dict[str, Any]) -> bytes:
        """Returns a report about the newest weights of several runs as JSON. Raises NotFound or Invalid."""
        runs = [await self.get(run) for run in run_ids]
        found = await asyncio.gather(*(self.state(run, None, None) for run in runs))
        states = [(state.config, state.checkpoint) for state in found]
        return await self._pool.query("ends", states[0][0], None, arguments | {"states": states})

    async def find_step(
        self, run: Run, requested: RequestedStep | None, fields: Mapping[str, str]
    ) -> PastStep | None:
        """Returns the step that a viewer asks for; None: the newest.

        Raises NotFound or Invalid if it does not exist, with the fields that `fields` calls step and attempt.
        """
        if requested is None:
            return None
        try:
            return await self.recorded.find(run, requested.attempt, requested.step)
        except ApiError as error:
            error.field = fields.get(error.field or "", error.field)
            raise

    async def rounding(self, run: Run) -> dict[str, Any] | None:
        """Returns how recorded steps of a member of a batch differ from a single training of the same steps.

        Of two recorded steps in succession, at most MAX_COMPARED apart and without an event between them, the
        two that are farthest apart are compared; None if there are none.
        """
        store, attempt = self._store.attempts, run.attempt
        await self._store.settle()
        events = [event["step"] for event in await store.events(run.id, attempt)]
        steps = [entry.step for entry in await store.checkpoints(run.id, attempt)]
        pairs = [(begin, end) for begin, end in pairwise(steps) if end - begin <= MAX_COMPARED]
        for begin, end in sorted(pairs, key=lambda pair: (pair[1] - pair[0], pair), reverse=True):
            if any(begin <= step <= end for step in events):
                continue
            first = await store.checkpoint_before(run.id, attempt, begin)
            last = await store.checkpoint_before(run.id, attempt, end)
            if first is None or last is None or (first[0], last[0]) != (begin, end):
                continue
            arguments = {"last": last[1]}
            text = await self._pool.query("rounding", run.config_dict, first[1], arguments, run=run.id)
            return {"run": run.id, "steps": [begin, end]} | encoding.decode(text)
        return None

    async def points(self, config: dict[str, Any], typed: bool, numbers: int | None = None) -> bytes:
        """Returns the points of a configuration as JSON; `numbers`: the maximum of input values per part."""
        return await self._pool.query("points", config, None, {"typed": typed, "numbers": numbers})

    async def _newest_checkpoint(self, run: Run) -> bytes | None:
        if self._pool.has(run.id):
            with contextlib.suppress(WorkerLost):
                snapshot = await self._pool.execute(run.id, "snapshot", {})
                assert isinstance(snapshot, Snapshot)
                return snapshot.checkpoint
        return await self._run_cache.checkpoint(run)
