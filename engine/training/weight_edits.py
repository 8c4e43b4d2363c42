"""Weight edits: changes of single parameters and units during training.

Edits are a dict with up to three lists. Layers are numbered from 0, the output layer is the last.

- `weights`: `{"layer", "unit", "source", "value"}`; source is the index of an input or `"bias"`.
- `freeze`: `{"layer", "unit", "source", "frozen"}`; source null: the unit, unit null: the layer.
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
# Of the outgoing weights of a duplicated unit. With equal shares both units would remain equal in training.
DUPLICATE_SHARES = (0.6, 0.4)

Edit = Mapping[str, Any]
Edited = tuple[ExamplesConfig, TrainState, Network]


def apply_edits(
    config: ExamplesConfig, state: TrainState, network: Network, edits: Any
) -> tuple[ExamplesConfig, TrainState]:
    """Returns configuration and state after the edits.

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
        for field, edit in _edits_of(edits, name):
            config, state, network = apply(config, state, network, field, edit)
    state.stopping = EarlyStoppingState()  # the best weights do not fit the changed network
    return config, state


def _copy(state: TrainState) -> TrainState:
    """Returns a copy whose arrays can be changed; generators and order are shared."""
    frozen = None if state.frozen is None else state.frozen.copy()
    return replace(state, memory=state.memory.copy(), frozen=frozen, episodes=dict(state.episodes))


def _edits_of(edits: Edit, name: str) -> Iterator[tuple[str, Edit]]:
    """Yields (field, edit) of one list. Raises ConfigError for a wrong type or an unknown field."""
    entries = edits.get(name, [])
    if not isinstance(entries, list):
        raise ConfigError(name, "must be a list", given=entries)
    for index, edit in enumerate(entries):
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
    all_sources = edit.get("source") is None
    source = None if all_sources else _source(field, edit, layer)
    frozen = edit.get("frozen")
    if not isinstance(frozen, bool):
        raise ConfigError(f"{field}.frozen", "must be true or false", given=frozen)
    mask = np.zeros(network.size, bool) if state.frozen is None else state.frozen
    if all_sources or source is not None:
        layer.weights(mask)[everything if all_sources else source, unit] = frozen
    if all_sources or source is None:
        layer.biases(mask)[unit] = frozen
    alphas = layer.learned_alphas(mask)
    if alphas is not None and all_sources:
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
    """Disables or enables one unit; returns the changed network."""
    units = [set(layer.disabled) for layer in network.layers[:-1]]
    (units[index].add if disabled else units[index].discard)(unit)
    state.disabled = tuple(tuple(sorted(indices)) for indices in units)
    return build(config, network.layers[-1].units, state.disabled)


def _resize(
    config: ExamplesConfig, state: TrainState, network: Network, index: int, kept: list[int]
) -> Edited:
    """Reduces or extends hidden layer `index` to the units `kept`, with their optimizer state and masks."""
    raw = config.model_dump()
    raw["layers"][index]["units"] = len(kept)
    changed = revise(config, raw)
    units = [list(layer.disabled) for layer in network.layers[:-1]]
    units[index] = [new for new, old in enumerate(kept) if old in units[index]]
    state.disabled = tuple(tuple(indices) for indices in units)
    resized = build(changed, network.layers[-1].units, state.disabled)
    state.memory = np.stack([_resized(vector, network, resized, index, kept) for vector in state.memory])
    if state.frozen is not None:
        state.frozen = _resized(state.frozen, network, resized, index, kept)
    return changed, state, resized


def _resized(flat: np.ndarray, old: Network, new: Network, index: int, kept: list[int]) -> np.ndarray:
    """Returns the flat vector of the new network, with the units `kept` of layer `index`."""
    result, everything = np.zeros(new.size, flat.dtype), slice(None)
    for number, (before, after) in enumerate(zip(old.layers, new.layers, strict=True)):
        units, inputs = (kept if number == changed else everything for changed in (index, index + 1))
        source = before.selected(flat, units, inputs)
        for name, values in after.parameters(result).items():
            values[:] = source[name]
    return result


def _index(field: str, name: str, edit: Edit, count: int) -> int:
    """Returns the index `name`. Raises ConfigError unless it is an integer from 0 to count - 1."""
    value = edit.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < count:
        message = f"must be a whole number from 0 to {count - 1}"
        raise ConfigError(f"{field}.{name}", message, given=value, limit=[0, count - 1])
    return value


def _source(field: str, edit: Edit, layer: Dense) -> int | None:
    """Returns the index of an input, or None for the bias."""
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
