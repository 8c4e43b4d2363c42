"""The forward pass: recorded once for a number of samples, then run as one prepared function."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from engine.layers.network import Layer, Network
from engine.operations import Recorder, Slot, aligned

INPUTS = Slot("inputs")  # (features + 1, samples), last row ones


@dataclass
class Buffers:
    """Where the values of one pass live: for all layers one array each, so that one call can serve several
    layers.

    `outputs[l]` is (units, samples) and `blocks[l]` the same with the row of ones; `preactivations[l]` is
    `outputs[l]` itself where nothing needs z any more.
    """

    network: Network
    samples: int
    dtype: np.dtype
    keep_z: bool
    networks: tuple[int, ...] = ()  # (K,) where K networks of one shape run side by side
    rows: list[slice] = field(default_factory=list)  # of each layer, the row of ones not included
    both: np.ndarray = field(init=False)  # z above a, or a alone
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
        """(start, stop) among `both` of every layer's z, then of every layer's activations."""
        height = len(self.z)
        return tuple((rows.start + top, rows.stop + top) for top in (0, height) for rows in self.rows)

    def output(self, index: int) -> np.ndarray:
        """The layer's activations, (units, samples)."""
        return self.a[..., self.rows[index], :]

    def preactivation(self, index: int) -> np.ndarray:
        """The layer's z, (units, samples)."""
        return self.z[..., self.rows[index], :]

    def block(self, index: int) -> np.ndarray:
        """What the next layer multiplies: the activations with the row of ones."""
        rows = self.rows[index]
        return self.a[..., rows.start : rows.stop + 1, :]


def record_product(xp: Recorder, network: Network, theta: np.ndarray, buffers: Buffers, index: int) -> None:
    """z = W x + b of one layer: one product."""
    source: Any = INPUTS if index == 0 else buffers.block(index - 1)
    xp.dot(network.block(theta, network.layers[index]).swapaxes(-1, -2), source, buffers.preactivation(index))


def record_activation(
    xp: Recorder,
    layer: Layer,
    z: np.ndarray,
    a: np.ndarray,
    alpha: np.ndarray | float | None,
    d: np.ndarray | None = None,
) -> None:
    """a = f(z) of one layer; `d` gets what the derivative begins with, where somebody wants it. Where nobody
    does, `a` itself has room for it until the value is written.
    """
    same = z.__array_interface__["data"] == a.__array_interface__["data"]
    if d is None and layer.entry.leaves_slope:
        d = xp.temp(z) if same else a
    layer.entry.forward(xp, z, z if same else a, d, alpha)
    xp.release()


def record_silence(xp: Recorder, layer: Layer, a: np.ndarray) -> None:
    """a = 0 where a unit is switched off."""
    if layer.off:
        xp.multiply(a, layer.on(a.dtype), a)


class Forward:
    """A prepared pass for up to `samples` samples, without dropout. Keeps z only where asked."""

    def __init__(
        self,
        network: Network,
        samples: int,
        dtype: np.dtype,
        keep_z: bool = False,
        networks: tuple[int, ...] = (),
    ) -> None:
        needs_z = keep_z or any(layer.entry.keeps_z for layer in network.layers)
        self.buffers = Buffers(network, samples, np.dtype(dtype), needs_z, networks)
        self.theta = np.empty((*networks, network.size), dtype)
        self._inputs = np.ones((network.layers[0].inputs + 1, samples), dtype)
        xp = Recorder(np.dtype(dtype))
        for index, layer in enumerate(network.layers):
            record_product(xp, network, self.theta, self.buffers, index)
            z, a = self.buffers.preactivation(index), self.buffers.output(index)
            record_activation(xp, layer, z, a, network.alpha(self.theta, layer))
            record_silence(xp, layer, a)
        self._run: Callable[..., None] = xp.compile((INPUTS.name,))

    def run(self, theta: np.ndarray, inputs: np.ndarray) -> Buffers:
        """Run `inputs`, (samples, features), through the network `theta`; the buffers are overwritten by the
        next run.
        """
        self._inputs[:-1] = inputs.T
        return self.run_columns(theta, self._inputs)

    def run_columns(self, theta: np.ndarray, columns: np.ndarray) -> Buffers:
        """The same for inputs that are columns already, (features + 1, samples) with a last row of ones."""
        np.copyto(self.theta, theta)
        with np.errstate(all="ignore"):
            self._run((columns,))
        return self.buffers


@lru_cache(maxsize=64)
def prepared(network: Network, samples: int, dtype: str, keep_z: bool = False) -> Forward:
    """A pass for this network and number of samples, kept for the next call (one thread at a time)."""
    return Forward(network, samples, np.dtype(dtype), keep_z)


BLOCK_BYTES = 4 * 2**20


def samples_within(network: Network, room: int) -> int:
    """How many samples a pass can take at once in about `room` bytes, at least one."""
    rows = sum(layer.units + 1 for layer in network.layers) + network.layers[0].inputs + 1
    return max(1, room // (8 * rows))


def block_size(network: Network, samples: int) -> int:
    """How many samples at a time keep the buffers of one pass near BLOCK_BYTES, at most all of them."""
    return min(samples, samples_within(network, BLOCK_BYTES))


def outputs(network: Network, theta: np.ndarray, inputs: np.ndarray, layer: int = -1) -> np.ndarray:
    """The activations of one layer for `inputs` (samples, features), as a new array (units, samples)."""
    return run_blocks(
        network, theta, inputs, lambda buffers: buffers.output(range(len(network.layers))[layer])
    )


def logits(network: Network, theta: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """z and a of the output layer, (outputs, samples) each; valid until the next pass."""
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
    pick: Callable[[Buffers], np.ndarray],
    keep_z: bool = False,
) -> np.ndarray:
    """`pick` of the buffers for all `inputs`, block by block, side by side as (rows, samples)."""
    samples = len(inputs)
    size = block_size(network, samples)
    if samples == 0:
        return pick(Forward(network, 1, theta.dtype, keep_z).buffers)[:, :0].copy()
    parts = []
    for start in range(0, samples, size):
        chunk = inputs[start : start + size]
        forward = prepared(network, len(chunk), theta.dtype.name, keep_z)
        parts.append(pick(forward.run(theta, chunk)).copy())
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
