"""Compact viewer: a viewer whose frames are sent as binary messages, several frames in one."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

from app.compact_encoding import message, picture_frame, text_frame
from app.streaming.pace import Pace
from app.streaming.viewer import Viewer

MAX_WAIT = 0.1  # seconds that frames other than pictures wait for the next message
GATHER = 0.01  # seconds that pictures wait for the other ones of the same step
MANY = 64  # frames of a message after which there are probably more


class CompactViewer(Viewer):
    """Sends at most `fps` messages with pictures a second, and fewer if the line or the client is slow.

    Other frames are sent with pictures, or MAX_WAIT after the last message.
    """

    compact = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._loop = asyncio.get_running_loop()
        self._pace = Pace()
        self._pictures_due = self._texts_due = -inf
        self._gather_until: float | None = None
        self._sent_together: frozenset[str] = frozenset()
        self._timer: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """Notify the sending loop of a frame in the log, once such frames are due."""
        if self._timer is None or self._timer.when() > self._texts_due:
            self._cancel_timer()
            self._timer = self._loop.call_at(self._texts_due, self._wake.set)

    def acknowledge(self) -> None:
        """Handle that the client received the message that asked for an acknowledgement."""
        self._pace.on_acknowledged(self._loop.time())
        self._wake.set()

    async def send(self, send: Callable[[Any], Awaitable[Any]]) -> None:
        """Send messages until the viewer ends."""
        while not self.ended:
            self._wake.clear()
            self._cancel_timer()
            now = self._loop.time()
            pictures = self._next_pictures(now)
            texts = self._next_frames() if pictures or now >= self._texts_due else []
            frames = [*map(text_frame, texts), *pictures]
            if frames:
                if len(texts) < MANY:
                    self._texts_due = now + min(1 / self.fps, MAX_WAIT)
                asks = self._pace.on_send(now, sum(map(len, frames)), bool(pictures))
                await send(message(frames, asks))
                self.sent += len(frames)
            else:
                await self._wait()

    def _next_pictures(self, now: float) -> list[bytes]:
        """Returns all unsent pictures, if they are due and the pace allows it."""
        view_ids = self._views.view_ids()
        if not view_ids:
            return []
        if self._gather_until is None:
            self._gather_until = now + GATHER
        is_complete = self._sent_together.intersection(self.subscriptions).issubset(view_ids)
        is_due = now >= self._pictures_due and (is_complete or now >= self._gather_until)
        if not is_due or not self._pace.allows(now):
            return []
        self._gather_until, self._sent_together = None, frozenset(view_ids)
        self._pictures_due = max(self._pictures_due + 1 / self.fps, now)
        frames = [picture_frame(view_id, self._views.take(view_id)) for view_id in view_ids]
        for view_id in view_ids:
            self._on_sent(self.subscriptions[view_id])
        return frames

    async def _wait(self) -> None:
        """Waits until there is something to send that is due."""
        times = [self._texts_due] if self._has_frames() else []
        if self._gather_until is not None:
            times.append(max(self._gather_until, self._pictures_due, self._pace.next_time()))
        now = self._loop.time()
        at = min((time for time in times if time > now), default=None)
        if at is not None:
            self._cancel_timer()
            self._timer = self._loop.call_at(at, self._wake.set)
        await self._wake.wait()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
