"""The forward pass, recorded once for a number of samples and then run as one compiled function.

Training, measuring and views use `record_forward`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from engine.layers.dense import Dense
from engine.layers.network import Network
from engine.operations import LoopVariable, Recorder, aligned

INPUTS = LoopVariable("inputs")  # (features + 1, samples), last row ones
BLOCK_BYTES = 4 * 2**20


@dataclass
class Buffers:
    """The arrays of one pass; each contains all layers, so that one call can process several layers.

    `output(l)` is (units, samples); `preactivation(l)` is the same memory if z is not kept.
    """

    network: Network
    samples: int
    dtype: np.dtype
    keep_z: bool
    networks: tuple[int, ...] = ()  # (K,) for K networks of one architecture
    rows: list[slice] = field(default_factory=list)  # of each layer, without the row of ones
    both: np.ndarray = field(init=False)  # z followed by a, or only a
    a: np.ndarray = field(init=False)
    z: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        top = 0
        for layer in self.network.layers:
            self.rows.append(slice(top, top + layer.units))
            top += layer.units + 1
        height = 2 * top if self.keep_z else top
        self.both = aligned((*self.networks, height, self.samples), self.dtype)
        self.both.fill(1)
        self.z, self.a = self.both[..., :top, :], self.both[..., -top:, :]

    @cached_property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """(start, stop) in `both` of every layer's z, then of every layer's activations."""
        height = len(self.z)
        return tuple((rows.start + top, rows.stop + top) for top in (0, height) for rows in self.rows)

    def output(self, index: int) -> np.ndarray:
        """The layer's activations, (units, samples)."""
        return self.a[..., self.rows[index], :]

    def preactivation(self, index: int) -> np.ndarray:
        """The layer's z, (units, samples)."""
        return self.z[..., self.rows[index], :]

    def output_with_ones(self, index: int) -> np.ndarray:
        """The input of the next layer: the activations and a row of ones, (units + 1, samples)."""
        rows = self.rows[index]
        return self.a[..., rows.start : rows.stop + 1, :]

    def source(self, index: int) -> Any:
        """The input of layer `index`: the inputs of the network or the output of the layer before."""
        return INPUTS if index == 0 else self.output_with_ones(index - 1)


@dataclass
class PassOptions:
    """Options of a recorded pass; the sequences have one item per layer, `dropout` one per network.

    `dropout_rates` are numbers, or (K, 1, 1) if they differ between the networks.
    """

    alphas: Sequence[Any] = ()  # parameters of the activations if not read from theta
    slopes: Sequence[np.ndarray] = ()  # outputs: intermediate results for the derivatives
    dropout: Sequence[np.random.Generator] = ()  # empty: no dropout
    dropout_rates: Sequence[Any] = ()
    unmasked: bool = False  # keep f(z) of masked layers without the mask
    activate_output: bool = True  # whether f of the output layer is needed


@dataclass
class Masks:
    """Per masked layer the mask, and if kept, f(z) without the mask."""

    factors: dict[int, np.ndarray] = field(default_factory=dict)
    unmasked: dict[int, np.ndarray] = field(default_factory=dict)


def record_forward(
    xp: Recorder, network: Network, theta: np.ndarray, buffers: Buffers, options: PassOptions
) -> Masks:
    """Records z = W x + b and a = f(z) · mask of all layers, into `buffers`."""
    masks = Masks()
    for index, layer in enumerate(network.layers):
        layer.record_preactivation(xp, theta, buffers.source(index), buffers.preactivation(index))
        if index < len(network.layers) - 1 or options.activate_output:
            _record_activation(xp, layer, index, theta, buffers, options, masks)
    return masks


def _record_activation(
    xp: Recorder,
    layer: Dense,
    index: int,
    theta: np.ndarray,
    buffers: Buffers,
    options: PassOptions,
    masks: Masks,
) -> None:
    """Records a = f(z) · mask of one layer; the mask is 0 for disabled units, and random with dropout."""
    z, a = buffers.preactivation(index), buffers.output(index)
    alpha = options.alphas[index] if options.alphas else layer.alphas(theta)
    has_dropout = bool(options.dropout) and layer.dropout > 0
    is_masked = has_dropout or bool(layer.disabled)
    value = np.zeros_like(a) if is_masked and options.unmasked else a
    layer.record_activation(xp, z, value, alpha, options.slopes[index] if options.slopes else None)
    xp.release()
    if is_masked:
        mask = _record_dropout(xp, layer, index, a, options) if has_dropout else layer.enabled(a.dtype)
        xp.multiply(value, mask, a)
        masks.factors[index] = mask
        if options.unmasked:
            masks.unmasked[index] = value


def _record_dropout(
    xp: Recorder, layer: Dense, index: int, a: np.ndarray, options: PassOptions
) -> np.ndarray:
    """Records a random mask per step: 1 / keep with probability keep, else 0; 0 for disabled units.

    Inverted dropout (Srivastava et al. 2014): the factor 1 / keep makes rescaling unnecessary.
    """
    rate = options.dropout_rates[index] if options.dropout_rates else layer.dropout
    keep, mask, is_kept = 1.0 - rate, np.zeros(a.shape, a.dtype), np.zeros(a.shape, bool)
    for generator, values in zip(options.dropout, mask.reshape(-1, *mask.shape[-2:]), strict=True):
        xp.call(generator.random, None, a.dtype.type, values)
    xp.less(mask, keep, is_kept)
    xp.multiply(is_kept, 1.0 / keep, mask)
    if layer.disabled:
        xp.multiply(mask, layer.enabled(a.dtype), mask)
    return mask


class Forward:
    """A prepared pass for `samples` samples, without dropout; `keep_z` and `options` select what is kept."""

    def __init__(
        self,
        network: Network,
        samples: int,
        dtype: np.dtype,
        keep_z: bool = False,
        networks: tuple[int, ...] = (),
        options: PassOptions | None = None,
    ) -> None:
        needs_z = keep_z or any(layer.activation_function.keeps_z for layer in network.layers)
        self.buffers = Buffers(network, samples, np.dtype(dtype), needs_z, networks)
        self.theta = np.zeros((*networks, network.size), dtype)
        self._inputs = np.ones((network.layers[0].input_rows, samples), dtype)
        xp = Recorder(np.dtype(dtype))
        self.masks = record_forward(xp, network, self.theta, self.buffers, options or PassOptions())
        self._run: Callable[..., None] = xp.compile((INPUTS.name,))

    def run(self, theta: np.ndarray, inputs: np.ndarray) -> Buffers:
        """Runs the network `theta` for `inputs` (samples, features); the next run overwrites the buffers."""
        return self.run_columns(theta, self.columns(inputs))

    def columns(self, inputs: np.ndarray) -> np.ndarray:
        """Returns `inputs` (samples, features) as columns with a last row of ones, until the next call."""
        self._inputs[:-1] = inputs.T
        return self._inputs

    def run_columns(self, theta: np.ndarray, columns: np.ndarray) -> Buffers:
        """Runs the network for columns (features + 1, samples) with a last row of ones."""
        np.copyto(self.theta, theta)
        with np.errstate(all="ignore"):
            self._run((columns,))
        return self.buffers


@lru_cache(maxsize=64)
def prepared(
    network: Network, samples: int, dtype: str, keep_z: bool = False, unmasked: bool = False
) -> Forward:
    """Returns a cached pass for this network and number of samples (for one thread at a time)."""
    return Forward(network, samples, np.dtype(dtype), keep_z, options=PassOptions(unmasked=unmasked))


def buffer_rows(network: Network) -> int:
    """Returns the number of rows of the activations of all layers."""
    return sum(layer.units + 1 for layer in network.layers)


def samples_within(network: Network, size: int) -> int:
    """Returns the number of samples, at least one, of a pass with about `size` bytes."""
    rows = buffer_rows(network) + network.layers[0].input_rows
    return max(1, size // (8 * rows))


def block_size(network: Network, samples: int) -> int:
    """Returns the number of samples, at most `samples`, of a pass with about BLOCK_BYTES."""
    return min(samples, samples_within(network, BLOCK_BYTES))


def outputs(network: Network, theta: np.ndarray, inputs: np.ndarray, layer: int = -1) -> np.ndarray:
    """Returns the activations of one layer, (units, samples), for `inputs` (samples, features)."""
    index = range(len(network.layers))[layer]
    return run_blocks(network, theta, inputs, lambda buffers: buffers.output(index))


def logits(network: Network, theta: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns z and a of the output layer, (outputs, samples) each, valid until the next pass."""
    last = len(network.layers) - 1
    if 0 < len(inputs) <= block_size(network, len(inputs)):
        buffers = prepared(network, len(inputs), theta.dtype.name, True).run(theta, inputs)
        return buffers.preactivation(last), buffers.output(last)
    count = network.layers[-1].units
    both = run_blocks(
        network, theta, inputs, lambda b: np.concatenate((b.preactivation(last), b.output(last))), keep_z=True
    )
    return both[:count], both[count:]


def run_blocks(
    network: Network,
    theta: np.ndarray,
    inputs: np.ndarray,
    select: Callable[[Buffers], np.ndarray],
    keep_z: bool = False,
) -> np.ndarray:
    """Returns `select(buffers)` for all `inputs`, (rows, samples), computed in blocks."""
    samples = len(inputs)
    size = block_size(network, samples)
    if samples == 0:
        return select(Forward(network, 1, theta.dtype, keep_z).buffers)[:, :0].copy()
    parts = []
    for start in range(0, samples, size):
        chunk = inputs[start : start + size]
        forward = prepared(network, len(chunk), theta.dtype.name, keep_z)
        parts.append(select(forward.run(theta, chunk)).copy())
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
