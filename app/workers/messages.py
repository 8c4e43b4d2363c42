"""Messages between the server and its child processes: commands to these, events and answers from these."""

from dataclasses import dataclass
from types import UnionType
from typing import Any, NamedTuple

from app.compact_encoding import Picture
from app.workers.heartbeat import Heartbeat
from app.workers.recorded import PastStep, Position, RecordedCheckpoint, RecordedHistory, Replay, Version
from engine.training.reason import Reason


class UnknownMessage(Exception):
    """A receiver does not handle a message; the text names the expected types and the received message."""

    def __init__(self, receiver: str, expected: UnionType | type, message: object) -> None:
        types = getattr(expected, "__args__", (expected,))
        names = " or ".join(getattr(member, "__name__", str(member)) for member in types)
        super().__init__(f"{receiver}: expected {names}, received {type(message).__name__}: {message!r:.200}")


class ViewKey(NamedTuple):
    """A view with its options as JSON, of the newest weights or `at` a step, as text or in `compact` form.

    Viewers of the same key share one computation.
    """

    view: str
    options: str
    at: PastStep | None = None
    compact: bool = False


# ---- server to training worker


@dataclass(frozen=True, slots=True)
class LoadRun:
    """Load a run; `logged` is attempt and step of the last point in its log.

    Its attempts begin at `first_step`, above 0 for a fork; runs of the same `batch` train together.
    """

    run: str
    config: dict[str, Any]
    checkpoint: bytes | None
    status: str
    raised: bool
    speed: float | None
    logged: tuple[int, int]
    reason: Reason | None = None
    first_step: int = 0
    recorded_step: int | None = None  # of the newest recorded checkpoint
    watched: bool = True  # see app.workers.training.messages.Watch
    lost_attempt: int | None = None  # without a checkpoint, as its weights are lost: a reset follows
    batch: str | None = None
    until: int | None = None  # the step at which it pauses by itself


@dataclass(frozen=True, slots=True)
class ExecuteCommand:
    """Execute start, pause, step, stop, reset, change, operate, redraw or snapshot on a run."""

    request: int
    run: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class InterruptStep:
    """End the current step command of a run, if there is one, and answer it."""

    run: str


@dataclass(frozen=True, slots=True)
class SendWeights:
    """Send the weights of a run (`full`: all state) once they are not `have`, at most `fps` a second."""

    run: str
    have: Version | None
    fps: float
    full: bool = False


@dataclass(frozen=True, slots=True)
class UnloadRun:
    """Release a run."""

    run: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Save the active runs and end."""


# ---- server to view worker


@dataclass(frozen=True, slots=True)
class ComputeViews:
    """Compute views of one version of a run's weights; `replay`: of the state to which it leads.

    `rounded`: those in compact form may have rounded values, see `app.compact_encoding`.
    """

    run: str
    version: Version
    config: dict[str, Any]
    checkpoint: bytes | None
    keys: tuple[ViewKey, ...]
    history: RecordedHistory | None = None
    replay: Replay | None = None
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class CancelViews:
    """Stop computing these views of a run, which have no viewer any more."""

    run: str
    keys: frozenset[ViewKey]


@dataclass(frozen=True, slots=True)
class Query:
    """A query about checkpoints or a data set: view, weights, predict, points, ends, redraw or fork."""

    request: int
    name: str
    config: dict[str, Any]
    checkpoint: bytes | None
    arguments: dict[str, Any]
    history: RecordedHistory | None = None
    replay: Replay | None = None
    run: str | None = None


# ---- child process to server


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has started."""


@dataclass(frozen=True, slots=True)
class Progress:
    """New points as columns, possibly empty, and the text of the frame without run and seq."""

    run: str
    position: Position
    columns: dict[str, Any]
    learning_rate: float
    steps_per_second: float
    text: str


@dataclass(frozen=True, slots=True)
class CheckpointsSaved:
    """Checkpoints to keep, taken while training, in the order of their steps."""

    run: str
    checkpoints: tuple[RecordedCheckpoint, ...]


@dataclass(frozen=True, slots=True)
class RecoverySaved:
    """A checkpoint for recovery taken while training, which replaces the one before."""

    run: str
    position: Position
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Transition:
    """The state of a run after it was loaded, executed a command (`request`), or ended."""

    run: str
    request: int | None
    status: str
    reason: Reason | None
    raised: bool
    position: Position
    speed: float | None
    learning_rate: float
    steps_per_second: float
    config: dict[str, Any] | None = None
    latest: dict[str, Any] | None = None
    checkpoint: RecordedCheckpoint | None = None
    event: dict[str, Any] | None = None
    batched: bool = False  # whether it still trains with its batch, when it trains


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The weights of a run; `full`: with the optimizer state; `request`: the answered command."""

    run: str
    version: Version
    checkpoint: bytes
    request: int | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class ViewResult:
    """The frame of a view without run, seq and id, maybe with rounded values; or the error; diagnoses."""

    run: str
    key: ViewKey
    version: Version
    frame: str | Picture | None
    problem: dict[str, Any] | None = None
    diagnoses: tuple[dict[str, Any], ...] = ()
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class ViewProgress:
    """The text of a view frame without run, seq and id, with the computed share of the view."""

    run: str
    key: ViewKey
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a query, as JSON; `checkpoint`: that with which a fork begins."""

    request: int
    text: bytes
    checkpoint: bytes | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The refusal of a query or command: status and `error` object of the answer."""

    request: int
    status: int
    problem: dict[str, Any]


RunMessage = Progress | CheckpointsSaved | RecoverySaved | Transition | Snapshot | ViewResult | ViewProgress
ChildMessage = Ready | Heartbeat | Answer | Refusal | RunMessage
