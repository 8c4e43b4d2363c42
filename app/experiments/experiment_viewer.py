"""Experiment viewer: one open stream of an experiment: the frames of its log, and pictures of its members."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any

from app import encoding
from app.compact_encoding import message, picture_frame, text_frame
from app.errors import ApiError, Damaged, NotFound
from app.experiments.experiment import Experiment
from app.runs.queries import RunQueries
from app.runs.run import Run
from app.runs.unwatched_pause import UnwatchedPause
from app.streaming.frame_log import Reset
from app.streaming.streamed_run import StreamedRun
from app.streaming.view_scheduler import ViewScheduler
from app.streaming.viewer import Viewer
from app.workers.messages import ViewKey

AT_ONCE = 64  # pictures in a message
PATIENCE = 1.0  # seconds, after which pictures are sent although the last ones were not acknowledged


class MemberViewer(Viewer):
    """The viewer of one member: it has one view, which is sent in the stream of the experiment."""

    def __init__(
        self,
        run: StreamedRun,
        after: int,
        on_sent: Callable[[ViewKey], None],
        compact: bool,
        on_offered: Callable[["MemberViewer"], None],
    ) -> None:
        super().__init__(run, after, on_sent)
        self.compact = compact
        self._on_picture = on_offered

    def wake(self) -> None:
        """The frames of the member are not sent."""

    def add_error(self, error: ApiError) -> None:
        """A member whose view cannot be computed has no picture."""

    def take(self, experiment: Experiment) -> Any:
        """Returns the newest picture, as text or deflated, whose id is the run; None without one."""
        if self.run.id not in self.subscriptions or self.run.id not in self._views.view_ids():
            return None
        picture = self._views.take(self.run.id)
        self.sent += 1
        self._on_sent(self.subscriptions[self.run.id])
        if self.compact:
            return picture_frame(self.run.id, picture)
        return encoding.frame(self.run.id, experiment.log.last, picture, self.run.id)

    def _on_offered(self) -> None:
        self._on_picture(self)


class ExperimentViewer:
    """One open stream of an experiment, with its cursor in the log. It receives every frame in order.

    A slow viewer misses pictures, of which only the newest of each member is kept: a compact one gets the
    next ones once it has acknowledged the last ones. `members` are those whose pictures are sent; each is
    closed when its picture is not requested any more, or the stream ends.
    """

    def __init__(self, experiment: Experiment, after: int, compact: bool) -> None:
        self.compact = compact
        self.ended = False
        self.members: dict[str, ExitStack] = {}
        self._experiment = experiment
        self._cursor = experiment.log.follow(after)
        self._wake = asyncio.Event()
        self._offered: dict[MemberViewer, None] = {}  # members with an unsent picture, the oldest first
        self.view: ViewKey | None = None
        self.fps = 0.0
        self._due = 0.0
        self._awaited_until = 0.0  # no pictures are sent before, unless the last ones are acknowledged

    def wake(self) -> None:
        """Notify the sending loop that there may be frames to send."""
        self._wake.set()

    def end(self) -> None:
        """Stop sending: the experiment was deleted."""
        self.ended = True
        self._wake.set()

    def request(self, view: ViewKey | None, fps: float, runs: frozenset[str] | None = None) -> None:
        """Pictures of a view (None: of none) are requested at most `fps` times a second; `runs` None: of all.

        Those of members that were requested before as well go on as they are.
        """
        is_same = view is not None and (view, fps) == (self.view, self.fps)
        for run in [run for run in self.members if not is_same or (runs is not None and run not in runs)]:
            self.members.pop(run).close()
        self._offered = {member: None for member in self._offered if member.run.id in self.members}
        self.view, self.fps = view, fps

    def acknowledge(self) -> bool:
        """The client has received the last pictures; returns False if this was not awaited."""
        is_awaited, self._awaited_until = self._awaited_until > 0, 0.0
        self._wake.set()
        return is_awaited

    def on_offered(self, member: MemberViewer) -> None:
        """A member has a picture to send."""
        self._offered.setdefault(member)
        self._wake.set()

    async def send(self, send: Callable[[Any], Awaitable[Any]], write: Callable[[bytes], bool]) -> None:
        """Send frames until the viewer ends; `write`, which sends without waiting, is not used."""
        clock = asyncio.get_running_loop().time
        while not self.ended:
            self._wake.clear()
            texts, pictures = self._next_texts(), self._next_pictures(clock())
            if self.compact and (texts or pictures):
                self._awaited_until = clock() + PATIENCE if pictures else self._awaited_until
                await send(message([*map(text_frame, texts), *pictures], acknowledge=bool(pictures)))
            for text in () if self.compact else (*texts, *pictures):
                await send(text)
            if not texts and not pictures:
                await self._sleep(clock())

    def _next_texts(self) -> list[str]:
        frames = self._cursor.take()
        if isinstance(frames, Reset):
            return [self._experiment.reset_frame(frames.seq)]
        return [frame.text for frame in frames]

    def _next_pictures(self, now: float) -> list[Any]:
        if not self._offered or self._next_due() > now:
            return []
        self._due = max(self._due + 1 / self.fps, now)
        members = list(self._offered)[:AT_ONCE]
        for member in members:
            del self._offered[member]
        taken = [member.take(self._experiment) for member in members if not member.ended]
        return [picture for picture in taken if picture is not None]

    def _next_due(self) -> float:
        return max(self._due, self._awaited_until)

    async def _sleep(self, now: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), self._next_due() - now if self._offered else None)
        except TimeoutError:
            return


class MemberPictures:
    """Opens the viewers of members whose pictures viewers of experiments request."""

    def __init__(self, queries: RunQueries, unwatched: UnwatchedPause, views: ViewScheduler) -> None:
        self._queries, self._unwatched, self._views = queries, unwatched, views

    async def watch(self, viewer: ExperimentViewer, runs: Iterable[str]) -> None:
        """Sends the requested pictures of these runs to a viewer, also of those that it does not get yet."""
        for run in runs:
            if run not in viewer.members:
                with suppress(NotFound, Damaged):  # it was deleted meanwhile, or cannot be read
                    self._open(viewer, await self._queries.get(run))

    def _open(self, viewer: ExperimentViewer, run: Run) -> None:
        if viewer.view is None:
            return
        make = partial(MemberViewer, compact=viewer.compact, on_offered=viewer.on_offered)
        with ExitStack() as stack:
            stack.enter_context(self._unwatched.viewer(run, closely=False))
            watching = stack.enter_context(self._views.viewer(run, run.log.last, make=make))
            self._views.subscribe(watching, {run.id: viewer.view}, viewer.fps)
            viewer.members[run.id] = stack.pop_all()
