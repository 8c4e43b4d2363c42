"""Past views: computes views of past steps for the viewers that wait there.

Of each run, one state at a time is read from the store: while a viewer drags over many steps, only the newest
one that it asked for is read and computed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from app.errors import ApiError
from app.streaming.recorded_history import HistoryLoader, history_needs
from app.streaming.requested_steps import RequestedSteps
from app.streaming.streamed_run import StreamedRun
from app.streaming.viewer import Viewer
from app.workers.messages import CancelViews, ComputeViews, ViewKey, ViewResult
from app.workers.pool import Pool
from app.workers.recorded import PastStep, RecordedState, Version

ReadState = Callable[[StreamedRun, int, int], Awaitable[RecordedState]]  # run, attempt, step

log = logging.getLogger("perceptarium")


class PastViews:
    """The views of past steps of all runs; `viewers` returns the viewers of a run."""

    def __init__(
        self,
        pool: Pool,
        history_loader: HistoryLoader,
        read_state: ReadState,
        viewers: Callable[[str], Iterable[Viewer]],
    ) -> None:
        self._pool = pool
        self._history_loader = history_loader
        self._read_state = read_state
        self._viewers = viewers
        self._requested: dict[str, RequestedSteps] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}  # by run: reads states and sends them to be computed

    # ---- viewers

    def update(self, run: StreamedRun) -> None:
        """Update the requested views after the subscriptions of the viewers changed."""
        # A dictionary, to keep the order.
        subscribed = (key for viewer in self._viewers(run.id) for key in viewer.subscriptions.values())
        keys = dict.fromkeys(key for key in subscribed if key.at is not None)
        if keys:
            self._requested.setdefault(run.id, RequestedSteps(run.event_seq))
        requested = self._requested.get(run.id)
        if requested is None:
            return
        cancelled = requested.set_views(keys)
        if cancelled:
            self._pool.compute(CancelViews(run.id, cancelled))
        if not keys:
            del self._requested[run.id]

    def subscribe(self, viewer: Viewer, key: ViewKey, is_new: bool) -> None:
        """Send a view that was already computed to a new viewer; compute one again that failed."""
        requested = self._requested[viewer.run.id]
        frame = requested.views[key].frame
        if frame is not None and is_new:
            viewer.offer(key, frame)
        requested.retry(key)

    # ---- events

    def on_frame(self, run: StreamedRun) -> None:
        """Handle that a frame was logged: events may have been added, or attempts deleted."""
        requested = self._requested.get(run.id)
        if requested is None:
            return
        outdated = requested.on_events(run.position, run.event_seq)
        if outdated is None:
            return
        if outdated:
            self._pool.compute(CancelViews(run.id, outdated))
        for viewer in self._viewers(run.id):
            if viewer.at is not None and not run.has_attempt(viewer.at.attempt):
                message = "This attempt was deleted to keep the run within its budget."
                given = viewer.at.attempt
                viewer.add_error(ApiError("no_such_attempt", message, field="at.attempt", given=given))
        self.act(run)

    def on_view(self, run: StreamedRun, result: ViewResult) -> None:
        """Handle a view, or the error that prevented it."""
        requested = self._requested.get(run.id)
        if requested is None or not requested.on_view(result.key, result.version, result.frame):
            return
        for viewer in self._viewers(run.id):
            if result.frame is not None:
                viewer.offer(result.key, result.frame)
            elif result.problem is not None:
                viewer.refuse(result.key, result.problem)

    def on_view_worker_lost(self, find: Callable[[str], StreamedRun | None]) -> None:
        """Compute the views that were being computed again, in the new view worker."""
        for run_id, requested in self._requested.items():
            requested.on_view_worker_lost()
            run = find(run_id)
            if run is not None:
                self.act(run)

    # ---- actions

    def act(self, run: StreamedRun) -> None:
        """Compute the views that are to be computed."""
        if run.id in self._requested and run.id not in self._tasks and not run.deleted:
            self._tasks[run.id] = asyncio.get_running_loop().create_task(self._work(run))

    async def _work(self, run: StreamedRun) -> None:
        try:
            await self._compute_all(run)
        finally:
            del self._tasks[run.id]

    async def _compute_all(self, run: StreamedRun) -> None:
        while (requested := self._requested.get(run.id)) and not run.deleted:
            views = requested.next_views()
            if views is None:
                return
            at, version, keys = views
            try:
                await self._compute(run, at, version, keys)
            except ApiError as error:
                self._refuse(run, at, version, keys, error)
            except Exception:
                log.exception("step %s cannot be read", at, extra={"run": run.id})
                failed = ApiError("failed", "This step could not be read.", field="step", given=at.step)
                self._refuse(run, at, version, keys, failed)

    async def _compute(
        self, run: StreamedRun, at: PastStep, version: Version, keys: tuple[ViewKey, ...]
    ) -> None:
        """Compute views; those that need the recorded history in messages of their own."""
        state = await self._read_state(run, at.attempt, at.step)
        message = ComputeViews(run.id, version, state.config, state.checkpoint, (), replay=state.replay)
        self._send(message, tuple(key for key in keys if not history_needs(key.view)))
        for key in keys:
            if needs := history_needs(key.view):
                history = await self._history_loader.load(run, needs, at.step, at.attempt)
                self._send(replace(message, history=history), (key,))

    def _send(self, message: ComputeViews, keys: tuple[ViewKey, ...]) -> None:
        """Compute those of the views that are still requested."""
        requested = self._requested.get(message.run)
        if requested is not None:
            current = tuple(key for key in keys if requested.is_current(key, message.version))
            if current:
                self._pool.compute(replace(message, keys=current))

    def _refuse(
        self, run: StreamedRun, at: PastStep, version: Version, keys: tuple[ViewKey, ...], error: ApiError
    ) -> None:
        """Send the error of a step, once to each viewer that waits there."""
        requested = self._requested.get(run.id)
        refused = [key for key in keys if requested and requested.on_view(key, version, None)]
        if not refused:
            return
        error.field = f"at.{error.field}" if error.field else "at"
        for viewer in self._viewers(run.id):
            if viewer.at == at:
                viewer.add_error(error)
