"""Pace: when a viewer may get the next pictures, from how long it takes to acknowledge. No I/O, no clock.

What waits in the network is not seen by the server's sockets, so some messages ask for an acknowledgement.
Its delay, less that of a small message, is how long the pictures took on the line. Small messages count only
if no pictures are on the line before them, and the fastest of several, as a busy machine delays each.

- Fast line: one message per ASK_BYTES asks. Until it is acknowledged, pictures are sent for PATIENCE at most,
  so that little can wait in the network.
- Slow line, once SLOW_COUNT delays in a row were long, and until two were short: one message with pictures at
  a time, and then none for twice as long as it took. Two thirds of the line remain free for other frames and
  other traffic.
"""

from collections import deque
from math import inf

ASK_BYTES = 64 * 1024  # of pictures, after which one asks again
ASK_SECONDS = 0.5  # between two messages without pictures that ask, on a slow line
PATIENCE = 0.1  # seconds beyond the delay of a small message in which an acknowledgement is expected
LONG, SHORT = 0.04, 0.025  # seconds: delays that make a line slow, and fast again
SLOW_COUNT = 4
BASE_SECONDS, BASE_COUNT = 5.0, 4  # how long the delays of small messages count, and how many do in any case
SHARE = 1 / 3  # of the time in which a slow line carries pictures
FIRST_BYTES = 80 * 1024  # of pictures before the first acknowledgement
FIRST_DELAY = 2.0  # assumed until the first acknowledgement: the page may still be loading its scripts


class Pace:
    """The pace of one viewer. Times are in seconds of any clock."""

    def __init__(self) -> None:
        self.is_slow = False
        self._asked_at = -inf
        self._is_awaited = False
        self._with_pictures = False  # the message that asked
        self._is_to_ask = True  # with the next pictures
        self._bytes = 0  # of pictures since a message with pictures asked
        self._small: deque[tuple[float, float]] = deque()  # time and delay of messages without pictures
        self._delays: deque[float] = deque(maxlen=SLOW_COUNT)  # of messages with pictures, beyond the base
        self._next = -inf

    def allows(self, now: float) -> bool:
        """Whether pictures may be sent now."""
        if not self._is_awaited:
            return now >= self._next
        expected = self._base(FIRST_DELAY) + PATIENCE
        is_little = bool(self._small) or self._bytes < FIRST_BYTES
        return not self.is_slow and is_little and now <= self._asked_at + expected

    def next_time(self) -> float:
        """Returns when pictures may be sent next, unless an acknowledgement must be awaited."""
        return self._next

    def needs_probe(self) -> bool:
        """Whether a message without content should ask now: one delay alone says little on a busy machine."""
        return not self._is_awaited and self._bytes == 0 and 0 < len(self._small) < BASE_COUNT

    def on_send(self, now: float, size: int, with_pictures: bool) -> bool:
        """Handle that a message is sent; returns whether it asks for an acknowledgement."""
        if with_pictures:
            self._bytes += size
        if self._is_awaited or not self._asks(now, with_pictures):
            return False
        self._is_awaited, self._with_pictures, self._asked_at = True, with_pictures, now
        if with_pictures:
            self._bytes, self._is_to_ask = 0, False
        return True

    def on_acknowledged(self, now: float) -> None:
        """Handle an acknowledgement; one that is not awaited has no effect."""
        if not self._is_awaited:
            return
        self._is_awaited, delay = False, now - self._asked_at
        if not self._with_pictures or delay < self._base(0.0):
            self._small.append((now, delay))
            while len(self._small) > BASE_COUNT and self._small[0][0] < now - BASE_SECONDS:
                self._small.popleft()
        if self._with_pictures:
            self._delays.append(delay - self._base(0.0))
            self._set_pace(now)

    def _set_pace(self, now: float) -> None:
        least, latest = min(self._delays), self._delays[-1]
        if max(list(self._delays)[-2:]) <= SHORT:
            self.is_slow = False
        elif least > LONG and len(self._delays) == SLOW_COUNT:
            self.is_slow = True
        self._is_to_ask = latest > LONG
        self._next = now + least * (1 / SHARE - 1) if self.is_slow else -inf

    def _base(self, default: float) -> float:
        """The delay of a small message."""
        return min((delay for _, delay in self._small), default=default)

    def _asks(self, now: float, with_pictures: bool) -> bool:
        if with_pictures:
            return self.is_slow or self._is_to_ask or self._bytes >= ASK_BYTES
        is_alone = self._bytes == 0  # no pictures before it are on the line
        return is_alone and (
            len(self._small) < BASE_COUNT or (self.is_slow and now >= self._asked_at + ASK_SECONDS)
        )
