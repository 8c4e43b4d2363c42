"""Streamed run: the interface of runs for streaming, which `app.runs.run.Run` implements."""

from typing import Any, Protocol

from app.run_states import Status
from app.streaming.frame_log import FrameLog
from app.workers.recorded import Position


class StreamedRun(Protocol):
    """A run as viewers and the view scheduler use it."""

    id: str
    status: Status
    log: FrameLog
    pause_when: tuple[str, ...]
    config_dict: dict[str, Any]
    deleted: bool
    event_seq: int  # seq of its newest event

    @property
    def position(self) -> Position:
        """Attempt, step and epoch."""

    @property
    def first_step(self) -> int:
        """The step with which its attempts begin, above 0 for a fork."""

    def newest_step(self, attempt: int, known: int) -> int:
        """Returns the newest step of an attempt of which a viewer may have a view, from the reported one."""

    def has_attempt(self, attempt: int) -> bool:
        """Whether the attempt is recorded."""

    def status_frame(self) -> str:
        """Returns a status frame for one viewer."""

    def reset_frame(self, seq: int) -> str:
        """Returns a frame after which one viewer discards what it has received."""
