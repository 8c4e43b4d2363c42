"""Carry over: the state with which a fork begins, from a checkpoint and a changed configuration.

What keeps its shape goes on: without a change the fork is bit-identical to what its parent does next. Layers
are matched from the input side, units by their index, inputs by the names of the features. The output layer
is matched if the number of hidden layers is the same.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.dense import Dense
from engine.layers.network import DisabledUnits, Network, build
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.continuation.carried_parts import CarriedParts
from engine.training.state import EarlyStoppingState, TrainState, fresh

# Fields on which the episodes in progress of a policy gradient depend.
PLAYED_WITH = ("environment", "features", "output_activation", "episodes", "beginnings", "dtype", "seed")


@dataclass(frozen=True)
class CarriedOver:
    """The checkpoint with which a fork begins, and what was carried over into it and what began anew."""

    checkpoint: Checkpoint
    parts: CarriedParts = field(default_factory=CarriedParts)


@dataclass(frozen=True)
class Match:
    """Where the parameters of a network come from.

    `source` (size,) is the index of each in the parameters of the other network, -1 if it has none there.
    """

    old: Network
    new: Network
    source: np.ndarray

    @property
    def found(self) -> np.ndarray:
        """Whether each parameter has a counterpart, (size,)."""
        return self.source >= 0

    @property
    def identical(self) -> bool:
        """Whether every parameter is carried over to its own place."""
        return len(self.source) == self.old.size and bool((self.source == np.arange(self.old.size)).all())

    def complete(self) -> np.ndarray:
        """Whether each parameter is in an array (weights, biases or alphas) that keeps its shape, (size,)."""
        result, found = np.zeros(self.new.size, bool), self.found
        for index, layer in enumerate(self.new.layers):
            before = self.old.layers[min(index, len(self.old.layers) - 1)]
            shapes = before.parameters(np.empty(self.old.size))
            for name, values in layer.parameters(found).items():
                same_shape = name in shapes and shapes[name].shape == values.shape
                layer.parameters(result)[name][:] = same_shape and values.all()
        return result

    def carry(self, values: np.ndarray, initial: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Returns the `values` of the old network where `mask`, and `initial` elsewhere."""
        carried = initial.copy()
        carried[mask] = values[self.source[mask]]
        return carried


def carry_over(checkpoint: Checkpoint, config: Any, data: Data) -> CarriedOver:
    """Returns the checkpoint with the same counters for a resolved configuration of the same paradigm.

    What does not fit is initialised as `config` says, with its seed. `data` are those of `config`.
    """
    old, parts = checkpoint.state, CarriedParts()
    network = build(config, data.outputs)
    match = match_networks(checkpoint, network, config, data)
    samples = len(data.train) if isinstance(config, ExamplesConfig) else 0
    state = fresh(network, config, samples)
    state.step, state.epoch, state.mode = old.step, old.epoch, old.mode
    is_changed = checkpoint.config.model_copy(update={"name": config.name}) != config
    state.continued_from = old.step if is_changed else old.continued_from
    _carry_weights(checkpoint, match, state, parts)
    _carry_optimizer(checkpoint, config, match, state, parts)
    _carry_masks(checkpoint, match, state, parts)
    unplayed = _carry_random_state(checkpoint, config, match, state, parts)
    if isinstance(config, ExamplesConfig):
        _carry_epoch(old, state, parts)
        _carry_stopping(checkpoint, config, match, data, state, parts)
    elif unplayed:
        parts.add("episodes", False)
    return CarriedOver(Checkpoint(config, state, data.digest), parts)


def match_networks(checkpoint: Checkpoint, network: Network, config: Any, data: Data) -> Match:
    """Returns which parameters of the checkpoint fit the network of the changed configuration."""
    old, positions = checkpoint.network, np.arange(checkpoint.network.size)
    source = np.full(network.size, -1)
    names = _same_names(checkpoint.config.features or [], config.features or [])
    for index, (before, after) in enumerate(_pairs(old, network)):
        inputs = names if index == 0 else _same_indices(before.inputs, after.inputs)
        by_name = after is network.layers[-1] and config.paradigm == "autoencoder"
        units = names if by_name else _same_indices(before.units, after.units)
        _fill(source, positions, before, after, inputs, units)
    return Match(old, network, source)


def _pairs(old: Network, new: Network) -> list[tuple[Dense, Dense]]:
    """Returns the layers that correspond to each other, in order from the first hidden one."""
    if len(old.layers) == len(new.layers):
        return list(zip(old.layers, new.layers, strict=True))
    return list(zip(old.layers[:-1], new.layers[:-1], strict=False))


Pairs = tuple[list[int], list[int]]  # indices in the old and in the new network


def _same_indices(old: int, new: int) -> Pairs:
    common = list(range(min(old, new)))
    return common, common


def _same_names(old: list[str], new: list[str]) -> Pairs:
    """Returns the indices of equal names; by position if the lists are of equal length and share no name."""
    shared = [name for name in new if name in old]
    if not shared and len(old) == len(new):
        return _same_indices(len(old), len(new))
    return [old.index(name) for name in shared], [new.index(name) for name in shared]


def _fill(
    source: np.ndarray, positions: np.ndarray, old: Dense, new: Dense, inputs: Pairs, units: Pairs
) -> None:
    """Writes the positions of one layer's parameters in the old network to `source`."""
    new.weights(source)[np.ix_(inputs[1], units[1])] = old.weights(positions)[np.ix_(inputs[0], units[0])]
    new.biases(source)[units[1]] = old.biases(positions)[units[0]]
    before, after = old.learned_alphas(positions), new.learned_alphas(source)
    if before is not None and after is not None:
        after[units[1]] = before[units[0]]


def _carry_weights(checkpoint: Checkpoint, match: Match, state: TrainState, parts: CarriedParts) -> None:
    state.memory[0] = match.carry(checkpoint.theta, state.memory[0], match.found)
    parts.add_layers("weights", match.new, match.found)


def _carry_optimizer(
    checkpoint: Checkpoint, config: Any, match: Match, state: TrainState, parts: CarriedParts
) -> None:
    """Carries the optimizer state of arrays that keep their shape, if the optimizer is the same.

    The bias correction of Adam is that of the steps since all of its state was 0: if a part of it begins
    anew, all of it does.
    """
    name, state.optimizer_start = config.optimizer.name, checkpoint.step
    complete = match.complete()
    same = checkpoint.config.optimizer.name == name
    if not same or (OPTIMIZERS[name].counts_steps and not complete.all()):
        parts.add("optimizer_state", False)
        return
    state.optimizer_start = checkpoint.state.optimizer_start
    for index, vector in enumerate(checkpoint.state.memory[1:], 1):
        state.memory[index] = match.carry(vector, state.memory[index], complete)
    if len(state.memory) > 1:
        parts.add_layers("optimizer_state", match.new, complete)


def _carry_masks(checkpoint: Checkpoint, match: Match, state: TrainState, parts: CarriedParts) -> None:
    """Carries single frozen parameters and disabled units that still exist."""
    frozen, disabled = checkpoint.state.frozen, checkpoint.state.disabled
    if frozen is not None:
        kept = match.carry(frozen, np.zeros(match.new.size, bool), match.found)
        state.frozen = kept if kept.any() else None
        parts.add_count("frozen_weights", int(kept.sum()), int(frozen.sum()))
    state.disabled = _still_existing(disabled, match.new)
    parts.add_count("disabled_units", sum(map(len, state.disabled)), sum(map(len, disabled)))


def _still_existing(disabled: DisabledUnits, network: Network) -> DisabledUnits:
    pairs = zip(disabled, network.layers[:-1], strict=False)
    return tuple(tuple(unit for unit in units if unit < layer.units) for units, layer in pairs)


def _carry_random_state(
    checkpoint: Checkpoint, config: Any, match: Match, state: TrainState, parts: CarriedParts
) -> bool:
    """Carries the generators unless the seed changed; returns whether episodes in progress were dropped."""
    old, same_seed = checkpoint.state, checkpoint.config.seed == config.seed
    if same_seed:
        state.shuffle, state.dropout = deepcopy(old.shuffle), deepcopy(old.dropout)
    parts.add("random_state", same_seed)
    if isinstance(config, ExamplesConfig):
        return False
    if match.identical and _plays_the_same(checkpoint.config, config):
        state.episodes = {name: array.copy() for name, array in old.episodes.items()}
        state.position = old.position
        return False
    begun = old.position > 0
    if same_seed:
        state.return_to_episode_start(old.episodes)
    if checkpoint.config.environment == config.environment:
        state.episodes = old.scores()
    return begun


def _plays_the_same(old: Any, new: Any) -> bool:
    """Whether the policy of the same weights plays the same episodes."""
    activations = [[(layer.activation, layer.alpha) for layer in config.layers] for config in (old, new)]
    same = all(getattr(old, name) == getattr(new, name) for name in PLAYED_WITH)
    return same and activations[0] == activations[1]


def _carry_epoch(old: TrainState, state: TrainState, parts: CarriedParts) -> None:
    """Carries the order and the position in the epoch if there are as many training points."""
    same = len(old.order) == len(state.order)
    if same:
        state.order, state.position = old.order.copy(), old.position
    parts.add("epoch_order", same)


def _carry_stopping(
    checkpoint: Checkpoint, config: Any, match: Match, data: Data, state: TrainState, parts: CarriedParts
) -> None:
    """Carries the state of early stopping if losses and weights remain comparable."""
    old = checkpoint.config
    same = all(getattr(old, name) == getattr(config, name) for name in ("early_stopping", "loss", "dtype"))
    same = same and match.identical and checkpoint.digest == data.digest
    state.stopping = checkpoint.state.stopping.copy() if same else EarlyStoppingState()
    if old.early_stopping is not None and config.early_stopping is not None:
        parts.add("early_stopping", same)
