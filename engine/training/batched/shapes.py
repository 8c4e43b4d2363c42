"""Which configurations can train in one ensemble: those whose networks, batches and steps have one shape."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.config.models import Config
from engine.training.state import TrainState

# Fields that may differ between the members of an ensemble; with a dot at the end: all fields below.
FREE = (
    "name",
    "tags",
    "seed",
    "l1",
    "l2",
    "epochs",
    "steps",
    "unwatched",
    "early_stopping",
    "early_stopping.",
    "initializer.",
    "dataset.seed",
    "dataset.train_seed",
    "dataset.noise",
    "dataset.standardize",
    "optimizer.learning_rate",
    "optimizer.momentum",
    "optimizer.beta_1",
    "optimizer.beta_2",
    "optimizer.rho",
    "optimizer.epsilon",
    "optimizer.weight_decay",
    "optimizer.schedule.",
)
# Fields of which only matters whether they are in use, as a step has other calls without them.
SWITCHES = ("optimizer.clip_norm", "dropout")


@dataclass(frozen=True)
class Grouping:
    """Indices of the configurations of each ensemble, and for each of the others why it trains alone."""

    ensembles: list[list[int]] = field(default_factory=list)
    alone: dict[int, str] = field(default_factory=dict)


def reason_not_batched(configs: Sequence[Config]) -> str | None:
    """Returns why these resolved configurations cannot train in one ensemble, or None if they can.

    The sentence names the first field in which two of them differ, with both values.
    """
    for config in configs:
        if config.paradigm != "supervised":
            return f"paradigm is “{config.paradigm}”, and only supervised runs train in batched products"
    shapes = [_shape(config) for config in configs]
    return next(filter(None, (_difference(shape, shapes[0]) for shape in shapes[1:])), None)


def group(configs: Sequence[Config]) -> Grouping:
    """Splits resolved configurations into groups of at least two that can train together, and the rest.

    The groups are in the order of their first configurations.
    """
    grouping, groups = Grouping(), dict[Hashable, list[int]]()
    for index, config in enumerate(configs):
        reason = reason_not_batched([config])
        if reason:
            grouping.alone[index] = reason
        else:
            groups.setdefault(tuple(_shape(config).items()), []).append(index)
    by_size = sorted(groups.values(), key=len, reverse=True)
    for indices in groups.values():
        if len(indices) > 1:
            grouping.ensembles.append(indices)
        else:
            other = next((larger for larger in by_size if larger != indices), [])
            reason = reason_not_batched([configs[index] for index in (*other[:1], *indices)])
            grouping.alone[indices[0]] = f"no other run has its shape: {reason}" if reason else "no other run"
    return grouping


def reason_state_differs(state: TrainState, other: TrainState | None) -> str | None:
    """Returns why a state cannot join an ensemble with `other`, or None if it can."""
    if state.frozen is not None or any(state.disabled):
        return "single weights are frozen or units are disabled"
    if other is None:
        return None
    for name in ("step", "epoch", "position"):
        given, expected = getattr(state, name), getattr(other, name)
        if given != expected:
            return f"{name} is {given:,}, but {expected:,} in the ensemble"
    for name, given, expected in (
        ("training points", len(state.order), len(other.order)),
        ("parameters and optimizer state", state.memory.shape, other.memory.shape),
    ):
        if given != expected:
            return f"the shape of {name} is {given}, but {expected} in the ensemble"
    return None


def _shape(config: Config) -> dict[str, Hashable]:
    """Returns the fields that must be equal, by dotted name."""
    groups = tuple(name for name in FREE if name.endswith("."))
    fields = _fields(config.model_dump())
    return {name: value for name, value in fields if name not in FREE and not name.startswith(groups)}


def _fields(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Hashable]]:
    for key, value in values.items():
        name = prefix + key
        if name in SWITCHES or key in SWITCHES:
            yield name, "in use" if value else "not in use"
        elif isinstance(value, Mapping):
            yield from _fields(value, f"{name}.")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            yield f"number of {name}", len(value)
            for index, item in enumerate(value):
                yield from _fields(item, f"{name}.{index}.")
        else:
            yield name, tuple(value) if isinstance(value, list) else value


def _difference(shape: Mapping[str, Hashable], other: Mapping[str, Hashable]) -> str | None:
    for name in [*other, *(name for name in shape if name not in other)]:
        if shape.get(name) != other.get(name):
            return f"{name} is {_text(shape.get(name))} in one and {_text(other.get(name))} in another"
    return None


def _text(value: Hashable) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
