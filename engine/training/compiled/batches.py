"""The training part in the order of the current epoch, and its batches as views.

The views remain valid, because each shuffle changes the same memory.
"""

from collections.abc import Sequence

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.training.compiled.plan import prepare_targets

Batch = tuple[np.ndarray, np.ndarray]  # inputs (..., features + 1, samples), targets (..., outputs, samples)


class Batches:
    """Inputs and targets, copied in the order of the epoch once per shuffle.

    `data` has one item, or K for K networks: their training parts, of equal shape, are then joined.
    """

    def __init__(self, data: Sequence[Data], config: ExamplesConfig, networks: tuple[int, ...] = ()) -> None:
        parts = [each.train for each in data[: 1 if _is_shared(data) else len(data)]]
        self.samples, outputs = len(parts[0]), parts[0].targets.shape[1]
        self._first_rows = np.arange(len(parts))[:, None] * self.samples if len(parts) > 1 else None
        inputs, targets = (_joined([getattr(part, name) for part in parts]) for name in ("inputs", "targets"))
        self.inputs = np.ones((len(inputs), len(data[0].features) + 1), config.dtype)
        self.inputs[:, :-1] = inputs
        self._targets = np.ascontiguousarray(prepare_targets(config, targets.T), config.dtype)
        self._ordered_inputs = np.empty((*networks, self.samples, self.inputs.shape[1]), config.dtype)
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
        if self._first_rows is not None:
            order = order + self._first_rows
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


def _is_shared(data: Sequence[Data]) -> bool:
    return all(each is data[0] for each in data)


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
