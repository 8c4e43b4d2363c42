"""The training part in the order of the current epoch, and its batches as views.

The views remain valid, because each shuffle changes the same memory.
"""

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.training.compiled.plan import prepare_targets

Batch = tuple[np.ndarray, np.ndarray]  # inputs (..., features + 1, samples), targets (..., outputs, samples)


class Batches:
    """Inputs and targets, copied in the order of the epoch once per shuffle."""

    def __init__(self, data: Data, config: ExamplesConfig, networks: tuple[int, ...] = ()) -> None:
        part, self.samples = data.train, len(data.train)
        outputs = part.targets.shape[1]
        self.inputs = np.ones((self.samples, len(data.features) + 1), config.dtype)
        self.inputs[:, :-1] = part.inputs
        self._targets = np.ascontiguousarray(prepare_targets(config, part.targets.T), config.dtype)
        self._ordered_inputs = np.empty((*networks, *self.inputs.shape), config.dtype)
        self._ordered_targets = np.empty((outputs, *networks, self.samples), config.dtype)
        self._last: tuple[int, Batch] | None = None
        self._cache: dict[tuple[int, int], tuple[list[np.ndarray], list[np.ndarray]]] = {}

    def replace_inputs(self, inputs: np.ndarray) -> None:
        """Sets other inputs (samples, features) for the same targets, from the next `arrange` on."""
        self.inputs[:, :-1] = inputs

    def arrange(self, order: np.ndarray) -> None:
        """Copies the samples in this order, (samples,), or in K orders, (K, samples).

        All indices are in range; with `clip` NumPy needs no buffer.
        """
        self.inputs.take(order, 0, self._ordered_inputs, "clip")
        self._targets.take(order, 1, self._ordered_targets, "clip")

    def full_batches(self, start: int, size: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Returns inputs and targets of all full batches of `size` from sample `start` on."""
        key = (start % size, size)  # all starts with the same remainder share their views
        if key not in self._cache:
            if len(self._cache) > 4:
                self._cache.clear()
            starts = range(key[0], self.samples - size + 1, size)
            views = [self._batch(first, size) for first in starts]
            self._cache[key] = [inputs for inputs, _ in views], [targets for _, targets in views]
        inputs, targets = self._cache[key]
        skip = (start - key[0]) // size
        return (inputs[skip:], targets[skip:]) if skip else (inputs, targets)

    def last_batch(self, start: int) -> Batch:
        """Returns the samples from `start` to the end, the smaller last batch."""
        if self._last is None or self._last[0] != start:
            self._last = start, self._batch(start, self.samples - start)
        return self._last[1]

    def _batch(self, start: int, size: int) -> Batch:
        rows = slice(start, start + size)
        targets = np.moveaxis(self._ordered_targets[..., rows], 0, -2)
        return self._ordered_inputs[..., rows, :].swapaxes(-1, -2), targets
