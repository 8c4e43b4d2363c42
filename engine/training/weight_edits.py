"""Surgery: edits of a network's parameters and units while it trains, without losing the rest.

An operation is a dict with any of three lists: `weights`: `{"layer", "unit", "source", "value"}`, where
source is the input's index or `"bias"`; `freeze`: `{"layer", "unit", "source", "frozen"}`, source null for
the whole unit, unit null for the whole layer; `units`: `{"layer", "unit", "action"}` with action `off`,
`on`, `duplicate` or `remove`, for hidden layers. Layers count from 0, the output layer last.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.models import LIMITS, ExamplesConfig
from engine.layers.dense import Dense
from engine.layers.network import Network, build
from engine.tasks.resolve import revise
from engine.training.state import StoppingMemory, TrainState

LARGEST = 1e6  # of a weight that is typed in
SHARES = (
    0.6,
    0.4,
)  # how a duplicated unit's outgoing weights are shared out: unequal, or the twins would never part


def operate(
    config: ExamplesConfig, state: TrainState, network: Network, operations: Any
) -> tuple[ExamplesConfig, TrainState]:
    """Configuration and state after the operations, carried out in order. Raises ConfigError and changes
    nothing.
    """
    if not isinstance(operations, Mapping) or not operations:
        message = "operations are an object with weights, freeze or units"
        raise ConfigError("", message, given=operations, limit=list(_KINDS))
    for name in operations:
        if name not in _KINDS:
            raise ConfigError(name, "there is no such operation", given=operations[name], limit=list(_KINDS))
    state = _copy(state)
    for name, carry_out in _KINDS.items():
        for field, operation in _listed(operations, name):
            config, state, network = carry_out(config, state, network, field, operation)
    state.stopping = StoppingMemory()  # its best weights are those of another network now
    return config, state


def _copy(state: TrainState) -> TrainState:
    frozen = None if state.frozen is None else state.frozen.copy()
    return TrainState(
        state.memory.copy(),
        state.shuffle,
        state.dropout,
        state.order,
        state.position,
        state.step,
        state.epoch,
        state.attempt,
        state.stopping,
        frozen,
        state.disabled,
        dict(state.playing),
        state.mode,
    )


def _listed(operations: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    given = operations.get(name, [])
    if not isinstance(given, list):
        raise ConfigError(name, "must be a list", given=given)
    for index, operation in enumerate(given):
        if not isinstance(operation, Mapping):
            raise ConfigError(f"{name}.{index}", "must be an object", given=operation)
        unknown = set(operation) - _FIELDS[name]
        if unknown:
            raise ConfigError(
                f"{name}.{index}.{min(unknown)}", "there is no such field", limit=sorted(_FIELDS[name])
            )
        yield f"{name}.{index}", operation


Result = tuple[ExamplesConfig, TrainState, Network]


def _set_weight(
    config: ExamplesConfig, state: TrainState, network: Network, field: str, given: Mapping[str, Any]
) -> Result:
    layer = network.layers[_index(field, "layer", given, len(network.layers))]
    unit = _index(field, "unit", given, layer.units)
    value = given.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise ConfigError(
            f"{field}.value",
            f"must be a number from {-LARGEST:g} to {LARGEST:g}",
            given=value,
            limit=[-LARGEST, LARGEST],
        )
    layer.matrix(state.theta)[_row(field, given, layer), unit] = value
    return config, state, network


def _freeze(
    config: ExamplesConfig, state: TrainState, network: Network, field: str, given: Mapping[str, Any]
) -> Result:
    layer = network.layers[_index(field, "layer", given, len(network.layers))]
    unit: Any = slice(None) if given.get("unit") is None else _index(field, "unit", given, layer.units)
    row: Any = slice(None) if given.get("source") is None else _row(field, given, layer)
    if not isinstance(given.get("frozen"), bool):
        raise ConfigError(f"{field}.frozen", "must be true or false", given=given.get("frozen"))
    mask = np.zeros(network.size, bool) if state.frozen is None else state.frozen
    layer.matrix(mask)[row, unit] = given["frozen"]
    alpha = layer.learned_alphas(mask)
    if alpha is not None and given.get("source") is None:
        alpha[unit] = given["frozen"]
    state.frozen = mask if mask.any() else None
    return config, state, network


def _change_unit(
    config: ExamplesConfig, state: TrainState, network: Network, field: str, given: Mapping[str, Any]
) -> Result:
    index = _index(field, "layer", given, len(network.layers) - 1)
    unit = _index(field, "unit", given, network.layers[index].units)
    action = given.get("action")
    if action in ("off", "on"):
        return config, state, _switch(config, state, network, index, unit, action == "off")
    if action == "duplicate":
        kept = [*range(unit + 1), *range(unit, network.layers[index].units)]
    elif action == "remove":
        kept = [other for other in range(network.layers[index].units) if other != unit]
    else:
        limit = ["off", "on", "duplicate", "remove"]
        raise ConfigError(f"{field}.action", f"must be one of {', '.join(limit)}", given=action, limit=limit)
    if not 1 <= len(kept) <= LIMITS["units"]:
        raise ConfigError(field, f"a layer has from 1 to {LIMITS['units']} units", given=len(kept))
    return _reshape(config, state, network, index, kept, unit if action == "duplicate" else None)


def _switch(
    config: ExamplesConfig, state: TrainState, network: Network, index: int, unit: int, off: bool
) -> Network:
    """The network with one unit more or less that is switched off: the next operation finds it so."""
    silent = [set(layer.disabled) for layer in network.layers[:-1]]
    (silent[index].add if off else silent[index].discard)(unit)
    state.disabled = tuple(tuple(sorted(units)) for units in silent)
    return build(config, network.layers[-1].units, state.disabled)


def _reshape(
    config: ExamplesConfig, state: TrainState, network: Network, index: int, kept: list[int], twin: int | None
) -> Result:
    """Layer `index` with the units `kept`, in that order; all other numbers go along, optimizer slots too."""
    raw = config.model_dump()
    raw["layers"][index]["units"] = len(kept)
    changed = revise(config, raw)
    network = build(config, network.layers[-1].units, state.disabled)
    positions = {old: new for new, old in enumerate(kept)}
    off = [list(layer.disabled) for layer in network.layers[:-1]]
    off[index] = [new for new, old in enumerate(kept) if old in off[index]]
    state.disabled = tuple(tuple(units) for units in off)
    grown = build(changed, network.layers[-1].units, state.disabled)
    state.memory = np.stack([_carry(row, network, grown, index, kept) for row in state.memory])
    if state.frozen is not None:
        state.frozen = _carry(state.frozen, network, grown, index, kept)
    if twin is not None:
        outgoing = grown.layers[index + 1].weights(state.theta)
        for place, share in zip((positions[twin] - 1, positions[twin]), SHARES, strict=True):
            outgoing[place] *= share
    return changed, state, grown


def _carry(flat: np.ndarray, old: Network, new: Network, index: int, kept: list[int]) -> np.ndarray:
    result = np.zeros(new.size, flat.dtype)
    everything = slice(None)
    for number, (before, after) in enumerate(zip(old.layers, new.layers, strict=True)):
        units, inputs = (kept if number == own else everything for own in (index, index + 1))
        source = before.selected(flat, units, inputs)
        for name, values in after.parameters(result).items():
            values[:] = source[name]
    return result


def _index(field: str, name: str, given: Mapping[str, Any], count: int) -> int:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < count:
        raise ConfigError(
            f"{field}.{name}",
            f"must be a whole number from 0 to {count - 1}",
            given=value,
            limit=[0, count - 1],
        )
    return value


def _row(field: str, given: Mapping[str, Any], layer: Dense) -> int:
    return layer.inputs if given.get("source") == "bias" else _index(field, "source", given, layer.inputs)


_KINDS: dict[str, Callable[[ExamplesConfig, TrainState, Network, str, Mapping[str, Any]], Result]] = {
    "weights": _set_weight,
    "freeze": _freeze,
    "units": _change_unit,
}
_FIELDS = {
    "weights": {"layer", "unit", "source", "value"},
    "freeze": {"layer", "unit", "source", "frozen"},
    "units": {"layer", "unit", "action"},
}
