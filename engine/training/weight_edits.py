"""Weight edits: changes of parameters and units during training that keep everything else.

Edits are a dict with any of three lists. Layers count from 0, the output layer is the last.

- `weights`: `{"layer", "unit", "source", "value"}`; source is the index of an input or `"bias"`.
- `freeze`: `{"layer", "unit", "source", "frozen"}`; source null: the whole unit, unit null: the whole layer.
- `units`, for hidden layers: `{"layer", "unit", "action"}` with action `off` (disable), `on` (enable),
  `duplicate` or `remove`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.models import LIMITS, ExamplesConfig
from engine.layers.dense import Dense
from engine.layers.network import Network, build
from engine.tasks.resolve import revise
from engine.training.state import EarlyStoppingState, TrainState

MAX_WEIGHT = 1e6
# Of a duplicated unit's outgoing weights. Unequal: with equal shares both units would stay equal.
DUPLICATE_SHARES = (0.6, 0.4)

Edit = Mapping[str, Any]
Edited = tuple[ExamplesConfig, TrainState, Network]


def apply_edits(
    config: ExamplesConfig, state: TrainState, network: Network, edits: Any
) -> tuple[ExamplesConfig, TrainState]:
    """Configuration and state after the edits, applied in order.

    Raises ConfigError, and changes nothing, if one is invalid.
    """
    if not isinstance(edits, Mapping) or not edits:
        message = "operations are an object with weights, freeze or units"
        raise ConfigError("", message, given=edits, limit=list(_EDITS))
    for name in edits:
        if name not in _EDITS:
            raise ConfigError(name, "there is no such operation", given=edits[name], limit=list(_EDITS))
    state = _copy(state)
    for name, apply in _EDITS.items():
        for field, edit in _listed(edits, name):
            config, state, network = apply(config, state, network, field, edit)
    state.stopping = EarlyStoppingState()  # its best weights are those of another network
    return config, state


def _copy(state: TrainState) -> TrainState:
    """A copy whose arrays an edit can change; generators and order are shared."""
    frozen = None if state.frozen is None else state.frozen.copy()
    return replace(state, memory=state.memory.copy(), frozen=frozen, episodes=dict(state.episodes))


def _listed(edits: Edit, name: str) -> Iterator[tuple[str, Edit]]:
    """(field, edit) of one list; raises ConfigError for a wrong shape or an unknown field."""
    listed = edits.get(name, [])
    if not isinstance(listed, list):
        raise ConfigError(name, "must be a list", given=listed)
    for index, edit in enumerate(listed):
        if not isinstance(edit, Mapping):
            raise ConfigError(f"{name}.{index}", "must be an object", given=edit)
        unknown = set(edit) - _FIELDS[name]
        if unknown:
            raise ConfigError(
                f"{name}.{index}.{min(unknown)}", "there is no such field", limit=sorted(_FIELDS[name])
            )
        yield f"{name}.{index}", edit


def _set_weight(
    config: ExamplesConfig, state: TrainState, network: Network, field: str, edit: Edit
) -> Edited:
    layer = network.layers[_index(field, "layer", edit, len(network.layers))]
    unit = _index(field, "unit", edit, layer.units)
    value = edit.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_WEIGHT:
        message = f"must be a number from {-MAX_WEIGHT:g} to {MAX_WEIGHT:g}"
        raise ConfigError(f"{field}.value", message, given=value, limit=[-MAX_WEIGHT, MAX_WEIGHT])
    state.theta[layer.position(unit, _source(field, edit, layer))] = value
    return config, state, network


def _freeze(config: ExamplesConfig, state: TrainState, network: Network, field: str, edit: Edit) -> Edited:
    layer = network.layers[_index(field, "layer", edit, len(network.layers))]
    everything = slice(None)
    unit: Any = everything if edit.get("unit") is None else _index(field, "unit", edit, layer.units)
    whole_unit = edit.get("source") is None
    source = None if whole_unit else _source(field, edit, layer)
    frozen = edit.get("frozen")
    if not isinstance(frozen, bool):
        raise ConfigError(f"{field}.frozen", "must be true or false", given=frozen)
    mask = np.zeros(network.size, bool) if state.frozen is None else state.frozen
    if whole_unit or source is not None:
        layer.weights(mask)[everything if whole_unit else source, unit] = frozen
    if whole_unit or source is None:
        layer.biases(mask)[unit] = frozen
    alphas = layer.learned_alphas(mask)
    if alphas is not None and whole_unit:
        alphas[unit] = frozen
    state.frozen = mask if mask.any() else None
    return config, state, network


def _change_unit(
    config: ExamplesConfig, state: TrainState, network: Network, field: str, edit: Edit
) -> Edited:
    index = _index(field, "layer", edit, len(network.layers) - 1)
    units = network.layers[index].units
    unit, action = _index(field, "unit", edit, units), edit.get("action")
    if action in ("off", "on"):
        return config, state, _set_disabled(config, state, network, index, unit, action == "off")
    if action == "duplicate":
        kept = [*range(unit + 1), *range(unit, units)]
    elif action == "remove":
        kept = [other for other in range(units) if other != unit]
    else:
        limit = ["off", "on", "duplicate", "remove"]
        raise ConfigError(f"{field}.action", f"must be one of {', '.join(limit)}", given=action, limit=limit)
    if not 1 <= len(kept) <= LIMITS["units"]:
        raise ConfigError(field, f"a layer has from 1 to {LIMITS['units']} units", given=len(kept))
    changed, state, resized = _resize(config, state, network, index, kept)
    if action == "duplicate":
        outgoing = resized.layers[index + 1].weights(state.theta)
        for row, share in zip((unit, unit + 1), DUPLICATE_SHARES, strict=True):
            outgoing[row] *= share
    return changed, state, resized


def _set_disabled(
    config: ExamplesConfig, state: TrainState, network: Network, index: int, unit: int, disabled: bool
) -> Network:
    """Disable or enable one unit: the network that the next edit applies to."""
    units = [set(layer.disabled) for layer in network.layers[:-1]]
    (units[index].add if disabled else units[index].discard)(unit)
    state.disabled = tuple(tuple(sorted(own)) for own in units)
    return build(config, network.layers[-1].units, state.disabled)


def _resize(
    config: ExamplesConfig, state: TrainState, network: Network, index: int, kept: list[int]
) -> Edited:
    """Hidden layer `index` with the units `kept`, in that order; optimizer state and masks are kept too."""
    raw = config.model_dump()
    raw["layers"][index]["units"] = len(kept)
    changed = revise(config, raw)
    units = [list(layer.disabled) for layer in network.layers[:-1]]
    units[index] = [new for new, old in enumerate(kept) if old in units[index]]
    state.disabled = tuple(tuple(own) for own in units)
    resized = build(changed, network.layers[-1].units, state.disabled)
    state.memory = np.stack([_resized(vector, network, resized, index, kept) for vector in state.memory])
    if state.frozen is not None:
        state.frozen = _resized(state.frozen, network, resized, index, kept)
    return changed, state, resized


def _resized(flat: np.ndarray, old: Network, new: Network, index: int, kept: list[int]) -> np.ndarray:
    """The flat vector of the new network: units `kept` of layer `index`, the same inputs of the next one."""
    result, everything = np.zeros(new.size, flat.dtype), slice(None)
    for number, (before, after) in enumerate(zip(old.layers, new.layers, strict=True)):
        units, inputs = (kept if number == changed else everything for changed in (index, index + 1))
        source = before.selected(flat, units, inputs)
        for name, values in after.parameters(result).items():
            values[:] = source[name]
    return result


def _index(field: str, name: str, edit: Edit, count: int) -> int:
    """The whole number `name` from 0 to count - 1. Raises ConfigError for anything else."""
    value = edit.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < count:
        message = f"must be a whole number from 0 to {count - 1}"
        raise ConfigError(f"{field}.{name}", message, given=value, limit=[0, count - 1])
    return value


def _source(field: str, edit: Edit, layer: Dense) -> int | None:
    """The index of an input, or None for the bias."""
    return None if edit.get("source") == "bias" else _index(field, "source", edit, layer.inputs)


_EDITS: dict[str, Callable[[ExamplesConfig, TrainState, Network, str, Edit], Edited]] = {
    "weights": _set_weight,
    "freeze": _freeze,
    "units": _change_unit,
}
_FIELDS = {
    "weights": {"layer", "unit", "source", "value"},
    "freeze": {"layer", "unit", "source", "frozen"},
    "units": {"layer", "unit", "action"},
}
