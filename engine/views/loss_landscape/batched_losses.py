"""The loss of many networks of one shape on the same points, as batched products."""

from collections.abc import Callable

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.network import Network
from engine.operations import Recorder
from engine.training.compiled.forward import (
    INPUTS,
    Buffers,
    record_activation,
    record_product,
    record_silence,
)
from engine.training.compiled.plan import matched_loss
from engine.training.measured_points import sample_losses

BLOCK_BYTES = 2 * 2**20  # of activations: what stays in a core's cache
MOST_AT_ONCE = 128


def block_count(network: Network, samples: int, itemsize: int) -> int:
    """How many networks at a time keep their activations near BLOCK_BYTES."""
    rows = sum(layer.units + 1 for layer in network.layers)
    return max(1, min(MOST_AT_ONCE, BLOCK_BYTES // (rows * samples * itemsize)))


class SideBySide:
    """Prepared for `count` networks and these points (samples, features), without dropout."""

    def __init__(
        self, network: Network, config: ExamplesConfig, inputs: np.ndarray, targets: np.ndarray, dtype: str
    ) -> None:
        self.config, self.samples = config, len(inputs)
        self.count = block_count(network, self.samples, np.dtype(dtype).itemsize)
        self._theta = np.zeros((self.count, network.size), dtype)
        self._inputs = np.ones((inputs.shape[1] + 1, self.samples), dtype)
        self._inputs[:-1] = inputs.T
        self._targets = np.ascontiguousarray(targets.T, dtype)
        self._matched = matched_loss(config)
        self._last = len(network.layers) - 1
        keep_z = any(layer.entry.keeps_z for layer in network.layers)
        self._buffers = Buffers(network, self.samples, np.dtype(dtype), keep_z, (self.count,))
        self._run = self._record(network, np.dtype(dtype))

    def losses(self, thetas: np.ndarray) -> np.ndarray:
        """The mean loss of each of at most `count` networks, `thetas` (K, size); float64."""
        self._theta[: len(thetas)] = thetas
        with np.errstate(all="ignore"):
            self._run((self._inputs,))
            z, a = self._buffers.preactivation(self._last), self._buffers.output(self._last)
            each = sample_losses(self.config, self._matched, z, a, self._targets)
            totals: np.ndarray = each.sum(axis=-1, dtype=np.float64)[: len(thetas)] / self.samples
        return totals

    def _record(self, network: Network, dtype: np.dtype) -> Callable[..., None]:
        xp = Recorder(dtype)
        for index, layer in enumerate(network.layers):
            record_product(xp, network, self._theta, self._buffers, index)
            if index < self._last or self._matched is None:
                z, a = self._buffers.preactivation(index), self._buffers.output(index)
                record_activation(xp, layer, z, a, network.alpha(self._theta, layer))
                record_silence(xp, layer, a)
        return xp.compile((INPUTS.name,))
