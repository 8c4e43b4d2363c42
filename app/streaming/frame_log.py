"""Frame log: the frames of one run in order, and the cursors of its viewers. No I/O, no clock.

A run appends each small frame (status, progress, event) once, with the next `seq`. Each viewer has a cursor,
which returns the frames after its seq in order and exactly once. Views are large and only the
newest is of use, so they are not logged: each viewer keeps the latest frame per view.

All memory is bounded. A cursor before the oldest frame in the log returns `Reset` and continues from the
newest frame:

    log.append(Frame(1, "..."))         cursor = log.follow(after=0)
    log.append(Frame(2, "..."))         cursor.take()  ->  [Frame(1, ...), Frame(2, ...)]
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

MAX_FRAMES = 4096
MAX_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A logged frame: its number in the log of the run, and its complete text."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """The next frames of a cursor are not in the log; the cursor was moved to `seq`, the newest."""

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
    def first_after(self) -> int:
        """The smallest seq after which no frame is missing in the log."""
        return self._frames[0].seq - 1 if self._frames else self.last

    def append(self, frame: Frame) -> None:
        """Log a frame, whose seq must be the next one; removes the oldest frames of a full log."""
        assert frame.seq == self.last + 1, f"expected seq {self.last + 1}, received {frame.seq}"
        self.last = frame.seq
        self._frames.append(frame)
        self._characters += len(frame.text)
        while self._is_too_large():
            self._characters -= len(self._frames.popleft().text)

    def after(self, seq: int, limit: int) -> list[Frame]:
        """Returns the next frames after `seq` (first_after <= seq <= last), at most `limit`."""
        assert self.first_after <= seq <= self.last
        start = seq - self.first_after
        stop = min(start + limit, len(self._frames))
        return [self._frames[index] for index in range(start, stop)]

    def follow(self, after: int) -> "Cursor":
        """Returns a cursor whose next frame is the one after seq `after`."""
        return Cursor(self, after)

    def _is_too_large(self) -> bool:
        if len(self._frames) > self._max_frames:
            return True
        return self._characters > self._max_characters and len(self._frames) > 1


class Cursor:
    """The position of a viewer in the log: the frames up to seq `after` were taken."""

    def __init__(self, log: FrameLog, after: int) -> None:
        self._log = log
        self.after = after

    @property
    def behind(self) -> bool:
        """Whether there are frames to take, or a Reset."""
        return self.after != self._log.last

    def take(self, limit: int = 64) -> list[Frame] | Reset:
        """Returns the next frames in order, possibly none, or Reset if they are not in the log."""
        log = self._log
        if not log.first_after <= self.after <= log.last:
            self.after = log.last
            return Reset(log.last)
        frames = log.after(self.after, limit)
        if frames:
            self.after = frames[-1].seq
        return frames


class LatestFrames:
    """The latest unsent frame of each view of a viewer, a text or in the compact encoding.

    A newer frame replaces an older one.
    """

    def __init__(self) -> None:
        self._frames: dict[str, Any] = {}

    def put(self, view_id: str, frame: Any) -> None:
        """Store a frame; it keeps the order of the frame it replaces."""
        self._frames[view_id] = frame

    def view_ids(self) -> list[str]:
        """Returns the ids of the views with a frame, in order of their first unsent frame."""
        return list(self._frames)

    def take(self, view_id: str) -> Any:
        """Remove and return the frame of a view."""
        return self._frames.pop(view_id)

    def drop(self, view_id: str) -> None:
        """Remove the frame of a view, if there is one."""
        self._frames.pop(view_id, None)
