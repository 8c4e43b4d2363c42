"""Viewer: one open stream, with its cursor in the frame log, its latest views and the sending loop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app import encoding
from app.compact_encoding import Picture
from app.errors import ApiError, from_problem
from app.streaming.frame_log import LatestFrames, Reset
from app.streaming.streamed_run import StreamedRun
from app.workers.messages import ViewKey
from app.workers.recorded import PastStep

MAX_UNSENT_ERRORS = 64


class Viewer:
    """The unsent frames of one viewer; a slow viewer misses views, but no other frames.

    `on_sent` is called with the key of each view that is sent. `overrun`: there were more unsent errors than
    are kept. `compact`: its views are requested in the compact encoding.
    """

    compact = False

    def __init__(self, run: StreamedRun, after: int, on_sent: Callable[[ViewKey], None]) -> None:
        self.run = run
        self.subscriptions: dict[str, ViewKey] = {}
        self.fps = 30.0
        self.at: PastStep | None = None
        self.ended = False
        self.overrun = False
        self.sent = 0  # frames
        self._cursor = run.log.follow(after)
        self._views = LatestFrames()
        self._progress = LatestFrames()
        self._on_sent = on_sent
        self._wake = asyncio.Event()
        self._errors: list[str] = []
        self._due: dict[str, float] = {}
        self._refused: set[ViewKey] = set()

    def wake(self) -> None:
        """Notify the sending loop that there may be frames to send."""
        self._wake.set()

    def subscribe(self, views: dict[str, ViewKey], fps: float, at: PastStep | None = None) -> None:
        """Replace the views by id, the maximum number of frames of a view per second, and the step.

        `at` is the past step of the views, None for the newest weights.
        """
        subscriptions = self.keys(views, at)
        for view_id, key in self.subscriptions.items():
            if subscriptions.get(view_id) != key:
                self._views.drop(view_id)
                self._progress.drop(view_id)
                self._due.pop(view_id, None)
        self.subscriptions, self.fps, self.at = subscriptions, fps, at
        self._refused.intersection_update(subscriptions.values())

    def keys(self, views: Mapping[str, ViewKey], at: PastStep | None) -> dict[str, ViewKey]:
        """Returns the keys of views of a step, in the encoding of this viewer."""
        return {view_id: key._replace(at=at, compact=self.compact) for view_id, key in views.items()}

    def offer(self, key: ViewKey, text: str | Picture) -> None:
        """Send a view when it is due, unless it is replaced by a newer one."""
        self._refused.discard(key)
        view_ids = self._ids(key)
        for view_id in view_ids:
            self._views.put(view_id, text)
            self._progress.drop(view_id)
        if view_ids:
            self._on_offered()

    def offer_progress(self, key: ViewKey, text: str) -> None:
        """Send the computed share of a view; only the latest of these frames is sent."""
        for view_id in self._ids(key):
            self._progress.put(view_id, text)
        self.wake()

    def refuse(self, key: ViewKey, problem: dict[str, Any]) -> None:
        """Send the error of a view with its index in the subscription, once until the view is computed."""
        keys = list(self.subscriptions.values())
        if key in keys and key not in self._refused:
            self._refused.add(key)
            error = from_problem(problem)
            entry = f"subscribe.{keys.index(key)}"
            if key.at is not None and error.field == "step":
                error.field = "at.step"
            elif error.field == "view":
                error.field = f"{entry}.view"
            else:
                error.field = f"{entry}.options.{error.field}" if error.field else entry
            self.add_error(error)

    def add_error(self, error: ApiError) -> None:
        """Send an error frame, unless too many wait to be sent."""
        if len(self._errors) >= MAX_UNSENT_ERRORS:
            self.overrun = True
            return
        text = encoding.body("error", self.run.position, {"error": error.body()})
        self._errors.append(encoding.frame(self.run.id, self.run.log.last, text))
        self.wake()

    def end(self) -> None:
        """Stop sending: the run was deleted."""
        self.ended = True
        self._wake.set()

    def acknowledge(self) -> None:
        """Handle an acknowledgement, which only the compact encoding asks for."""

    async def send(self, send: Callable[[Any], Awaitable[Any]], write: Callable[[bytes], bool]) -> None:
        """Send frames in order, and views when they are due, until the viewer ends.

        `write(message)` sends a binary message unless that has to wait, and returns whether it was sent.
        """
        clock = asyncio.get_running_loop().time
        while not self.ended:
            self._wake.clear()
            texts = self._next_frames() or self._next_view(clock())
            for text in texts:
                await send(text)
                self.sent += 1
            if not texts:
                await self._sleep(clock())

    def _on_offered(self) -> None:
        self._wake.set()

    def _ids(self, key: ViewKey) -> list[str]:
        return [view_id for view_id, subscribed in self.subscriptions.items() if subscribed == key]

    def _has_frames(self) -> bool:
        return bool(self._cursor.behind or self._errors or self._progress.view_ids())

    def _next_frames(self) -> list[str]:
        """Returns frames of the log, then, once there are no more of them, errors and progress of views.

        The latter have the newest seq, so they must follow the frames up to it: if the connection ends in
        between, the viewer continues after a seq up to which it has received every frame.
        """
        frames = self._cursor.take()
        if isinstance(frames, Reset):
            texts = [self.run.reset_frame(frames.seq), self.run.status_frame()]
        else:
            texts = [frame.text for frame in frames]
        if self._cursor.behind:
            return texts
        errors, self._errors = self._errors, []
        progress = [
            encoding.frame(self.run.id, self.run.log.last, self._progress.take(view_id), view_id)
            for view_id in self._progress.view_ids()
        ]
        return [*texts, *errors, *progress]

    def _next_view(self, now: float) -> list[str]:
        """Returns the oldest unsent view that the fps of this viewer allows now, if there is one."""
        for view_id in self._views.view_ids():
            due = self._due.get(view_id, now)
            if due <= now:
                self._due[view_id] = max(due + 1 / self.fps, now)
                text = encoding.frame(self.run.id, self.run.log.last, self._views.take(view_id), view_id)
                self._on_sent(self.subscriptions[view_id])
                return [text]
        return []

    async def _sleep(self, now: float) -> None:
        due = [self._due.get(view_id, now) for view_id in self._views.view_ids()]
        try:
            await asyncio.wait_for(self._wake.wait(), min(due) - now if due else None)
        except TimeoutError:
            return
