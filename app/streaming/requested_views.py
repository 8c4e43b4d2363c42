"""Watch: which views of one run somebody watches, and what is to be done next for them. No I/O, no clock.

Weights are asked for only while some view is free, that is, neither being computed nor waiting to be taken
by a viewer; so a silent viewer costs nothing, and no pipe ever fills. A view is computed at most `fps`
times a second (the most that any of its viewers wants) and only when the weights are others than those it
shows. One that cannot be drawn is tried again with newer weights, now and then.
"""

from dataclasses import dataclass, field
from math import inf

from app.workers.messages import Version, ViewKey
from engine.views import VIEWS

# How often a second what could not be drawn is tried again: it may fit by now.
RETRIES = 0.5


@dataclass
class Watched:
    """One view with its options, for all who watch it."""

    fps: float
    due: float
    version: Version | None = None
    text: str | None = None
    painting: bool = False
    untaken: bool = False
    failed: bool = False

    @property
    def free(self) -> bool:
        """Whether one more picture would be of use."""
        return not (self.painting or self.untaken)

    @property
    def pace(self) -> float:
        """How often a second it is worth computing."""
        return min(self.fps, RETRIES) if self.failed else self.fps

    def retry(self) -> None:
        """Somebody asks anew for what could not be drawn: at once, for they are to be told too."""
        if self.failed:
            self.failed, self.version, self.due = False, None, 0.0


@dataclass
class Todo:
    """What is to be done now, and when to ask again."""

    paint: tuple[ViewKey, ...] = ()
    want_fps: float | None = None
    want_full: bool = False
    want_anew: bool = False
    wake: float | None = None


@dataclass
class Watch:
    """The views of one run; the caller does what `todo` says."""

    keys: dict[ViewKey, Watched] = field(default_factory=dict)
    version: Version | None = None
    checkpoint: bytes | None = None
    full: bool = False
    asked: bool = False
    asked_full: bool = False
    asked_anew: bool = False  # even if they are no newer
    asked_fps: float = 0.0

    def set_keys(self, wanted: dict[ViewKey, float], now: float) -> frozenset[ViewKey]:
        """Watch these views, each at its fps but no faster than is worth it, and no others.

        Returns those that are being computed for nobody now.
        """
        before = self.keys
        self.keys = {key: before.get(key, Watched(fps, now)) for key, fps in wanted.items()}
        for key, fps in wanted.items():
            self.keys[key].fps = min(fps, VIEWS[key.view].fps)
        return frozenset(key for key, watched in before.items() if watched.painting and key not in wanted)

    def arrived(self, version: Version, checkpoint: bytes | None, full: bool = False) -> None:
        """Newer weights, `full` with the optimizer's memory; None for those the run begins with."""
        self.version, self.checkpoint, self.full = version, checkpoint, full
        if full or not self.asked_full:
            self.asked = self.asked_full = self.asked_anew = False

    def painted(self, key: ViewKey, version: Version, text: str | None) -> None:
        """A picture is there and offered to its viewers; None: it cannot be drawn of these weights."""
        watched = self.keys.get(key)
        if watched is not None:
            watched.painting, watched.untaken = False, text is not None
            watched.version, watched.text, watched.failed = version, text, text is None

    def taken(self, key: ViewKey) -> None:
        """The first viewer took the picture."""
        if key in self.keys:
            self.keys[key].untaken = False

    def painter_lost(self) -> None:
        """Nothing that was being computed will come."""
        for watched in self.keys.values():
            watched.painting = False

    def worker_lost(self) -> None:
        """The weights asked for will not come."""
        self.asked = self.asked_full = self.asked_anew = False

    def nothing_newer(self) -> None:
        """The weights at hand are the newest, and full, until the run comes to a worker."""
        self.asked = self.asked_full = self.asked_anew = True
        self.asked_fps = inf

    def todo(self, now: float) -> Todo:
        """Paint what is free, due and outdated; ask for newer weights when some view is free."""
        todo = Todo()
        free = {key: watched for key, watched in self.keys.items() if watched.free}
        outdated = {key: watched for key, watched in free.items() if watched.version != self.version}
        due = [key for key, watched in outdated.items() if watched.due <= now]
        if self.version is not None:
            todo.paint = tuple(key for key in due if self.full or not _needs_full(key))
            todo.wake = min((watched.due for watched in outdated.values() if watched.due > now), default=None)
            for key in todo.paint:
                watched = self.keys[key]
                watched.painting = True
                watched.due = max(watched.due + 1 / watched.pace, now)
        if free:
            self._ask(todo, free, any(_needs_full(key) and key not in todo.paint for key in due))
        return todo

    def _ask(self, todo: Todo, free: dict[ViewKey, Watched], lacking: bool) -> None:
        """Ask for newer weights, or `lacking` full ones.

        For full ones at once also where newer ones are awaited already: a run that stands still has none. And
        again where they are wanted sooner now.
        """
        fps = max(watched.pace for watched in free.values())
        if self.asked and fps <= self.asked_fps and not (lacking and not self.asked_anew):
            return
        full = lacking or all(map(_needs_full, free))
        self.asked, self.asked_full, self.asked_anew = True, full, lacking
        self.asked_fps = todo.want_fps = fps
        todo.want_full, todo.want_anew = full, lacking


def _needs_full(key: ViewKey) -> bool:
    return "slots" in VIEWS[key.view].needs
