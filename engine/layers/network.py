"""Network: a sequence of layers whose parameters are in one flat vector.

The vector contains the weights and biases of all layers in order, then the learned alphas of all layers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.activations import ACTIVATIONS
from engine.layers.dense import Dense
from engine.layers.initializers import INITIALIZERS

DisabledUnits = tuple[tuple[int, ...], ...]  # indices of units, per hidden layer


@dataclass(frozen=True)
class Network:
    """The layers, the output layer last; `size` is the number of parameters."""

    layers: tuple[Dense, ...]
    size: int

    def __hash__(self) -> int:
        """Returns the hash of the layers; cached, as networks are keys of a cache of forward passes."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.layers, self.size))

    def weight_mask(self) -> np.ndarray:
        """Returns True for weights, False for biases and alphas, which have no penalties and decay."""
        mask = np.zeros(self.size, bool)
        for layer in self.layers:
            layer.weights(mask)[:] = True
        return mask

    def frozen_mask(self) -> np.ndarray:
        """Returns True for the parameters of frozen layers."""
        mask = np.zeros(self.size, bool)
        for layer in self.layers:
            if layer.frozen:
                for values in layer.parameters(mask).values():
                    values[:] = True
        return mask


def activation_groups(
    layers: Sequence[Dense], separate: Callable[[Dense], bool]
) -> Iterator[tuple[int, int]]:
    """Yields (first, last) of groups of adjacent layers with equal activation and alpha.

    One NumPy call computes all layers of a group. A layer for which `separate` is true is a separate group.
    """
    first = 0
    for index, layer in enumerate(layers):
        following = layers[index + 1] if index + 1 < len(layers) else None
        if (
            following is None
            or separate(layer)
            or separate(following)
            or _activation(following) != _activation(layer)
        ):
            yield first, index
            first = index + 1


def _activation(layer: Dense) -> tuple[str, float | None]:
    return layer.activation, None if layer.activation_function.learned else layer.alpha


def build(config: ExamplesConfig, outputs: int, disabled: DisabledUnits = ()) -> Network:
    """Returns the network of a resolved configuration; `disabled[l]`: disabled units of hidden layer l."""
    shapes = _shapes(config, outputs, disabled)
    start, alpha_start, layers = 0, sum(layer.matrix_size for layer in shapes), []
    for layer in shapes:
        layers.append(replace(layer, start=start, alpha_start=alpha_start if layer.alpha_count else None))
        start += layer.matrix_size
        alpha_start += layer.alpha_count
    return Network(tuple(layers), alpha_start)


def _shapes(config: ExamplesConfig, outputs: int, disabled: DisabledUnits) -> list[Dense]:
    """Returns the layers without the positions of their parameters."""
    inputs, shapes = len(config.features or []), []
    for index, layer in enumerate(config.layers):
        units = disabled[index] if index < len(disabled) else ()
        shapes.append(
            Dense(
                inputs,
                layer.units,
                layer.activation,
                layer.alpha,
                layer.dropout,
                layer.frozen,
                disabled=units,
            )
        )
        inputs = layer.units
    activation = config.output_activation
    parameter = ACTIVATIONS[activation].parameters.get("alpha")
    alpha = parameter.default if parameter else None
    return [*shapes, Dense(inputs, outputs, activation, alpha, dropout=0.0, frozen=False)]


def initial(network: Network, config: ExamplesConfig, generator: np.random.Generator) -> np.ndarray:
    """Returns the initial parameters as flat vector in the run's dtype."""
    theta = np.empty(network.size)
    initializer = INITIALIZERS[config.initializer.name]
    scale = 1.0 if config.initializer.scale is None else config.initializer.scale
    for layer in network.layers:
        layer.initialize(theta, generator, initializer, scale, config.initializer.bias)
    return theta.astype(config.dtype)
