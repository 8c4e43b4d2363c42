"""Compact viewer: a viewer whose frames are sent as binary messages, several frames in one."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

from app.compact_encoding import message, picture_frame, text_frame
from app.streaming.pace import Pace
from app.streaming.sending_turns import SendingTurns, Turn
from app.streaming.streamed_run import StreamedRun
from app.streaming.viewer import Viewer
from app.workers.messages import ViewKey
from app.workers.recorded import PastStep

MAX_WAIT = 0.1  # seconds that frames other than pictures wait for the next message
LATE = 1.5  # times as long if they wait for pictures, which may be late
EARLY = 0.25  # of the time between two messages with pictures; the next one is so much later
GATHER = 0.01  # seconds that pictures wait for the other ones of the same step
MANY = 64  # frames of a message after which there are probably more
NOW = -inf


class CompactViewer(Viewer):
    """Sends at most `fps` messages with pictures a second, and fewer if the line or the client is slow.

    Other frames are sent with pictures, or MAX_WAIT (times LATE) after the last message. Messages are written
    where they are made, without waking a task. Only one that cannot be written, as the client reads too
    slowly, is left to the sending loop; the next ones are made once it was sent.
    """

    compact = True

    def __init__(
        self,
        run: StreamedRun,
        after: int,
        on_sent: Callable[[ViewKey], None],
        turns: SendingTurns | None = None,
    ) -> None:
        super().__init__(run, after, on_sent)
        self._turns = turns or SendingTurns()
        self._loop = asyncio.get_running_loop()
        self._pace = Pace()
        self._pictures_due = self._texts_due = NOW
        self._gather_until: float | None = None
        self._sent_together: frozenset[str] = frozenset()  # ids of subscribed views
        self._write: Callable[[bytes], bool] | None = None
        self._unsent: bytes | None = None
        self._timer: asyncio.Handle | Turn | None = None
        self._timer_at = inf

    def wake(self) -> None:
        """Send other frames than pictures once they are due."""
        self._send_at(self._texts_due)

    def subscribe(self, views: dict[str, ViewKey], fps: float, at: PastStep | None = None) -> None:
        """Replace the views."""
        super().subscribe(views, fps, at)
        self._sent_together = self._sent_together.intersection(views)

    def acknowledge(self) -> None:
        """Handle that the client received the message that asked for an acknowledgement."""
        self._pace.on_acknowledged(now := self._loop.time())
        if self._pace.needs_probe() and self._write is not None and self._unsent is None:
            self._write(message([], self._pace.on_send(now, 0, with_pictures=False)))
        self._send_at(NOW)

    async def send(self, send: Callable[[Any], Awaitable[Any]], write: Callable[[bytes], bool]) -> None:
        """Send messages until the viewer ends."""
        self._write = write
        self._send_at(NOW)
        try:
            while not self.ended:
                await self._wake.wait()
                self._wake.clear()
                if self._unsent is not None:
                    await send(self._unsent)
                    self._unsent = None
                    self._send_at(NOW)
        finally:
            self._write = None

    def _on_offered(self) -> None:
        now = self._loop.time()
        if self._gather_until is None:
            self._gather_until = now + GATHER
        is_ready = now >= self._gather_until or self._sent_together.issubset(self._views.view_ids())
        self._send_at(NOW if is_ready else self._pictures_at())

    def _send_at(self, time: float) -> None:
        """Sends what is due at this time, or before, by a call from the event loop."""
        if self._timer is not None:
            if self._timer_at <= time:
                return
            self._timer.cancel()
        self._timer_at = time
        if time == NOW:
            self._timer = self._turns.add(self._send_due)
        else:
            self._timer = self._loop.call_at(time, self._on_time)

    def _on_time(self) -> None:
        self._timer, self._timer_at = self._turns.add(self._send_due), NOW

    def _send_due(self) -> None:
        """Sends one message if there are frames that are due, and plans the next one."""
        self._timer = None
        if self._write is None or self._unsent is not None or self.ended:
            return
        data = self._next_message(now := self._loop.time())
        if data is not None and not self._write(data):
            self._unsent = data
            self._wake.set()
        else:
            self._plan(now)

    def _next_message(self, now: float) -> bytes | None:
        pictures = self._next_pictures(now)
        texts = self._next_frames() if pictures or now >= self._texts_due else []
        frames = [*map(text_frame, texts), *pictures]
        if not frames:
            return None
        if len(texts) < MANY:
            self._texts_due = now + min(1 / self.fps, MAX_WAIT) * (LATE if self._sent_together else 1)
        self.sent += len(frames)
        return message(frames, self._pace.on_send(now, sum(map(len, frames)), bool(pictures)))

    def _next_pictures(self, now: float) -> list[bytes]:
        """Returns all unsent pictures, if they are due and the pace allows it."""
        view_ids = self._views.view_ids()
        if not view_ids:
            return []
        if self._gather_until is None:
            self._gather_until = now + GATHER
        is_complete = self._sent_together.issubset(view_ids)
        is_due = now >= self._first_time() and (is_complete or now >= self._gather_until)
        if not is_due or not self._pace.allows(now):
            return []
        self._gather_until, self._sent_together = None, frozenset(view_ids)
        self._pictures_due = max(self._pictures_due + 1 / self.fps, now)
        frames = [picture_frame(view_id, self._views.take(view_id)) for view_id in view_ids]
        for view_id in view_ids:
            self._on_sent(self.subscriptions[view_id])
        return frames

    def _plan(self, now: float) -> None:
        """Sends again as soon as more will be due; what an acknowledgement allows is sent after that."""
        if self._has_frames():
            self._send_at(self._texts_due if self._texts_due > now else NOW)
        if self._gather_until is not None and (time := self._pictures_at()) > now:
            self._send_at(time)

    def _pictures_at(self) -> float:
        assert self._gather_until is not None
        return max(self._gather_until, self._first_time(), self._pace.next_time())

    def _first_time(self) -> float:
        return self._pictures_due - EARLY / self.fps
