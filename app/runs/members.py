"""Members: what happens to all runs of an experiment together: they are created, commanded and deleted."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, NamedTuple

from app.datasets import Datasets
from app.errors import Conflict, Damaged, NotFound
from app.run_states import Command, Status
from app.runs.commands import RunCommands
from app.runs.history.recording import Recorder
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.runs.run_record import RunRecord
from app.runs.scheduler import Scheduler
from engine.tasks.resolve import parse
from engine.training.reason import Reason

AT_ONCE = 16  # runs that are created, and commands that are given, before others have their turn
LEFT_OUT = (Conflict, NotFound, Damaged)  # errors of one run that do not concern the others
# The states in which a command changes a run.
CHANGED_BY: dict[Command, tuple[Status, ...]] = {
    "start": ("paused", "stopped", "finished"),
    "pause": ("queued", "running"),
    "stop": ("queued", "running", "paused"),
}


class NewMember(NamedTuple):
    """The requested configuration of a member, and what its record says of the experiment."""

    config: dict[str, Any]
    experiment: dict[str, Any]


class Members:
    """Changes the members of experiments, which are ordinary runs."""

    def __init__(
        self,
        run_cache: RunCache,
        datasets: Datasets,
        scheduler: Scheduler,
        recorder: Recorder,
        commands: RunCommands,
    ) -> None:
        self._store = run_cache.store
        self._run_cache = run_cache
        self._datasets = datasets
        self._scheduler = scheduler
        self._recorder = recorder
        self._commands = commands

    async def create(self, members: Sequence[NewMember], start: bool) -> None:
        """Creates all members, stores them, and starts them if `start`.

        If one of them cannot be created or stored, none is.
        """
        runs: list[Run] = []
        try:
            for member in members:
                runs.append(self._create(member))
                if len(runs) % AT_ONCE == 0:
                    await asyncio.sleep(0)
            await self._store.flush()
        except BaseException:
            for run in runs:
                self._discard(run)
            raise
        for number, run in enumerate(runs, start=1):
            self._begin(run, start)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    async def read(self, experiment: str) -> list[RunRecord]:
        """Returns the members of an experiment as they are now, in order."""
        in_memory = self._run_cache.in_memory()
        await self._store.settle()
        rows = await self._store.experiments.members(experiment)
        return [run for run in self._run_cache.newest(rows, in_memory) if run.experiment is not None]

    async def command(self, experiment: str, command: Command, only: Collection[str] | None = None) -> None:
        """Starts, pauses or stops the members that can be, or those of the ids `only`.

        Returns once it is in effect.
        """
        if command == "start":
            self._store.check()
        records = [run for run in await self.read(experiment) if run.status in CHANGED_BY[command]]
        records = [run for run in records if only is None or run.id in only]
        # Queued ones first: a place that a running one leaves must not start them.
        for is_queued in (True, False):
            chosen = [run.id for run in records if (run.status == "queued") == is_queued]
            await _for_all(chosen, lambda run_id: self._command(run_id, command))

    async def start_until(self, run_ids: Collection[str], step: int | None) -> None:
        """Starts members, which pause by themselves at a step (None: at none)."""

        async def start(run_id: str) -> None:
            run = await self._run_cache.get(run_id)
            if run.experiment is not None:
                run.experiment = run.experiment | {"until": step}
            await self._commands.command(run, "start")

        await _for_all(list(run_ids), start)

    async def set_until(self, run_ids: Collection[str], step: int | None) -> None:
        """Records at which step paused members pause by themselves once they are started (None: at none)."""

        async def record(run_id: str) -> None:
            run = await self._run_cache.get(run_id)
            async with run.queue.turn():
                if run.experiment is not None and not run.deleted:
                    run.experiment = run.experiment | {"until": step}
                    self._scheduler.publish(run)

        await _for_all(list(run_ids), record)

    async def keep_paused(self, run_ids: Collection[str], why: Reason) -> None:
        """Gives paused members another reason of their pause."""

        async def explain(run_id: str) -> None:
            run = await self._run_cache.get(run_id)
            async with run.queue.turn():
                if run.status == "paused" and not run.deleted:
                    await self._scheduler.execute(run, "pause", {"reason": why})

        await _for_all(list(run_ids), explain)

    async def delete(self, experiment: str) -> None:
        """Deletes the members with their histories and checkpoints."""
        self._store.check()
        records = await self.read(experiment)
        for run in records:
            if isinstance(run, Run):
                self._scheduler.dequeue(run)
        await _for_all([run.id for run in records if isinstance(run, Run)], self._commands.delete_by_id)
        rest = [run.id for run in records if not isinstance(run, Run)]
        async with self._run_cache.loading:  # so that none is read meanwhile
            sizes = await self._store.experiments.member_bytes(experiment)
            for run_id in rest:
                if run_id in sizes and self._run_cache.find(run_id) is None:
                    self._recorder.delete_stored(run_id, experiment, sizes[run_id])
        loaded = [run_id for run_id in rest if self._run_cache.find(run_id) is not None]
        await _for_all(loaded, self._commands.delete_by_id)

    async def release(self, experiment: str) -> None:
        """Makes the members runs that belong to no experiment."""
        self._store.check()
        async with self._run_cache.loading:
            self._store.experiments.release_members(experiment)
            for run in self._run_cache.in_memory().values():
                if run.experiment is not None and run.experiment["id"] == experiment:
                    run.experiment = None
            await self._store.flush()

    # ---- implementation

    def _create(self, member: NewMember) -> Run:
        config = parse(member.config, self._datasets)
        run = Run.create(config, self._store, None, experiment=member.experiment)
        self._run_cache.pinned.add(run.id)
        self._recorder.begin_attempt(run)
        self._run_cache.keep(run)
        return run

    def _begin(self, run: Run, start: bool) -> None:
        """Starts or queues a new member; one that is not started is loaded when it is needed."""
        if not run.deleted:
            if start:
                self._scheduler.begin(run, None, True)
            else:
                self._scheduler.publish(run)
        self._run_cache.pinned.discard(run.id)

    def _discard(self, run: Run) -> None:
        run.deleted = True
        self._run_cache.pinned.discard(run.id)
        self._run_cache.remove(run)
        self._recorder.delete(run)

    async def _command(self, run_id: str, command: Command) -> None:
        await self._commands.command(await self._run_cache.get(run_id), command)


async def _for_all(run_ids: Sequence[str], act: Callable[[str], Awaitable[object]]) -> None:
    """Acts on the runs, some at a time; deleted or damaged runs, and those in another state, are left out."""
    for start in range(0, len(run_ids), AT_ONCE):
        acts = [act(run_id) for run_id in run_ids[start : start + AT_ONCE]]
        for result in await asyncio.gather(*acts, return_exceptions=True):
            if isinstance(result, BaseException) and not isinstance(result, LEFT_OUT):
                raise result
