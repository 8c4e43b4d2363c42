"""Requested steps: views of past steps of one run that have viewers, and which to compute. No I/O, no clock.

The state of a past step does not change, so a view of it is computed once for all its viewers. Only at the
newest step of a run can events be added: then the views of that step are computed again.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.compact_encoding import Picture
from app.workers.messages import ViewKey
from app.workers.recorded import PastStep, Position, Version


@dataclass
class PastView:
    """A view of a past step; `version` is the one that is being, or was, computed; None: not yet."""

    version: Version | None = None
    frame: str | Picture | None = None
    computing: bool = False


@dataclass
class RequestedSteps:
    """The views of past steps of one run; `newest_event` is the seq of its newest event."""

    newest_event: int
    views: dict[ViewKey, PastView] = field(default_factory=dict)

    def set_views(self, keys: Collection[ViewKey]) -> frozenset[ViewKey]:
        """Replace the requested views; the first requested step is computed first.

        Returns the views that are no longer requested, if any of them is being computed.
        """
        before = self.views
        self.views = {key: before[key] for key in before if key in keys}
        self.views.update((key, PastView()) for key in keys if key not in before)
        dropped = frozenset(key for key in before if key not in keys)
        return dropped if any(before[key].computing for key in dropped) else frozenset()

    def next_views(self) -> tuple[PastStep, Version, tuple[ViewKey, ...]] | None:
        """Returns the next step, its version and those of its views that are to be computed together.

        They count as being computed. Returns None if nothing is to be computed.
        """
        first = next((key for key, view in self.views.items() if view.version is None), None)
        if first is None or first.at is None:
            return None
        version = Version(first.at.attempt, first.at.step, self.newest_event)
        keys = tuple(key for key, view in self.views.items() if key.at == first.at and view.version is None)
        for key in keys:
            self.views[key].version, self.views[key].computing = version, True
        return first.at, version, keys

    def is_current(self, key: ViewKey, version: Version) -> bool:
        """Whether this version of a view is the requested one."""
        view = self.views.get(key)
        return view is not None and view.version == version

    def on_view(self, key: ViewKey, version: Version, frame: str | Picture | None) -> bool:
        """Handle a computed view; None: it could not be computed. Returns whether it is the requested one."""
        if not self.is_current(key, version):
            return False
        self.views[key].frame, self.views[key].computing = frame, False
        return True

    def retry(self, key: ViewKey) -> None:
        """Compute a view again if it could not be computed."""
        view = self.views[key]
        if view.frame is None and not view.computing:
            view.version = None

    def on_events(self, position: Position, newest_event: int) -> frozenset[ViewKey] | None:
        """Handle that events may have been added at `position`; None: there are no new ones.

        Returns the views that are outdated, if any of them is being computed.
        """
        if newest_event == self.newest_event:
            return None
        self.newest_event = newest_event
        outdated = {key: view for key, view in self.views.items() if key.at == position[:2]}
        self.views.update((key, PastView()) for key in outdated)
        return frozenset(outdated if any(view.computing for view in outdated.values()) else ())

    def on_view_worker_lost(self) -> None:
        """Compute the views again that were being computed."""
        for view in self.views.values():
            if view.computing:
                view.version, view.computing = None, False
