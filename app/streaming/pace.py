"""Pace: when a viewer may get the next pictures, from how long it takes to acknowledge. No I/O, no clock.

What waits in the network is not seen by the server's sockets, so some messages ask for an acknowledgement.
Its delay, less that of a small message, is how long the pictures took on the line:

- Fast line: one message per ASK_BYTES asks. Until it is acknowledged, pictures are sent for PATIENCE at most,
  so that little can wait in the network.
- Slow line, once SLOW_COUNT delays in a row were long: one message with pictures at a time, and then none for
  twice as long as it took. Two thirds of the line remain free for other frames and other traffic.
"""

from collections import deque
from math import inf

ASK_BYTES = 64 * 1024  # of pictures, after which one asks again
ASK_SECONDS = 0.5  # between two messages without pictures that ask, on a slow line
PATIENCE = 0.1  # seconds beyond the delay of a small message in which an acknowledgement is expected
LONG, SHORT = 0.05, 0.025  # seconds: delays that make a line slow, and fast again
SLOW_COUNT = 4
SHARE = 1 / 3  # of the time in which a slow line carries pictures
FIRST_DELAY = 2.0  # assumed until the first acknowledgement: the page may still be loading its scripts


class Pace:
    """The pace of one viewer. Times are in seconds of any clock."""

    def __init__(self) -> None:
        self.is_slow = False
        self._asked_at = -inf
        self._is_awaited = False
        self._with_pictures = False  # the message that asked
        self._bytes = ASK_BYTES  # of pictures since a message with pictures asked
        self._base: deque[float] = deque(maxlen=SLOW_COUNT)  # delays of messages without pictures
        self._delays: deque[float] = deque(maxlen=SLOW_COUNT)  # of messages with pictures, beyond the base
        self._next = -inf

    def allows(self, now: float) -> bool:
        """Whether pictures may be sent now."""
        if not self._is_awaited:
            return now >= self._next
        expected = min(self._base, default=FIRST_DELAY) + PATIENCE
        return not self.is_slow and now <= self._asked_at + expected

    def next_time(self) -> float:
        """Returns when pictures may be sent next, unless an acknowledgement must be awaited."""
        return self._next

    def on_send(self, now: float, size: int, with_pictures: bool) -> bool:
        """Handle that a message is sent; returns whether it asks for an acknowledgement."""
        if with_pictures:
            self._bytes += size
        if self._is_awaited or not self._is_to_ask(now, with_pictures):
            return False
        self._is_awaited, self._with_pictures, self._asked_at = True, with_pictures, now
        if with_pictures:
            self._bytes = 0
        return True

    def on_acknowledged(self, now: float) -> None:
        """Handle an acknowledgement; one that is not awaited has no effect."""
        if not self._is_awaited:
            return
        self._is_awaited, delay = False, now - self._asked_at
        if not self._with_pictures or delay < min(self._base, default=0.0):
            self._base.append(delay)
        if self._with_pictures:
            self._delays.append(delay - min(self._base, default=0.0))
            self._set_pace(now)

    def _set_pace(self, now: float) -> None:
        least, latest = min(self._delays), self._delays[-1]
        if latest <= SHORT:
            self.is_slow = False
        elif least > LONG and len(self._delays) == SLOW_COUNT:
            self.is_slow = True
        if latest > LONG:
            self._bytes = ASK_BYTES
        self._next = now + least * (1 / SHARE - 1) if self.is_slow else -inf

    def _is_to_ask(self, now: float, with_pictures: bool) -> bool:
        if with_pictures:
            return self.is_slow or self._bytes >= ASK_BYTES
        return not self._base or (self.is_slow and now >= self._asked_at + ASK_SECONDS)
