"""Log bound: at most so many lines of a kind in a minute; a further line says how many were left out.

A client without a token can cause lines as well: by requests that are no valid HTTP, for example.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

MAX_LINES = 20
SECONDS = 60.0
MAX_KINDS = 1000  # that are counted separately in a minute


class Kind(NamedTuple):
    """Events of one logger and level with one text, before values are filled in, about one run or none."""

    logger: str
    level: int
    text: str
    run: str | None


OTHERS = Kind("perceptarium", logging.WARNING, "other kinds", None)


class BoundedHandler(logging.StreamHandler):
    """A handler that leaves out lines, and counts them until its minute is over; `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._counts: Counter[Kind] = Counter()
        self._end = 0.0
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Writes the line of an event, unless there were too many of its kind."""
        if self._clock() >= self._end:
            self._begin()
        kind = Kind(record.name, record.levelno, str(record.msg), getattr(record, "run", None))
        if kind not in self._counts and len(self._counts) >= MAX_KINDS:
            kind = OTHERS
        self._counts[kind] += 1
        if self._counts[kind] <= MAX_LINES:
            super().emit(record)
        elif self._timer is None:
            self._timer = threading.Timer(self._end - self._clock(), self.report)
            self._timer.daemon = True
            self._timer.start()

    def report(self) -> None:
        """Writes how many lines of each kind were left out in this minute, and begins a new one."""
        with self.lock or threading.RLock():
            self._begin()

    def close(self) -> None:
        """Writes what is still to be said."""
        self.report()
        super().close()

    def _begin(self) -> None:
        counts, self._counts = self._counts, Counter()
        self._end = self._clock() + SECONDS
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for kind, count in counts.items():
            if count > MAX_LINES:
                super().emit(_summary(kind, count - MAX_LINES))


def _summary(kind: Kind, left_out: int) -> logging.LogRecord:
    text = "%d more events of this kind within %d seconds: %s"
    record = logging.LogRecord(
        kind.logger, kind.level, __file__, 0, text, (left_out, SECONDS, kind.text), None
    )
    if kind.run is not None:
        record.run = kind.run
    return record
