"""Requested views: the views of one run that have viewers, and which to compute next. No I/O, no clock.

Weights are requested only while a view is idle, that is, neither being computed nor unsent: a viewer that
does not read causes no work. A view is computed at most `fps` times a second (the highest rate of its
viewers), and only if the weights have changed. A view that failed is computed again with newer weights, at
a low rate. A view with rounded values is computed again when the run no longer trains.
"""

from dataclasses import dataclass, field
from math import inf

from app.compact_encoding import Picture
from app.workers.messages import ViewKey
from app.workers.recorded import Version
from engine.views import VIEWS

RETRY_FPS = 0.5  # of a view that could not be computed


@dataclass
class RequestedView:
    """A view with its options, for all its viewers."""

    fps: float
    due: float
    version: Version | None = None
    frame: str | Picture | None = None
    rounded: bool = False
    computing: bool = False
    unsent: bool = False
    failed: bool = False

    @property
    def idle(self) -> bool:
        """Whether the view may be computed again."""
        return not (self.computing or self.unsent)

    @property
    def rate(self) -> float:
        """How often per second the view is computed at most."""
        return min(self.fps, RETRY_FPS) if self.failed else self.fps

    def retry(self) -> None:
        """Compute a failed view again immediately, so that a new viewer gets the error too."""
        if self.failed:
            self.failed, self.version, self.due = False, None, 0.0


@dataclass
class WeightsRequest:
    """A request for newer weights, at most `fps` times a second.

    `full`: with the optimizer state; `repeat`: even if they are not newer.
    """

    fps: float
    full: bool
    repeat: bool


@dataclass
class NextActions:
    """The actions that are due now, and the time at which `next_actions` must be called again."""

    compute: tuple[ViewKey, ...] = ()
    request: WeightsRequest | None = None
    wake_at: float | None = None


@dataclass
class RequestedViews:
    """The views of one run; the caller executes what `next_actions` returns."""

    views: dict[ViewKey, RequestedView] = field(default_factory=dict)
    version: Version | None = None
    checkpoint: bytes | None = None
    full: bool = False
    pending: WeightsRequest | None = None  # a request that was not answered yet
    rounded: bool = True  # whether frames may have rounded values

    def set_views(self, rates: dict[ViewKey, float], now: float) -> frozenset[ViewKey]:
        """Replace the requested views; `rates` are in frames per second, at most the limit of the view.

        Returns the views that are being computed and are no longer requested.
        """
        before = self.views
        self.views = {key: before.get(key, RequestedView(fps, now)) for key, fps in rates.items()}
        for key, fps in rates.items():
            self.views[key].fps = min(fps, VIEWS[key.view].fps)
        if not rates:
            self._forget_weights()
        return frozenset(key for key, view in before.items() if view.computing and key not in rates)

    def on_weights(self, version: Version, checkpoint: bytes | None, full: bool = False) -> None:
        """Handle newer weights, `full`: with the optimizer state; None: the initial weights."""
        if not self.views:
            return
        self.version, self.checkpoint, self.full = version, checkpoint, full
        if full or self.pending is None or not self.pending.full:
            self.pending = None

    def on_view(
        self, key: ViewKey, version: Version, frame: str | Picture | None, rounded: bool = False
    ) -> None:
        """Handle a computed view, which was offered to its viewers; None: it could not be computed."""
        view = self.views.get(key)
        if view is not None:
            view.computing, view.unsent = False, frame is not None
            view.version = None if rounded and not self.rounded else version
            view.frame, view.rounded, view.failed = frame, rounded, frame is None

    def on_sent(self, key: ViewKey) -> bool:
        """Handle that a view was sent; returns whether this was the first viewer."""
        view = self.views.get(key)
        is_first = view is not None and view.unsent
        if view is not None:
            view.unsent = False
        return is_first

    def set_rounded(self, rounded: bool) -> bool:
        """Allow frames with rounded values, or not; returns whether views must be computed again.

        When they are no longer allowed, the training has stopped: all views are due now, the slow ones too.
        """
        is_exact_now = self.rounded and not rounded
        self.rounded = rounded
        outdated = [view for view in self.views.values() if view.rounded and is_exact_now]
        for view in outdated:
            view.version = None
        if is_exact_now:  # the last weights have no newer ones to wait for
            for view in self.views.values():
                view.due = 0.0
        return is_exact_now

    def on_view_worker_lost(self) -> None:
        """Handle that the views that were being computed are lost."""
        for view in self.views.values():
            view.computing = False

    def on_worker_changed(self) -> None:
        """Handle that requested weights are lost."""
        self.pending = None

    def stop_requesting(self) -> None:
        """Request no weights until the run is loaded in a worker: the current ones are full and newest."""
        if self.views:
            self.pending = WeightsRequest(inf, full=True, repeat=True)

    def next_actions(self, now: float) -> NextActions:
        """Compute views that are idle, due and outdated; request newer weights while a view is idle."""
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
            full_needed = any(_needs_full(key) and key not in actions.compute for key in due)
            actions.request = self._request(idle, full_needed)
        return actions

    def _forget_weights(self) -> None:
        """Nothing is requested: the weights will be outdated when a view is requested again."""
        self.version, self.checkpoint, self.full, self.pending = None, None, False, None

    def _request(self, idle: dict[ViewKey, RequestedView], full_needed: bool) -> WeightsRequest | None:
        """Returns the request for newer weights, unless a pending one covers it.

        `full_needed`: a view that is due needs full weights. They are requested immediately, even if newer
        weights are pending: a run that does not train has no newer ones.
        """
        fps, pending = max(view.rate for view in idle.values()), self.pending
        if pending is not None and fps <= pending.fps and not (full_needed and not pending.repeat):
            return None
        self.pending = WeightsRequest(
            fps, full=full_needed or all(map(_needs_full, idle)), repeat=full_needed
        )
        return self.pending


def _needs_full(key: ViewKey) -> bool:
    return "slots" in VIEWS[key.view].needs
