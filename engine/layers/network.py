"""A fully connected network: its layers, and where each one's parameters lie in one flat vector.

The vector holds layer after layer a block of shape (inputs + 1, units), weights first and the biases as last
row, then the learned alphas. Activations are feature-major, (units + 1, samples) with a last row of ones, so
that one product with the block's transpose gives W x + b, and one product gives the gradients of weights and
biases together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.activations import ACTIVATIONS, Activation
from engine.layers.initializers import INITIALIZERS

Off = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Layer:
    """One layer's shape and place; `start` is the offset of its block in the flat vector."""

    inputs: int
    units: int
    activation: str
    alpha: float | None
    dropout: float
    frozen: bool
    start: int
    alpha_start: int | None  # offset of the learned alphas, one per unit
    off: tuple[int, ...] = ()  # units that are switched off: their output is 0

    @property
    def stop(self) -> int:
        """The offset behind its block."""
        return self.start + (self.inputs + 1) * self.units

    @property
    def masked(self) -> bool:
        """Whether its outputs are multiplied by a mask while it trains."""
        return self.dropout > 0 or bool(self.off)

    def on(self, dtype: np.dtype) -> np.ndarray:
        """1 for each unit, 0 for those switched off: a column (units, 1)."""
        column = np.ones((self.units, 1), dtype)
        column[list(self.off)] = 0
        return column

    @property
    def entry(self) -> Activation:
        """The catalogue entry of its activation."""
        return ACTIVATIONS[self.activation]


@dataclass(frozen=True)
class Network:
    """All layers, the output layer last; `size` counts the parameters."""

    layers: tuple[Layer, ...]
    size: int

    def __hash__(self) -> int:
        """Of the layers, worked out once: networks are keys of the prepared passes."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.layers, self.size))

    def block(self, theta: np.ndarray, layer: Layer) -> np.ndarray:
        """The layer's weights and, as last row, biases: (..., inputs + 1, units), a view of `theta`."""
        return theta[..., layer.start : layer.stop].reshape(*theta.shape[:-1], layer.inputs + 1, layer.units)

    def alpha(self, theta: np.ndarray, layer: Layer) -> np.ndarray | float | None:
        """The activation's parameter: a view (..., units, 1) of `theta` where it is learned."""
        if layer.alpha_start is None:
            return layer.alpha
        return theta[..., layer.alpha_start : layer.alpha_start + layer.units, None]

    def weight_mask(self) -> np.ndarray:
        """True at weights; False at biases and alphas, which penalties and decay leave alone."""
        mask = np.zeros(self.size, bool)
        for layer in self.layers:
            self.block(mask, layer)[:-1] = True
        return mask

    def frozen_mask(self) -> np.ndarray:
        """True at the parameters of frozen layers."""
        mask = np.zeros(self.size, bool)
        for layer in self.layers:
            if layer.frozen:
                mask[layer.start : layer.stop] = True
                if layer.alpha_start is not None:
                    mask[layer.alpha_start : layer.alpha_start + layer.units] = True
        return mask


def runs_alike(layers: Sequence[Layer], alone: Callable[[Layer], bool]) -> Iterator[tuple[int, int]]:
    """(first, last) of runs of neighbouring layers with the same activation and alpha, for which the same
    calls will do; a layer that is `alone` is a run by itself.
    """
    first = 0
    for index, layer in enumerate(layers):
        following = layers[index + 1] if index + 1 < len(layers) else None
        if following is None or alone(layer) or alone(following) or _kind(following) != _kind(layer):
            yield first, index
            first = index + 1


def _kind(layer: Layer) -> tuple[str, float | None]:
    return layer.activation, None if layer.entry.learned else layer.alpha


def build(config: ExamplesConfig, outputs: int, off: Off = ()) -> Network:
    """The network of a resolved configuration; `off[l]` are hidden layer l's units that are switched off."""
    shapes = [(c.units, c.activation, c.alpha, c.dropout, c.frozen) for c in config.layers]
    shapes.append((outputs, config.output_activation, _fixed_alpha(config.output_activation), 0.0, False))
    inputs, start, layers = len(config.features or []), 0, []
    blocks = sum((n + 1) * s[0] for n, s in zip([inputs, *(s[0] for s in shapes)], shapes, strict=False))
    alpha_start = blocks
    for index, (units, activation, alpha, dropout, frozen) in enumerate(shapes):
        learned = ACTIVATIONS[activation].learned
        place, silent = alpha_start if learned else None, off[index] if index < len(off) else ()
        layers.append(Layer(inputs, units, activation, alpha, dropout, frozen, start, place, silent))
        start += (inputs + 1) * units
        alpha_start += units if learned else 0
        inputs = units
    return Network(tuple(layers), alpha_start)


def _fixed_alpha(activation: str) -> float | None:
    parameter = ACTIVATIONS[activation].parameters.get("alpha")
    return parameter.default if parameter else None


def initial(network: Network, config: ExamplesConfig, generator: np.random.Generator) -> np.ndarray:
    """The flat vector at step 0, in the run's dtype."""
    theta = np.empty(network.size)
    chosen = INITIALIZERS[config.initializer.name]
    scale = 1.0 if config.initializer.scale is None else config.initializer.scale
    for layer in network.layers:
        block = network.block(theta, layer)
        block[:-1] = chosen.draw(generator, layer.inputs, layer.units, scale)
        block[-1] = config.initializer.bias
        alpha = network.alpha(theta, layer)
        if isinstance(alpha, np.ndarray):
            alpha[:] = layer.alpha
    return theta.astype(config.dtype)
