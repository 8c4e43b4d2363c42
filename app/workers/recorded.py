"""Recorded: what is recorded of an attempt, as parts of the messages to the view worker."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordedHistory:
    """Recorded points (as columns) or checkpoints of an attempt; None: not requested."""

    attempt: int
    points: dict[str, Any] | None = None
    weights: tuple[bytes, ...] | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """Train from the checkpoint of a message up to `step`; `events` are (step, event), those since then."""

    step: int
    events: tuple[tuple[int, dict[str, Any]], ...]
