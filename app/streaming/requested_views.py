"""Requested views: which views of one run have viewers, and what is to be computed next. No I/O, no clock.

Weights are requested only while some view can be computed, that is, is neither being computed nor waiting to
be sent; so a viewer that does not read costs nothing, and no pipe fills. A view is computed at most `fps`
times a second (the highest rate of its viewers), and only for weights other than those it shows. One that
could not be computed is tried again with newer weights at a low rate.
"""

from dataclasses import dataclass, field
from math import inf

from app.workers.messages import Version, ViewKey
from engine.views import VIEWS

# How often a second a view that could not be computed is tried again.
RETRIES = 0.5


@dataclass
class RequestedView:
    """One view with its options, for all its viewers."""

    fps: float
    due: float
    version: Version | None = None
    text: str | None = None
    computing: bool = False
    unsent: bool = False
    failed: bool = False

    @property
    def idle(self) -> bool:
        """Whether it may be computed again."""
        return not (self.computing or self.unsent)

    @property
    def rate(self) -> float:
        """How often a second it is to be computed."""
        return min(self.fps, RETRIES) if self.failed else self.fps

    def retry(self) -> None:
        """A new viewer requests a view that could not be computed: try at once, so that it gets the error
        too.
        """
        if self.failed:
            self.failed, self.version, self.due = False, None, 0.0


@dataclass
class WeightsRequest:
    """Request newer weights: at most `fps` times a second; `full`: with the optimizer's state; `repeat`: even
    if they are not newer.
    """

    fps: float
    full: bool
    repeat: bool


@dataclass
class NextActions:
    """What is to be done now, and when to ask for the next actions."""

    compute: tuple[ViewKey, ...] = ()
    request: WeightsRequest | None = None
    wake_at: float | None = None


@dataclass
class RequestedViews:
    """The views of one run; the caller does what `next_actions` returns."""

    views: dict[ViewKey, RequestedView] = field(default_factory=dict)
    version: Version | None = None
    checkpoint: bytes | None = None
    full: bool = False
    pending: WeightsRequest | None = None  # weights that were requested and have not come

    def set_views(self, rates: dict[ViewKey, float], now: float) -> frozenset[ViewKey]:
        """Request these views at their rates (no faster than the view's own limit), and no others.

        Returns those that are being computed and are not requested any more.
        """
        before = self.views
        self.views = {key: before.get(key, RequestedView(fps, now)) for key, fps in rates.items()}
        for key, fps in rates.items():
            self.views[key].fps = min(fps, VIEWS[key.view].fps)
        return frozenset(key for key, view in before.items() if view.computing and key not in rates)

    def on_weights(self, version: Version, checkpoint: bytes | None, full: bool = False) -> None:
        """Newer weights came, `full` with the optimizer's state; None: those the run begins with."""
        self.version, self.checkpoint, self.full = version, checkpoint, full
        if full or self.pending is None or not self.pending.full:
            self.pending = None

    def on_view(self, key: ViewKey, version: Version, text: str | None) -> None:
        """A view was computed and offered to its viewers; None: it cannot be computed from these weights."""
        view = self.views.get(key)
        if view is not None:
            view.computing, view.unsent = False, text is not None
            view.version, view.text, view.failed = version, text, text is None

    def on_sent(self, key: ViewKey) -> None:
        """The view was sent to its first viewer."""
        if key in self.views:
            self.views[key].unsent = False

    def on_view_worker_lost(self) -> None:
        """Views that were being computed will not come."""
        for view in self.views.values():
            view.computing = False

    def on_worker_changed(self) -> None:
        """The weights that were requested will not come."""
        self.pending = None

    def stop_requesting(self) -> None:
        """The present weights are full and the newest, until the run is loaded in a worker."""
        self.pending = WeightsRequest(inf, full=True, repeat=True)

    def next_actions(self, now: float) -> NextActions:
        """Compute what is idle, due and outdated; request newer weights while some view is idle."""
        actions = NextActions()
        idle = {key: view for key, view in self.views.items() if view.idle}
        outdated = {key: view for key, view in idle.items() if view.version != self.version}
        due = [key for key, view in outdated.items() if view.due <= now]
        if self.version is not None:
            actions.compute = tuple(key for key in due if self.full or not _needs_full(key))
            actions.wake_at = min((view.due for view in outdated.values() if view.due > now), default=None)
            for key in actions.compute:
                view = self.views[key]
                view.computing = True
                view.due = max(view.due + 1 / view.rate, now)
        if idle:
            lacking = any(_needs_full(key) and key not in actions.compute for key in due)
            actions.request = self._request(idle, lacking)
        return actions

    def _request(self, idle: dict[ViewKey, RequestedView], lacking: bool) -> WeightsRequest | None:
        """The request for newer weights, unless one that covers it is pending.

        `lacking`: a view that is due lacks full weights. They are requested at once, even if newer weights
        are pending: a run that does not train has no newer ones.
        """
        fps, pending = max(view.rate for view in idle.values()), self.pending
        if pending is not None and fps <= pending.fps and not (lacking and not pending.repeat):
            return None
        self.pending = WeightsRequest(fps, full=lacking or all(map(_needs_full, idle)), repeat=lacking)
        return self.pending


def _needs_full(key: ViewKey) -> bool:
    return "slots" in VIEWS[key.view].needs
