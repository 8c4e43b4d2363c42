"""Frames: a run's append-only log, and the cursors of its viewers. No I/O, no clock.

Small frames (status, progress, event) are kept in order and handed to every cursor exactly once; of views
only the newest is worth sending, so each viewer has one slot per view id. All memory is bounded: a cursor
that falls behind the oldest frame kept is told so with `Reset` and goes on from the newest.
"""

from collections import deque
from dataclasses import dataclass

MAX_FRAMES = 4096
MAX_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """One logged frame: its place in the run's log and its whole text."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """The frames after a cursor cannot be replayed; it now stands after `seq`."""

    seq: int


class FrameLog:
    """The newest frames of one run; `last` is the seq of the newest frame ever logged."""

    def __init__(
        self, last: int = 0, max_frames: int = MAX_FRAMES, max_characters: int = MAX_CHARACTERS
    ) -> None:
        self.last = last
        self._frames: deque[Frame] = deque()
        self._characters = 0
        self._max_frames = max_frames
        self._max_characters = max_characters

    @property
    def oldest_after(self) -> int:
        """The smallest `after` that can be replayed without a gap."""
        return self._frames[0].seq - 1 if self._frames else self.last

    def append(self, frame: Frame) -> None:
        """Log `frame`, whose seq must be the next one; the oldest go when the log is full."""
        assert frame.seq == self.last + 1, f"seq {frame.seq} does not follow {self.last}"
        self.last = frame.seq
        self._frames.append(frame)
        self._characters += len(frame.text)
        while len(self._frames) > self._max_frames or (
            self._characters > self._max_characters and len(self._frames) > 1
        ):
            self._characters -= len(self._frames.popleft().text)

    def after(self, seq: int, limit: int) -> list[Frame]:
        """At most `limit` frames that follow `seq`, which must be replayable."""
        assert self.oldest_after <= seq <= self.last
        start = seq - self.oldest_after
        count = min(limit, len(self._frames) - start)
        return [self._frames[start + i] for i in range(count)]

    def follow(self, after: int) -> "Cursor":
        """A cursor that has seen everything up to `after`."""
        return Cursor(self, after)


class Cursor:
    """One viewer's place in the log."""

    def __init__(self, log: FrameLog, after: int) -> None:
        self._log = log
        self.after = after

    @property
    def behind(self) -> bool:
        """Whether there is something to take."""
        return self.after != self._log.last

    def take(self, limit: int = 64) -> list[Frame] | Reset:
        """The next frames in order (none when all were taken), or Reset when they are gone or never were."""
        log = self._log
        if not log.oldest_after <= self.after <= log.last:
            self.after = log.last
            return Reset(log.last)
        frames = log.after(self.after, limit)
        if frames:
            self.after = frames[-1].seq
        return frames


class Slots:
    """The newest frame of each view one viewer watches: put replaces it, take empties the slot."""

    def __init__(self) -> None:
        self._newest: dict[str, str] = {}

    def put(self, view_id: str, text: str) -> None:
        """Offer a newer frame; it keeps the place in line of the one it replaces."""
        self._newest[view_id] = text

    def waiting(self) -> list[str]:
        """The ids that have a frame, the longest waiting first."""
        return list(self._newest)

    def take(self, view_id: str) -> str:
        """Take the frame out of its slot."""
        return self._newest.pop(view_id)

    def drop(self, view_id: str) -> None:
        """Forget a view that is not watched any more."""
        self._newest.pop(view_id, None)
