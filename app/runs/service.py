"""Runs: the use cases. What can be asked of runs, and what can be done with them."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Any

from app import encoding
from app.datasets import Datasets
from app.errors import Conflict, Invalid, NotFound, Unavailable, refuse_others
from app.run_states import EDITABLE, Command, following
from app.runs.automatic_pause import check_diagnoses
from app.runs.run import SEQ_BLOCK, Run, shown_speed
from app.runs.run_cache import Registry, no_such_run
from app.runs.scheduler import Placing
from app.runs.worker_events import Reports
from app.storage.store import Store
from app.streaming.recorded_history import Pasts
from app.streaming.view_scheduler import Watching, past_needs
from app.workers.messages import Snapshot, Transition
from app.workers.pool import Pool
from app.workers.worker_handle import WorkerLost
from engine.datasets.tables.drawn_points import with_content
from engine.tasks.live_changes import change
from engine.tasks.resolve import parse


class Runs:
    """All runs of a server."""

    def __init__(self, store: Store, workers: int, datasets: Datasets) -> None:
        self._store = store
        self._datasets = datasets
        self._pool = Pool(workers, datasets.folder)
        self._registry = Registry(store, self._needed, datasets)
        self._pasts = Pasts(store)
        self.watching = Watching(self._pool, self._registry.checkpoint, self._pasts)
        self._placing = Placing(self._pool, self._registry, self.watching)

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator["Runs"]:
        """Their life: at the beginning those that were running go on, at the end they are saved."""
        async with self._pool.started(Reports(self._registry, self.watching, self._placing)):
            self._placing.background(self._placing.resume())
            try:
                yield self
            finally:
                self._placing.cancel()
        self._registry.release()
        await self._store.flush()

    # ---- asking

    async def get(self, run_id: str) -> Run:
        """The run of this id; raises NotFound."""
        return await self._registry.get(run_id)

    async def newest(self, limit: int, before: str | None) -> list[dict[str, Any]]:
        """What there is to say of the newest runs, of those older than `before`; raises NotFound."""
        await self._store.flush()
        if before is not None and await self._store.run(before) is None:
            raise no_such_run(before, field="before")
        rows = await self._store.runs(limit, before)
        return [run.answer() if (run := self._registry.find(row["id"])) else _brief(row) for row in rows]

    async def history(self, run: Run, after: int | None) -> dict[str, Any]:
        """All points of the present attempt, up to the frame `seq`."""
        seq, attempt = run.log.last, run.moment.attempt
        until = run.logged[1] if run.logged[0] == attempt else -1
        await self._store.flush()
        history = await self._store.history(run.id, attempt, after, until)
        return {"run": run.id, "attempt": attempt, "seq": seq} | history

    async def checkpoints(self, run: Run) -> dict[str, Any]:
        """The recorded steps of the present attempt; step 0 can always be had."""
        attempt = run.moment.attempt
        await self._store.flush()
        places = [(step, epoch) for step, epoch, _ in await self._store.checkpoints(run.id, attempt)]
        if not places or places[0][0] != 0:
            places.insert(0, (0, 0))
        return {
            "attempt": attempt,
            "steps": [step for step, _ in places],
            "epochs": [epoch for _, epoch in places],
        }

    async def ask(self, run: Run, what: str, step: int | None, arguments: dict[str, Any]) -> bytes:
        """A question about a run's weights, now or at a recorded step, answered with JSON."""
        checkpoint = await self._checkpoint(run, step)
        needs = past_needs(arguments["view"]) if what == "view" else set()
        past = await self._pasts.of(run, needs, step) if needs else None
        return await self._pool.ask(what, run.config_dict, checkpoint, arguments, past)

    async def points(self, config: dict[str, Any], typed: bool, numbers: int | None = None) -> bytes:
        """The points that a configuration describes, as JSON: all, or of each part the first `numbers`."""
        return await self._pool.ask("points", config, None, {"typed": typed, "numbers": numbers})

    def children(self) -> list[dict[str, Any]]:
        """The child processes, for whoever watches over the server."""
        return self._pool.children() + self._datasets.children()

    # ---- doing

    async def create(
        self, configuration: dict[str, Any], start: bool, replaces: str | None, speed: float | None,
        inherit_speed: bool,
    ) -> Run:  # fmt: skip
        """Creates a run and starts it if `start`; `inherit_speed`: with the speed of the run it replaces.

        `speed` is in steps per second, None for no limit. Raises ConfigError.
        """
        self._store.check()
        parse(configuration, self._datasets)
        replaced = await self._replaced(replaces)
        # Once more, for from here to the note of its use nothing may take own data away.
        config = parse(configuration, self._datasets)
        run = Run(secrets.token_hex(6), config, "paused", self._store, SEQ_BLOCK, 0)
        run.speed = replaced.speed if replaced and inherit_speed else speed
        self._store.create_run(run.first_row())
        self._datasets.use(run.id, run.config_dict.get("dataset", {}).get("content"))
        await self._store.flush()
        self._registry.keep(run)
        if replaced is not None and not replaced.kept:
            with contextlib.suppress(NotFound):
                await self.delete(replaced)
        if start and self._placing.make_room(run):
            run.status = "running"
        if run.status != "queued":
            self._placing.place(run, None)
            self._placing.settle(run)
        self._tell(run)
        return run

    async def command(self, run: Run, command: Command, arguments: dict[str, Any] | None = None) -> None:
        """Start, pause, step, stop or reset; returns once it is in effect. Raises Conflict."""
        if command in ("start", "step", "reset"):
            self._store.check()
        async with run.lock:
            target = following(run.status, command, run.raised)
            if command == "start" and run.status != target:
                if not self._placing.make_room(run):
                    self._tell(run)
                    return
            elif run.status == "queued" and command != "start":
                self._placing.dequeue(run)
                run.status = "paused"
            elif run.status == target and command != "step" and target != "paused":
                return
            work = self._placing.order(run, command, arguments or {})
            if command != "step":
                try:
                    await work
                finally:
                    self._placing.settle(run)
                await self._written()
                return
        # Steps take their time, and may be interrupted by the next command.
        await work
        await self._written()

    async def change(self, run: Run, configuration: dict[str, Any], **settings: Any) -> None:
        """Changes part of the configuration, `speed` (steps per second, None for no limit) and `pause_when`.

        Raises Invalid, Conflict or ConfigError, and then nothing has changed.
        """
        self._store.check()
        arguments = {name: value for name, value in settings.items() if name == "speed"}
        armed = check_diagnoses(settings["pause_when"], run.config) if "pause_when" in settings else None
        async with run.lock:
            if configuration:
                change(run.config, configuration)
            if configuration or arguments:
                await self._placing.order(run, "change", arguments | {"changes": configuration})
            if armed is not None and not run.deleted:
                run.pause_when = armed
                self._tell(run)
            await self._written()

    async def operate(self, run: Run, operations: dict[str, Any]) -> dict[str, Any]:
        """Edit weights, freeze single ones, switch units off, duplicate or remove them; the event that tells.

        Raises Conflict or ConfigError, and then nothing has changed.
        """
        self._store.check()
        async with run.lock:
            if run.status == "failed":
                message = "This run has failed; reset it to edit its weights."
                raise Conflict("wrong_state", message, field="status", given=run.status, limit=list(EDITABLE))
            done = await self._placing.order(run, "operate", {"operations": operations})
            await self._written()
            assert isinstance(done, Transition) and done.event is not None
            return done.event

    async def redraw(self, run: Run, raw: dict[str, Any]) -> dict[str, Any]:
        """Draw, move and erase points, or return to points of before, while it trains; the event that tells.

        Raises Conflict, Invalid or ConfigError, and then nothing has changed.
        """
        self._store.check()
        async with run.lock:
            if run.status == "failed":
                message = "This run has failed; reset it to change its points."
                raise Conflict("wrong_state", message, field="status", given=run.status, limit=list(EDITABLE))
            if run.config.paradigm != "supervised":
                message = "only points of supervised runs can be drawn"
                given = run.config.paradigm
                raise Invalid("invalid", message, field="paradigm", given=given, limit="supervised")
            told = await self._drawn(run, raw)
            parse(with_content(run.config, told["content"]), self._datasets)
            self._datasets.use(run.id, told["content"])
            done = await self._placing.order(run, "redraw", {"content": told["content"], "told": told})
            await self._written()
            assert isinstance(done, Transition) and done.event is not None
            return done.event

    async def _drawn(self, run: Run, raw: dict[str, Any]) -> dict[str, Any]:
        """Content of the new points, of those of before, and how many there are."""
        if "content" in raw:
            refuse_others(raw, "content")
            return self._datasets.same_problem(run.config, raw["content"])
        answer: dict[str, Any] = encoding.decode(
            await self._pool.ask("redraw", run.config_dict, None, {"operations": raw})
        )
        self._datasets.use(run.id, answer["previous"])
        return answer

    async def delete(self, run: Run) -> None:
        """Remove the run and everything that belongs to it, also while it trains."""
        if run.deleted:
            raise no_such_run(run.id)
        run.deleted = True
        self._pool.unload(run.id)
        self._placing.dequeue(run)
        self.watching.gone(run)
        async with run.lock:
            self._pool.unload(run.id)
            self._registry.remove(run)
            self._store.delete_run(run.id)
            await self._store.flush()
        self._placing.start_waiting()

    # ---- inside

    def _tell(self, run: Run) -> None:
        self._store.update_run(run.row())
        run.log_status()
        self.watching.logged(run)

    async def _written(self) -> None:
        """Answer once what was done would outlast the server; while nothing can be written, all the same."""
        with contextlib.suppress(Unavailable):
            await self._store.flush()

    def _needed(self, run: Run) -> bool:
        return self._pool.has(run.id) or self.watching.watched(run.id) or self._placing.waits(run.id)

    async def _replaced(self, run_id: str | None) -> Run | None:
        """The run to be replaced; one that is gone already needs no replacing."""
        try:
            return await self.get(run_id) if run_id is not None else None
        except NotFound:
            return None

    async def _checkpoint(self, run: Run, step: int | None) -> bytes | None:
        if step is None and self._pool.has(run.id):
            with contextlib.suppress(WorkerLost):
                snapshot = await self._pool.order(run.id, "snapshot", {})
                assert isinstance(snapshot, Snapshot)
                return snapshot.checkpoint
        checkpoint = await self._registry.checkpoint(run, step)
        if checkpoint is None and step:
            message = "There is no checkpoint of this step; see the run's checkpoints."
            raise NotFound("no_checkpoint", message, field="step", given=step)
        return checkpoint


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    """What the list says of a run that is not in memory."""
    config = encoding.decode(row["config"])
    return {
        "id": row["id"],
        "url": f"/runs/{row['id']}",
        "name": config["name"],
        "created": row["created"],
        "status": row["status"],
        "status_reason": row["reason"],
        "attempt": row["attempt"],
        "step": row["step"],
        "epoch": row["epoch"],
        "latest": encoding.decode(row["latest"]) if row["latest"] else None,
        "learning_rate": row["learning_rate"],
        "steps_per_second": 0.0,
        "speed": shown_speed(row["speed"]),
        "pause_when": encoding.decode(row["pause_when"]),
        "config": config,
    }
