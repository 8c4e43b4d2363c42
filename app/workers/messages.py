"""Messages: what passes through the pipes between the server and its child processes."""

from dataclasses import dataclass
from typing import Any, NamedTuple


class Moment(NamedTuple):
    """Where a training stands."""

    attempt: int
    step: int
    epoch: int


class Version(NamedTuple):
    """Which weights these are: two views of the same version of a run are equal."""

    attempt: int
    step: int
    edits: int


class ViewKey(NamedTuple):
    """One view with its options: viewers who ask for the same key share one computation."""

    view: str
    options: str


# ---- server to training worker


@dataclass(frozen=True, slots=True)
class Load:
    """Take up a run; `logged` is attempt and step of the last point that is already in its log."""

    run: str
    config: dict[str, Any]
    checkpoint: bytes | None
    status: str
    raised: bool
    speed: float | None
    logged: tuple[int, int]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A command to a run: start, pause, step, stop, reset, change, operate or snapshot."""

    request: int
    run: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Want:
    """Send the run's weights when they are no longer those of `have`, at most `fps` times a second; `full`:
    with the optimizer's memory."""

    run: str
    have: Version | None
    fps: float
    full: bool = False


@dataclass(frozen=True, slots=True)
class Unload:
    """Forget a run."""

    run: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Save what is running and end."""


# ---- server to painter


@dataclass(frozen=True, slots=True)
class Past:
    """The way of an attempt so far: columns of its points, and recorded checkpoints; None: not asked for."""

    attempt: int
    points: dict[str, Any] | None = None
    weights: tuple[bytes, ...] | None = None


@dataclass(frozen=True, slots=True)
class Paint:
    """Compute views of one version of a run's weights."""

    run: str
    version: Version
    config: dict[str, Any]
    checkpoint: bytes | None
    keys: tuple[ViewKey, ...]
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Nobody watches these views of a run any more: what is not finished need not be."""

    run: str
    keys: frozenset[ViewKey]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about a checkpoint or a data set, answered with JSON."""

    request: int
    what: str
    config: dict[str, Any]
    checkpoint: bytes | None
    arguments: dict[str, Any]
    past: Past | None = None


# ---- server to reader


@dataclass(frozen=True, slots=True)
class ReadTable:
    """Read the CSV file at `path` and answer with what is understood; `keep`: and keep its table."""

    request: int
    path: str
    wishes: dict[str, Any]
    keep: bool


@dataclass(frozen=True, slots=True)
class WriteTable:
    """Write the table of this content as CSV to `path`."""

    request: int
    content: str
    path: str


# ---- child to server


@dataclass(frozen=True, slots=True)
class Ready:
    """The child has started."""


@dataclass(frozen=True, slots=True)
class Progress:
    """New points (columns as in the history; possibly none) and the frame's text without run and seq."""

    run: str
    moment: Moment
    columns: dict[str, Any]
    learning_rate: float
    steps_per_second: float
    text: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint taken while training."""

    run: str
    moment: Moment
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Transition:
    """A run as it is after it was loaded, obeyed an order, or ended by itself; `request` of an order."""

    run: str
    request: int | None
    status: str
    reason: str | None
    raised: bool
    moment: Moment
    speed: float | None
    learning_rate: float
    steps_per_second: float
    config: dict[str, Any] | None = None
    latest: dict[str, Any] | None = None
    checkpoint: bytes | None = None
    event: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The weights of a run, to be looked at, `full` with the optimizer's memory; `request` when an order
    asked for them."""

    run: str
    version: Version
    checkpoint: bytes
    request: int | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Painted:
    """A view frame's text without run, seq and id, and the diagnoses in it; or why it cannot be drawn."""

    run: str
    key: ViewKey
    version: Version
    text: str | None
    problem: dict[str, Any] | None = None
    diagnoses: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Underway:
    """The text of a view frame without run, seq and id that says how far the computation of the view is."""

    run: str
    key: ViewKey
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: JSON, or what is wrong with it."""

    request: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question or order that was refused: status and error object of the answer."""

    request: int
    status: int
    problem: dict[str, Any]
