"""Viewers: one open stream each: its place in the log, its newest pictures, and the task that sends them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app import encoding
from app.errors import ApiError, from_problem
from app.streaming.frame_log import Reset, Slots
from app.streaming.streamed_run import StreamedRun
from app.workers.messages import ViewKey


class Viewer:
    """What one viewer was sent, and what is waiting; a slow one misses pictures, never points."""

    def __init__(self, run: StreamedRun, after: int, taken: Callable[[ViewKey], None]) -> None:
        self.run = run
        self.subscriptions: dict[str, ViewKey] = {}
        self.fps = 30.0
        self.gone = False
        self._cursor = run.log.follow(after)
        self._slots = Slots()
        self._taken = taken
        self._wake = asyncio.Event()
        self._problems: list[str] = []
        self._due: dict[str, float] = {}
        self._hints: dict[str, str] = {}
        self._refused: set[ViewKey] = set()

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def subscribe(self, subscriptions: dict[str, ViewKey], fps: float) -> None:
        """Watch these views, by id, and no others."""
        for view_id in self.subscriptions:
            if subscriptions.get(view_id) != self.subscriptions[view_id]:
                self._slots.drop(view_id)
                self._due.pop(view_id, None)
                self._hints.pop(view_id, None)
        self.subscriptions, self.fps = subscriptions, fps
        self._refused.intersection_update(subscriptions.values())

    def offer(self, key: ViewKey, text: str) -> None:
        """A picture to send when its turn comes, unless a newer one comes first."""
        self._refused.discard(key)
        for view_id, wanted in self.subscriptions.items():
            if wanted == key:
                self._slots.put(view_id, text)
                self._hints.pop(view_id, None)
        self._wake.set()

    def hint(self, key: ViewKey, text: str) -> None:
        """Say how far a picture is that takes its time; only the newest of such hints is worth sending."""
        for view_id, wanted in self.subscriptions.items():
            if wanted == key:
                self._hints[view_id] = text
        self._wake.set()

    def refuse(self, key: ViewKey, problem: dict[str, Any]) -> None:
        """Tell the viewer that a view does not fit the network, naming its place in the subscription; once,
        until there is a picture.
        """
        wanted = list(self.subscriptions.values())
        if key in wanted and key not in self._refused:
            self._refused.add(key)
            error = from_problem(problem)
            place = f"subscribe.{wanted.index(key)}"
            if error.field == "view":
                error.field = f"{place}.view"
            else:
                error.field = f"{place}.options.{error.field}" if error.field else place
            self.complain(error)

    def complain(self, error: ApiError) -> None:
        """Tell the viewer what cannot be done."""
        text = encoding.body("error", self.run.moment, {"error": error.body()})
        self._problems.append(encoding.frame(self.run.id, self.run.log.last, text))
        self._wake.set()

    def end(self) -> None:
        """The run is gone: stop sending."""
        self.gone = True
        self._wake.set()

    async def send(self, send: Callable[[str], Awaitable[Any]]) -> None:
        """Send what there is, in order, until the run is gone."""
        clock = asyncio.get_running_loop().time
        while not self.gone:
            self._wake.clear()
            texts = self._small_frames()
            if not texts:
                texts = self._due_view(clock())
            for text in texts:
                await send(text)
            if not texts:
                await self._sleep(clock())

    def _small_frames(self) -> list[str]:
        problems, self._problems = self._problems, []
        hints, self._hints = self._hints, {}
        last = self.run.log.last
        problems += [encoding.frame(self.run.id, last, text, view_id) for view_id, text in hints.items()]
        taken = self._cursor.take()
        if isinstance(taken, Reset):
            return [self.run.reset_frame(taken.seq), self.run.status_frame(), *problems]
        # What carries the newest seq comes behind what that counts: a viewer cut off between them has no gap.
        return [*(frame.text for frame in taken), *problems]

    def _due_view(self, now: float) -> list[str]:
        """The longest waiting picture that this viewer's own fps lets through."""
        for view_id in self._slots.waiting():
            due = self._due.get(view_id, now)
            if due <= now:
                self._due[view_id] = max(due + 1 / self.fps, now)
                text = encoding.frame(self.run.id, self.run.log.last, self._slots.take(view_id), view_id)
                self._taken(self.subscriptions[view_id])
                return [text]
        return []

    async def _sleep(self, now: float) -> None:
        dues = [self._due.get(view_id, now) for view_id in self._slots.waiting()]
        try:
            await asyncio.wait_for(self._wake.wait(), min(dues) - now if dues else None)
        except TimeoutError:
            return
