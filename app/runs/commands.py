"""Commands: the use cases that change runs. Each waits for its turn in the run's queue, and returns once it
is in effect and stored.
"""

from typing import Any

from app.datasets import Datasets
from app.errors import Damaged, Invalid, NotFound, Unavailable
from app.run_states import INTERRUPTING, Command, following
from app.runs.automatic_pause import check_diagnoses
from app.runs.command_answers import answer_after, answer_with_event, refuse_failed
from app.runs.command_queue import Turn
from app.runs.drawn_points import DrawnPoints
from app.runs.history.recording import Recorder
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.runs.scheduler import Scheduler
from app.streaming.view_scheduler import ViewScheduler
from engine.tasks.resolve import parse


class RunCommands:
    """Creates, starts, changes and deletes runs.

    Methods that change a run return the REST answer: the run as it was when the change took effect.
    """

    def __init__(
        self,
        run_cache: RunCache,
        datasets: Datasets,
        scheduler: Scheduler,
        view_scheduler: ViewScheduler,
        recorder: Recorder,
    ) -> None:
        self._store = run_cache.store
        self._run_cache = run_cache
        self._datasets = datasets
        self._scheduler = scheduler
        self._pool = scheduler.pool
        self._view_scheduler = view_scheduler
        self._recorder = recorder
        self._drawn_points = DrawnPoints(datasets, scheduler.pool, recorder)

    async def create(
        self,
        configuration: dict[str, Any],
        start: bool,
        replaces: str | None,
        speed: float | None,
        inherit_speed: bool,
    ) -> Run:
        """Creates a run and starts it if `start`; `inherit_speed`: with the speed of the run it replaces.

        `speed` is in steps per second, None for no limit. Raises ConfigError.
        """
        self._store.check()
        parse(configuration, self._datasets)
        replaced = await self._find_replaced(replaces)
        # Parsed again, as imported data may have been deleted during the await; there is none until `use`.
        config = parse(configuration, self._datasets)
        speed = replaced.speed if replaced and inherit_speed else speed
        run = Run.create(config, self._store, speed)
        self._recorder.begin_attempt(run)
        try:
            await self._store.flush()
        except Unavailable:
            self._recorder.delete(run)  # else it would exist once the store can be written again
            raise
        self._run_cache.keep(run)
        if replaced is not None and not await self._run_cache.is_kept(replaced):
            await self._replace(replaced, run)
        self._scheduler.begin(run, None, start)
        run.report("created")
        return run

    async def command(
        self, run: Run, command: Command, arguments: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Starts, pauses, steps, stops or resets a run. Raises Conflict."""
        if command in ("start", "step", "reset"):
            self._store.check()
        async with run.queue.turn(interrupts=command in INTERRUPTING) as turn:
            self._refuse_deleted(run)
            await self._execute(run, command, arguments or {}, turn)
            answer = run.answer()
        await self._flush()
        return answer

    async def change(self, run: Run, configuration: dict[str, Any], **settings: Any) -> dict[str, Any]:
        """Changes part of the configuration, `speed` (steps per second, None for no limit) and `pause_when`.

        The worker decides about the configuration. If it raises Invalid, Conflict or ConfigError,
        nothing has changed. `seq` of the answer is that of the event of this change.
        """
        self._store.check()
        arguments = {name: value for name, value in settings.items() if name == "speed"}
        async with run.queue.turn():
            self._refuse_deleted(run)
            diagnoses = None
            if "pause_when" in settings:
                diagnoses = check_diagnoses(settings["pause_when"], run.config)
            transition = None
            if configuration or arguments:
                transition = await self._scheduler.execute(
                    run, "change", arguments | {"changes": configuration}
                )
            if diagnoses is not None and not run.deleted:
                run.pause_when = diagnoses
                self._scheduler.publish(run)
            answer = answer_after(run, transition)
        await self._flush()
        return answer

    async def edit_weights(self, run: Run, operations: dict[str, Any]) -> dict[str, Any]:
        """Sets and freezes weights, disables, duplicates or removes units.

        Returns the answer with the recorded `event`. After Conflict or ConfigError nothing has changed.
        """
        self._store.check()
        async with run.queue.turn():
            self._refuse_deleted(run)
            refuse_failed(run, "edit its weights")
            transition = await self._scheduler.execute(run, "operate", {"operations": operations})
            answer = answer_with_event(run, transition)
        await self._flush()
        return answer

    async def change_points(self, run: Run, operations: dict[str, Any]) -> dict[str, Any]:
        """Adds, moves and removes points, or restores earlier ones.

        Returns the answer with the recorded `event`. After Conflict, Invalid or ConfigError nothing has
        changed.
        """
        self._store.check()
        async with run.queue.turn():
            self._refuse_deleted(run)
            refuse_failed(run, "change its points")
            if run.config.paradigm != "supervised":
                message, paradigm = "only points of supervised runs can be drawn", run.config.paradigm
                raise Invalid("invalid", message, field="paradigm", given=paradigm, limit="supervised")
            event = await self._drawn_points.event(run, operations)
            arguments = {"content": event["content"], "event": event}
            answer = answer_with_event(run, await self._scheduler.execute(run, "redraw", arguments))
        await self._flush()
        return answer

    async def delete(self, run: Run, unless_kept: bool = False) -> None:
        """Deletes a run with its history and checkpoints, also while it trains; ends its pending commands.

        `unless_kept`: does nothing if it trains, has a name, a bookmark or a fork, or steps and a viewer.
        """
        is_used = run.status in ("running", "queued") or (
            run.step and self._view_scheduler.is_watched(run.id)
        )
        if unless_kept and (is_used or await self._run_cache.is_kept(run)):
            return
        self._refuse_deleted(run)
        self._store.check()
        self._unload(run)
        async with run.queue.turn(interrupts=True):
            await self._remove(run)
        run.report("deleted")
        self._scheduler.start_queued()

    async def delete_by_id(self, run_id: str, unless_kept: bool = False) -> None:
        """Like `delete`; deletes a damaged run as well. Raises NotFound."""
        try:
            await self.delete(await self._run_cache.get(run_id), unless_kept)
        except Damaged:
            self._store.check()
            self._recorder.delete_damaged(run_id)
            await self._store.flush()

    # ---- implementation

    async def _execute(self, run: Run, command: Command, arguments: dict[str, Any], turn: Turn) -> None:
        target = following(run.status, command, run.raised)
        if command == "step":
            return await self._scheduler.execute_step(run, arguments, turn)
        if command == "start" and run.status != target:
            return await self._scheduler.start(run)
        if run.status == "queued" and command != "start":
            self._scheduler.dequeue(run)
            run.status = "paused"
            if command in ("pause", "stop") and not self._pool.has(run.id):
                run.status = target
                return self._scheduler.publish(run)  # without loading it
        elif run.status == target and target != "paused":
            return None
        if command == "reset" and run.parent is not None:
            arguments = {"beginning": await self._store.attempts.beginning(run.id)}
        try:
            await self._scheduler.execute(run, command, arguments)
        finally:
            self._scheduler.end_reservation(run)

    async def _find_replaced(self, run_id: str | None) -> Run | None:
        try:
            return await self._run_cache.get(run_id) if run_id is not None else None
        except NotFound:
            return None

    async def _replace(self, run: Run, successor: Run) -> None:
        """Deletes a run once the commands that arrived before are in effect; later ones are refused with the
        id of `successor`.
        """
        async with run.queue.turn(interrupts=True):
            if run.deleted:
                return
            self._run_cache.record_replacement(run, successor)
            self._unload(run)
            await self._remove(run)
        self._scheduler.start_queued()

    def _unload(self, run: Run) -> None:
        run.deleted = True
        self._pool.runs.unload(run.id)
        self._scheduler.dequeue(run)
        self._view_scheduler.end(run)

    async def _remove(self, run: Run) -> None:
        self._pool.runs.unload(run.id)  # a command before this one may have loaded it again
        self._run_cache.remove(run)
        self._recorder.delete(run)
        await self._store.flush()

    def _refuse_deleted(self, run: Run) -> None:
        if run.deleted:
            raise self._run_cache.not_found(run.id)

    async def _flush(self) -> None:
        """Waits until the effect of the command is on disk; returns at once while nothing can be written."""
        await self._store.settle()
