"""The loss of many networks of one shape on the same points, as batched products."""

import numpy as np

from engine.datasets import Data
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import Forward, PassOptions, buffer_rows
from engine.training.compiled.plan import matched_loss
from engine.training.measured_points import sample_losses

BLOCK_BYTES = 2 * 2**20  # of activations, which fit in the cache of a core
MAX_NETWORKS = 128


def block_count(network: Network, samples: int, itemsize: int) -> int:
    """The number of networks whose activations together take about BLOCK_BYTES."""
    return max(1, min(MAX_NETWORKS, BLOCK_BYTES // (buffer_rows(network) * samples * itemsize)))


class BatchedLosses:
    """The mean loss over the first `samples` training points, of up to `count` networks at a time, without
    dropout and penalties.
    """

    def __init__(self, checkpoint: Checkpoint, data: Data, samples: int, dtype: str) -> None:
        network, config = checkpoint.network, checkpoint.config
        inputs, targets = data.train.inputs[:samples], data.train.targets[:samples]
        self.config, self.samples = config, len(inputs)
        self.count = block_count(network, self.samples, np.dtype(dtype).itemsize)
        self._theta = np.zeros((self.count, network.size), dtype)
        self._targets = np.ascontiguousarray(targets.T, dtype)
        self._matched = matched_loss(config)
        self._last = len(network.layers) - 1
        options = PassOptions(activate_output=self._matched is None)
        self._forward = Forward(
            network, self.samples, np.dtype(dtype), networks=(self.count,), options=options
        )
        self._inputs = self._forward.columns(inputs)

    def losses(self, thetas: np.ndarray) -> np.ndarray:
        """The mean loss (K,) of at most `count` networks with parameters `thetas` (K, size), float64."""
        self._theta[: len(thetas)] = thetas
        with np.errstate(all="ignore"):
            buffers = self._forward.run_columns(self._theta, self._inputs)
            z, a = buffers.preactivation(self._last), buffers.output(self._last)
            losses = sample_losses(self.config, self._matched, z, a, self._targets)
            totals: np.ndarray = losses.sum(axis=-1, dtype=np.float64)[: len(thetas)] / self.samples
        return totals
