"""View scheduler: schedules the computation of views for all viewers of all runs."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import replace
from functools import partial

from app.streaming.compact_viewer import CompactViewer
from app.streaming.past_views import PastViews, ReadState
from app.streaming.recorded_history import HistoryLoader, history_needs
from app.streaming.requested_views import RequestedViews, WeightsRequest
from app.streaming.sending_turns import SendingTurns
from app.streaming.streamed_run import StreamedRun
from app.streaming.subscriptions import view_key
from app.streaming.traffic import Traffic
from app.streaming.viewer import Viewer
from app.workers.messages import (
    CancelViews,
    ComputeViews,
    SendWeights,
    Snapshot,
    ViewKey,
    ViewProgress,
    ViewResult,
)
from app.workers.pool import Pool
from app.workers.recorded import PastStep, Version

# The view whose diagnoses can pause a run, and how often per second it is computed for that.
DIAGNOSED_VIEW = view_key("layer_health", {})
DIAGNOSES_PER_SECOND = 2.0
# `edits` of the version of stored weights, which no training session uses.
STORED_EDITS = -1


class ViewScheduler:
    """The viewers of all runs.

    `read_checkpoint` returns the newest stored checkpoint of an unloaded run, `read_state` that of any step.
    """

    def __init__(
        self,
        pool: Pool,
        read_checkpoint: Callable[[StreamedRun], Awaitable[bytes | None]],
        history_loader: HistoryLoader,
        read_state: ReadState,
    ) -> None:
        self._pool = pool
        self._history_loader = history_loader
        self._read_checkpoint = read_checkpoint
        self._viewers: dict[str, set[Viewer]] = {}
        self._kinds = (Viewer, partial(CompactViewer, turns=SendingTurns()))
        self.traffic = Traffic()
        self._diagnosed: set[str] = set()  # runs that a diagnosis can pause
        self._requested: dict[str, RequestedViews] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._past = PastViews(pool, history_loader, read_state, lambda run: self._viewers.get(run, ()))

    def is_watched(self, run: str) -> bool:
        """Whether views of the run are needed: it has viewers, or a diagnosis can pause it."""
        return bool(self._viewers.get(run)) or run in self._diagnosed

    @contextlib.contextmanager
    def viewer(
        self, run: StreamedRun, after: int, compact: bool = False, make: Callable[..., Viewer] | None = None
    ) -> Iterator[Viewer]:
        """Opens a viewer of the run, without subscriptions; `make(run, after, on_sent)` creates it.

        It receives the frames after seq `after`.
        """
        viewer = (make or self._kinds[compact])(run, after, partial(self._on_sent, run))
        self._viewers.setdefault(run.id, set()).add(viewer)
        try:
            with self.traffic.watching(viewer):
                yield viewer
        finally:
            self._viewers.get(run.id, set()).discard(viewer)
            self._update(run)

    def subscribe(
        self, viewer: Viewer, views: dict[str, ViewKey], fps: float, at: PastStep | None = None
    ) -> None:
        """Replace the views of a viewer, and the step that they are of (`at`; None: the newest).

        Views that were already computed are sent immediately.
        """
        before = set(viewer.subscriptions.items())
        viewer.subscribe(views, fps, at)
        self._update(viewer.run)
        requested = self._requested[viewer.run.id]
        for view_id, key in viewer.subscriptions.items():
            is_new = (view_id, key) not in before
            if at is not None:
                self._past.subscribe(viewer, key, is_new)
            elif is_new:
                view = requested.views[key]
                if view.frame is not None:
                    viewer.offer(key, view.frame)
                view.retry()
        self._act(viewer.run)

    def on_frame(self, run: StreamedRun) -> None:
        """Handle that a frame was logged."""
        for viewer in self._viewers.get(run.id, ()):
            viewer.wake()
        diagnosed = bool(run.pause_when) and run.status == "running"
        if diagnosed != (run.id in self._diagnosed):
            (self._diagnosed.add if diagnosed else self._diagnosed.discard)(run.id)
            self._update(run)
        if (requested := self._requested.get(run.id)) and requested.set_rounded(run.status == "running"):
            self._act(run)
        self._past.on_frame(run)

    def end(self, run: StreamedRun) -> None:
        """End the streams of a deleted run."""
        for viewer in self._viewers.get(run.id, ()):
            viewer.end()
        self._diagnosed.discard(run.id)
        self._update(run)

    def on_weights(self, run: StreamedRun, snapshot: Snapshot) -> None:
        """Handle weights that a worker sent."""
        if (requested := self._requested.get(run.id)) and snapshot.request is None:
            requested.on_weights(snapshot.version, snapshot.checkpoint, snapshot.full)
            self._act(run)

    def on_view(self, run: StreamedRun, result: ViewResult) -> None:
        """Handle a view, or the error that prevented it."""
        if result.key.at is not None:
            self._past.on_view(run, result)
            return
        if (requested := self._requested.get(run.id)) is None:
            return
        requested.on_view(result.key, result.version, result.frame, result.rounded)
        if run.id in self._diagnosed and result.key == DIAGNOSED_VIEW:
            requested.on_sent(result.key)
        for viewer in self._viewers.get(run.id, ()):
            if result.frame is not None:
                viewer.offer(result.key, result.frame)
            elif result.problem is not None:
                viewer.refuse(result.key, result.problem)
        self._act(run)

    def on_view_progress(self, run: StreamedRun, progress: ViewProgress) -> None:
        """Handle the progress of a long computation of a view."""
        for viewer in self._viewers.get(run.id, ()):
            viewer.offer_progress(progress.key, progress.text)

    def on_worker_changed(self, run: StreamedRun) -> None:
        """Handle that the run was loaded or unloaded, so that requested weights may be lost."""
        if requested := self._requested.get(run.id):
            requested.on_worker_changed()
            self._act(run)

    def on_view_worker_lost(self, find: Callable[[str], StreamedRun | None]) -> None:
        """Compute the views that were being computed again, in the new view worker."""
        self._past.on_view_worker_lost(find)
        for run_id, requested in self._requested.items():
            requested.on_view_worker_lost()
            if (run := find(run_id)) is not None:
                self._act(run)

    def _on_sent(self, run: StreamedRun, key: ViewKey) -> None:
        if (requested := self._requested.get(run.id)) and requested.on_sent(key):
            self._act(run)

    def _update(self, run: StreamedRun) -> None:
        """Update the requested views after the subscriptions of the viewers changed."""
        rates: dict[ViewKey, float] = {}
        for viewer in self._viewers.get(run.id, ()):
            for key in viewer.subscriptions.values() if viewer.at is None else ():
                rates[key] = max(rates.get(key, 0.0), viewer.fps)
        if run.id in self._diagnosed:
            rates[DIAGNOSED_VIEW] = max(rates.get(DIAGNOSED_VIEW, 0.0), DIAGNOSES_PER_SECOND)
        now = asyncio.get_running_loop().time()
        cancelled = self._requested.setdefault(run.id, RequestedViews()).set_views(rates, now)
        if cancelled:
            self._pool.compute(CancelViews(run.id, cancelled))
        self._past.update(run)
        if self.is_watched(run.id):
            self._act(run)
        else:
            self._viewers.pop(run.id, None)
            self._requested.pop(run.id, None)
            self._cancel_timer(run.id)

    def _act(self, run: StreamedRun) -> None:
        requested = self._requested.get(run.id)
        if requested is None or run.deleted:
            return
        self._past.act(run)
        loop = asyncio.get_running_loop()
        actions = requested.next_actions(loop.time())
        if actions.compute:
            self._compute(run, requested, actions.compute)
        if actions.request is not None:
            self._request_weights(run, requested, actions.request)
        self._cancel_timer(run.id)
        if actions.wake_at is not None:
            self._timers[run.id] = loop.call_at(actions.wake_at, self._act, run)

    def _compute(self, run: StreamedRun, requested: RequestedViews, keys: tuple[ViewKey, ...]) -> None:
        """Compute views; those that need the recorded history in messages of their own, once it was read."""
        assert requested.version is not None
        common = (run.id, requested.version, run.config_dict, requested.checkpoint, ())
        message = ComputeViews(*common, rounded=run.status == "running")
        without_history = tuple(key for key in keys if not history_needs(key.view))
        if without_history:
            self._pool.compute(replace(message, keys=without_history))
        for key in keys:
            if key not in without_history:
                self._background(self._compute_with_history(run, replace(message, keys=(key,))))

    async def _compute_with_history(self, run: StreamedRun, message: ComputeViews) -> None:
        (key,) = message.keys
        history = await self._history_loader.load_if_possible(run, history_needs(key.view))
        if (requested := self._requested.get(run.id)) is not None and key in requested.views:
            self._pool.compute(replace(message, history=history))

    def _request_weights(self, run: StreamedRun, requested: RequestedViews, request: WeightsRequest) -> None:
        if self._pool.has(run.id):
            have = None if request.repeat else requested.version
            self._pool.send(SendWeights(run.id, have, request.fps, request.full))
            return
        outdated = requested.version is None or requested.version[:2] != run.position[:2]
        if outdated or request.repeat:
            self._background(self._read_weights(run, requested))

    async def _read_weights(self, run: StreamedRun, requested: RequestedViews) -> None:
        version = Version(run.position.attempt, run.position.step, STORED_EDITS)
        checkpoint = await self._read_checkpoint(run)
        if self._pool.has(run.id):
            self.on_worker_changed(run)
        else:
            requested.on_weights(version, checkpoint, full=True)
            requested.stop_requesting()
            self._act(run)

    def _background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _cancel_timer(self, run: str) -> None:
        if (timer := self._timers.pop(run, None)) is not None:
            timer.cancel()
