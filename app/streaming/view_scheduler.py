"""Watching: brings viewers, workers and painter together, run by run."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace

from app.streaming.recorded_history import Pasts
from app.streaming.requested_views import Todo, Watch
from app.streaming.streamed_run import StreamedRun
from app.streaming.subscriptions import view_key
from app.streaming.viewer import Viewer
from app.workers.messages import Drop, Paint, Painted, Snapshot, Underway, Version, ViewKey, Want
from app.workers.pool import Pool
from engine.views import VIEWS

# What an armed “pause when” looks at, and how often a second.
EXAMINED = view_key("layer_health", {})
EXAMINATIONS = 2.0
# The version of weights that come from the store: no session counts so.
STORED = -1

log = logging.getLogger("perceptarium")


class Watching:
    """All open streams; `stored` reads the newest checkpoint of a run that no worker has."""

    def __init__(
        self, pool: Pool, stored: Callable[[StreamedRun], Awaitable[bytes | None]], pasts: Pasts
    ) -> None:
        self._pool = pool
        self._pasts = pasts
        self._stored = stored
        self._viewers: dict[str, set[Viewer]] = {}
        self._armed: set[str] = set()
        self._watches: dict[str, Watch] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def watched(self, run: str) -> bool:
        """Whether somebody looks at the run, or something is to pause it."""
        return bool(self._viewers.get(run)) or run in self._armed

    def join(self, run: StreamedRun, after: int) -> Viewer:
        """A new viewer, without views as yet."""
        viewer = Viewer(run, after, lambda key: self._taken(run, key))
        self._viewers.setdefault(run.id, set()).add(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """The stream has ended."""
        viewers = self._viewers.get(viewer.run.id, set())
        viewers.discard(viewer)
        self._renew(viewer.run)

    def subscribe(self, viewer: Viewer, subscriptions: dict[str, ViewKey], fps: float) -> None:
        """Replace what the viewer watches; what was computed already is sent at once."""
        before = set(viewer.subscriptions.items())
        viewer.subscribe(subscriptions, fps)
        self._renew(viewer.run)
        watch = self._watches[viewer.run.id]
        for view_id, key in subscriptions.items():
            if (view_id, key) in before:
                continue
            watched = watch.keys[key]
            if watched.text is not None:
                viewer.offer(key, watched.text)
            watched.retry()
        self._drive(viewer.run)

    def logged(self, run: StreamedRun) -> None:
        """A frame was logged."""
        for viewer in self._viewers.get(run.id, ()):
            viewer.wake()
        armed = bool(run.pause_when) and run.status == "running"
        if armed != (run.id in self._armed):
            (self._armed.add if armed else self._armed.discard)(run.id)
            self._renew(run)

    def gone(self, run: StreamedRun) -> None:
        """The run was deleted: its streams end."""
        for viewer in self._viewers.get(run.id, ()):
            viewer.end()
        self._armed.discard(run.id)
        self._renew(run)

    def arrived(self, run: StreamedRun, snapshot: Snapshot) -> None:
        """A worker sent weights."""
        watch = self._watches.get(run.id)
        if watch is not None and snapshot.request is None:
            watch.arrived(snapshot.version, snapshot.checkpoint, snapshot.full)
            self._drive(run)

    def painted(self, run: StreamedRun, painted: Painted) -> None:
        """The painter sent a picture, or why there is none."""
        watch = self._watches.get(run.id)
        if watch is None:
            return
        watch.painted(painted.key, painted.version, painted.text)
        if run.id in self._armed and painted.key == EXAMINED:
            watch.taken(painted.key)
        for viewer in self._viewers.get(run.id, ()):
            if painted.text is not None:
                viewer.offer(painted.key, painted.text)
            elif painted.problem is not None:
                viewer.refuse(painted.key, painted.problem)
        self._drive(run)

    def underway(self, run: StreamedRun, underway: Underway) -> None:
        """The painter is at work on a picture that takes its time."""
        for viewer in self._viewers.get(run.id, ()):
            viewer.hint(underway.key, underway.text)

    def changed(self, run: StreamedRun) -> None:
        """The run has come to a worker or has left one: who was asked for weights may not have them now."""
        watch = self._watches.get(run.id)
        if watch is not None:
            watch.worker_lost()
            self._drive(run)

    def painter_lost(self, find: Callable[[str], StreamedRun | None]) -> None:
        """Ask the painter's successor for what was under way."""
        for run_id, watch in self._watches.items():
            watch.painter_lost()
            run = find(run_id)
            if run is not None:
                self._drive(run)

    # ---- inside

    def _taken(self, run: StreamedRun, key: ViewKey) -> None:
        watch = self._watches.get(run.id)
        if watch is not None:
            watch.taken(key)
            self._drive(run)

    def _renew(self, run: StreamedRun) -> None:
        wanted: dict[ViewKey, float] = {}
        for viewer in self._viewers.get(run.id, ()):
            for key in viewer.subscriptions.values():
                wanted[key] = max(wanted.get(key, 0.0), viewer.fps)
        if run.id in self._armed:
            wanted[EXAMINED] = max(wanted.get(EXAMINED, 0.0), EXAMINATIONS)
        now = asyncio.get_running_loop().time()
        dropped = self._watches.setdefault(run.id, Watch()).set_keys(wanted, now)
        if dropped:
            self._pool.paint(Drop(run.id, dropped))
        if self.watched(run.id):
            self._drive(run)
        else:
            self._forget(run.id)

    def _drive(self, run: StreamedRun) -> None:
        watch = self._watches.get(run.id)
        if watch is None or run.deleted:
            return
        loop = asyncio.get_running_loop()
        todo = watch.todo(loop.time())
        if todo.paint:
            self._paint(run, watch, todo.paint)
        if todo.want_fps is not None:
            self._ask(run, watch, todo, todo.want_fps)
        timer = self._timers.pop(run.id, None)
        if timer is not None:
            timer.cancel()
        if todo.wake is not None:
            self._timers[run.id] = loop.call_at(todo.wake, self._drive, run)

    def _paint(self, run: StreamedRun, watch: Watch, keys: tuple[ViewKey, ...]) -> None:
        """Views that need the past go alone, each once that was read: the others need not wait for it."""
        assert watch.version is not None
        paint = Paint(run.id, watch.version, run.config_dict, watch.checkpoint, ())
        plain = tuple(key for key in keys if not past_needs(key.view))
        if plain:
            self._pool.paint(replace(paint, keys=plain))
        for key in keys:
            if key not in plain:
                self._soon(self._paint_with_past(run, replace(paint, keys=(key,))))

    async def _paint_with_past(self, run: StreamedRun, paint: Paint) -> None:
        try:
            past = await self._pasts.of(run, past_needs(paint.keys[0].view))
        except Exception:
            log.exception("run %s: its past cannot be read", run.id)
            past = None
        watch = self._watches.get(run.id)
        if watch is not None and paint.keys[0] in watch.keys:
            self._pool.paint(replace(paint, past=past))

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _ask(self, run: StreamedRun, watch: Watch, todo: Todo, fps: float) -> None:
        if self._pool.has(run.id):
            have = None if todo.want_anew else watch.version
            self._pool.want(Want(run.id, have, fps, todo.want_full))
        elif watch.version is None or watch.version[:2] != run.moment[:2] or todo.want_anew:
            self._soon(self._read(run, watch))

    async def _read(self, run: StreamedRun, watch: Watch) -> None:
        version = Version(run.moment.attempt, run.moment.step, STORED)
        checkpoint = await self._stored(run)
        if self._pool.has(run.id):
            self.changed(run)
        else:
            watch.arrived(version, checkpoint, full=True)
            watch.nothing_newer()
            self._drive(run)

    def _forget(self, run: str) -> None:
        self._viewers.pop(run, None)
        self._watches.pop(run, None)
        timer = self._timers.pop(run, None)
        if timer is not None:
            timer.cancel()


def past_needs(view: str) -> set[str]:
    """What of a run's past a view shows more with."""
    return {"points", "weights"}.intersection(VIEWS[view].needs)
