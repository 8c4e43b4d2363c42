"""What streaming needs of a run: its frame log, its position, its state. `app.runs.run.Run` provides it."""

from typing import Any, Protocol

from app.run_states import Status
from app.streaming.frame_log import FrameLog
from app.workers.messages import Moment


class StreamedRun(Protocol):
    """A run as viewers and the view scheduler see it."""

    id: str
    status: Status
    moment: Moment
    log: FrameLog
    pause_when: tuple[str, ...]
    config_dict: dict[str, Any]
    deleted: bool

    def status_frame(self) -> str:
        """The present status as a frame for one viewer."""
        ...

    def reset_frame(self, seq: int) -> str:
        """A frame that asks one viewer to draw from scratch."""
        ...
