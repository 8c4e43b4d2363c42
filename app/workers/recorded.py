"""Recorded: what is recorded of an attempt, as parts of the messages to the view worker."""

from dataclasses import dataclass
from typing import Any, NamedTuple


class Position(NamedTuple):
    """The position of a run."""

    attempt: int
    step: int
    epoch: int


class RecordedCheckpoint(NamedTuple):
    """A checkpoint to keep, and its update norm (see `app.workers.training.update_norm`; None: unknown)."""

    position: Position
    state: bytes
    update_norm: float | None = None


@dataclass(frozen=True, slots=True)
class RecordedHistory:
    """Recorded points (as columns) or checkpoints of an attempt; None: not requested."""

    attempt: int
    points: dict[str, Any] | None = None
    weights: tuple[bytes, ...] | None = None


class PastStep(NamedTuple):
    """A step of an attempt."""

    attempt: int
    step: int


class EventInLog(NamedTuple):
    """A change of a run: its seq, and the step after which it took effect."""

    seq: int
    step: int
    event: dict[str, Any]


class Version(NamedTuple):
    """Identifies the weights of a run: equal versions have equal weights."""

    attempt: int
    step: int
    edits: int


class StateKey(NamedTuple):
    """Identifies a state: equal keys have bit-identical weights; `event` is the seq of the newest event that
    the state includes, 0 if there is none.
    """

    run: str
    attempt: int
    step: int
    event: int


@dataclass(frozen=True, slots=True)
class Replay:
    """Train from the checkpoint of a message, of step `first`, up to `step`.

    `events` are all events of the attempt up to `step`, in order. The checkpoint includes those up to its own
    step; `first` is -1 if the message has none, and the replay begins at step 0.
    """

    run: str
    attempt: int
    first: int
    step: int
    events: tuple[EventInLog, ...] = ()

    @property
    def key(self) -> StateKey:
        """Identifies the state of `step`."""
        return self.key_at(self.step)

    def key_at(self, step: int) -> StateKey:
        """Identifies the state of a step up to `step`."""
        newest = max((event.seq for event in self.events if event.step <= step), default=0)
        return StateKey(self.run, self.attempt, step, newest)

    def events_after(self, step: int) -> list[EventInLog]:
        """Returns the events that the state of `step` does not include."""
        return [event for event in self.events if event.step > step]


@dataclass(frozen=True, slots=True)
class RecordedState:
    """What a state is computed from: configuration, a checkpoint with it (None: step 0), and the replay.

    Without `replay` it is the state of the checkpoint.
    """

    config: dict[str, Any]
    checkpoint: bytes | None
    replay: Replay | None
