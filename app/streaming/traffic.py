"""Traffic: how many viewers there are, and how many frames were sent to viewers."""

import contextlib
from collections.abc import Iterator

from app.streaming.viewer import Viewer


class Traffic:
    """Counts the open viewers, and the frames that were sent since the start of the server."""

    def __init__(self) -> None:
        self._viewers: set[Viewer] = set()
        self._sent = 0  # to viewers that left

    @contextlib.contextmanager
    def watching(self, viewer: Viewer) -> Iterator[None]:
        """Counts a viewer during the context."""
        self._viewers.add(viewer)
        try:
            yield
        finally:
            self._viewers.discard(viewer)
            self._sent += viewer.sent

    @property
    def viewers(self) -> int:
        """The number of open viewers."""
        return len(self._viewers)

    @property
    def frames(self) -> int:
        """The number of frames that were sent."""
        return self._sent + sum(viewer.sent for viewer in self._viewers)
