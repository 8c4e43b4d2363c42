"""Replay: the state of a training at any step, from an earlier checkpoint and the recorded events.

Training is a state transition: the same state, with the same events at the same steps, gives bit-identical
weights. The state of step S is the one after S steps and after every event recorded at S.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, NamedTuple

from engine.config.models import Config
from engine.datasets.tables.drawn_points import with_content
from engine.datasets.tables.library import NO_TABLES, TableLibrary
from engine.tasks.resolve import parse
from engine.trainers import TrainerProtocol, trainer
from engine.training.checkpoint import Checkpoint

# About so many multiplications are done between two yields: a few milliseconds.
PRODUCTS_PER_SLICE = 2_000_000


class RecordedEvent(NamedTuple):
    """A change of a training, and the step after which it took effect."""

    step: int
    event: Mapping[str, Any]


class ReplayProgress(NamedTuple):
    """The share of a replay that is done, and the epoch that it has reached."""

    share: float
    epoch: int


class NotReached(ValueError):
    """The training ended before the requested step."""


def replay(
    checkpoint: Checkpoint,
    events: Sequence[RecordedEvent],
    step: int,
    load_data: Callable[[Config], Any],
    tables: TableLibrary = NO_TABLES,
) -> Generator[ReplayProgress, None, Checkpoint]:
    """Yields its progress, and returns the checkpoint of `step`.

    `events` are those that `checkpoint` does not include yet, in order; `load_data` returns the data of a
    configuration. Raises NotReached if the training ended before `step`.
    """
    training = trainer(checkpoint.config, load_data(checkpoint.config), checkpoint)
    first = checkpoint.step
    for recorded in events:
        if recorded.step > step:
            break
        yield from _advance(training, first, recorded.step, step)
        _apply(training, recorded.event, load_data, tables)
    yield from _advance(training, first, step, step)
    return training.checkpoint()


def _advance(
    training: TrainerProtocol, first: int, step: int, last: int
) -> Generator[ReplayProgress, None, None]:
    """Train up to `step`; the shares are those of the way from `first` to `last`."""
    count = _steps_per_slice(training)
    while training.state.step < step:
        report = training.advance(min(count, step - training.state.step))
        share = (training.state.step - first) / max(1, last - first)
        yield ReplayProgress(share, training.state.epoch)
        if report.ended is not None and training.state.step < step:
            raise NotReached(f"the training ended at step {training.state.step}, before step {step}")


def _steps_per_slice(training: TrainerProtocol) -> int:
    batch_size = getattr(training.config, "batch_size", 1)
    return max(1, PRODUCTS_PER_SLICE // (batch_size * training.state.theta.size))


def _apply(
    training: TrainerProtocol,
    event: Mapping[str, Any],
    load_data: Callable[[Config], Any],
    tables: TableLibrary,
) -> None:
    """Repeat what an event changed; other events (a diagnosis, a pause) changed nothing."""
    match event["type"]:
        case "change":
            training.change(event["changes"])
        case "operation":
            training.apply_edits(event["operations"])
        case "data":
            config = parse(with_content(training.config, event["content"]), tables)
            training.replace_data(config, load_data(config))
