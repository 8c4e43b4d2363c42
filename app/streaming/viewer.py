"""Viewer: one open stream: its cursor in the run's frame log, its newest views, and the sending loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app import encoding
from app.errors import ApiError, from_problem
from app.streaming.frame_log import LatestFrames, Reset
from app.streaming.streamed_run import StreamedRun
from app.workers.messages import ViewKey


class Viewer:
    """What waits to be sent to one viewer; a slow one misses views, but no other frame.

    `on_sent` is called with the key of each view that is sent.
    """

    def __init__(self, run: StreamedRun, after: int, on_sent: Callable[[ViewKey], None]) -> None:
        self.run = run
        self.subscriptions: dict[str, ViewKey] = {}
        self.fps = 30.0
        self.ended = False
        self._cursor = run.log.follow(after)
        self._views = LatestFrames()
        self._progress = LatestFrames()
        self._on_sent = on_sent
        self._wake = asyncio.Event()
        self._errors: list[str] = []
        self._due: dict[str, float] = {}
        self._refused: set[ViewKey] = set()

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def subscribe(self, subscriptions: dict[str, ViewKey], fps: float) -> None:
        """Replace the subscriptions, by id, and the highest number of frames of a view per second."""
        for view_id, key in self.subscriptions.items():
            if subscriptions.get(view_id) != key:
                self._views.drop(view_id)
                self._progress.drop(view_id)
                self._due.pop(view_id, None)
        self.subscriptions, self.fps = subscriptions, fps
        self._refused.intersection_update(subscriptions.values())

    def offer(self, key: ViewKey, text: str) -> None:
        """Send a view when it is due, unless a newer one comes first."""
        self._refused.discard(key)
        for view_id in self._ids(key):
            self._views.put(view_id, text)
            self._progress.drop(view_id)
        self._wake.set()

    def offer_progress(self, key: ViewKey, text: str) -> None:
        """Send which share of a view is computed; only the newest of such frames is sent."""
        for view_id in self._ids(key):
            self._progress.put(view_id, text)
        self._wake.set()

    def refuse(self, key: ViewKey, problem: dict[str, Any]) -> None:
        """Send why a view cannot be computed, naming its index in the subscription; once, until it can be."""
        keys = list(self.subscriptions.values())
        if key in keys and key not in self._refused:
            self._refused.add(key)
            error = from_problem(problem)
            entry = f"subscribe.{keys.index(key)}"
            if error.field == "view":
                error.field = f"{entry}.view"
            else:
                error.field = f"{entry}.options.{error.field}" if error.field else entry
            self.add_error(error)

    def add_error(self, error: ApiError) -> None:
        """Send an error frame."""
        text = encoding.body("error", self.run.position, {"error": error.body()})
        self._errors.append(encoding.frame(self.run.id, self.run.log.last, text))
        self._wake.set()

    def end(self) -> None:
        """Stop sending: the run was deleted."""
        self.ended = True
        self._wake.set()

    async def send(self, send: Callable[[str], Awaitable[Any]]) -> None:
        """Send frames in order, and views when they are due, until the viewer ends."""
        clock = asyncio.get_running_loop().time
        while not self.ended:
            self._wake.clear()
            texts = self._next_frames() or self._next_view(clock())
            for text in texts:
                await send(text)
            if not texts:
                await self._sleep(clock())

    def _ids(self, key: ViewKey) -> list[str]:
        return [view_id for view_id, subscribed in self.subscriptions.items() if subscribed == key]

    def _next_frames(self) -> list[str]:
        """Frames of the log, then errors and progress of views.

        The latter carry the newest seq, so they must follow the frames up to it: if the connection ends in
        between, the viewer continues after a seq up to which it has every frame.
        """
        last = self.run.log.last
        errors, self._errors = self._errors, []
        progress = [
            encoding.frame(self.run.id, last, self._progress.take(view_id), view_id)
            for view_id in self._progress.waiting()
        ]
        frames = self._cursor.take()
        if isinstance(frames, Reset):
            return [self.run.reset_frame(frames.seq), self.run.status_frame(), *errors, *progress]
        return [*(frame.text for frame in frames), *errors, *progress]

    def _next_view(self, now: float) -> list[str]:
        """The view that has waited longest of those that this viewer's fps allows now."""
        for view_id in self._views.waiting():
            due = self._due.get(view_id, now)
            if due <= now:
                self._due[view_id] = max(due + 1 / self.fps, now)
                text = encoding.frame(self.run.id, self.run.log.last, self._views.take(view_id), view_id)
                self._on_sent(self.subscriptions[view_id])
                return [text]
        return []

    async def _sleep(self, now: float) -> None:
        due = [self._due.get(view_id, now) for view_id in self._views.waiting()]
        try:
            await asyncio.wait_for(self._wake.wait(), min(due) - now if due else None)
        except TimeoutError:
            return
