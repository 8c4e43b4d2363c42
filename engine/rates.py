"""What changes from step to step by rule alone: learning rate, Adam's corrections. Computed in float64, in
blocks.

Blocks start at multiples of their length whatever step one asks for, so a number never depends on how the
training was cut into pieces.
"""

import numpy as np

from engine.config import ExamplesConfig
from engine.optimizers import OPTIMIZERS
from engine.plan import gradient_factor
from engine.schedules import SCHEDULES
from engine.update import MAX_RATES

BLOCK = 256


def learning_rates(config: ExamplesConfig, t: np.ndarray) -> np.ndarray:
    """η at steps t, float64."""
    schedule = config.optimizer.schedule
    numbers = {k: v for k, v in schedule.model_dump().items() if isinstance(v, int | float)}
    return config.optimizer.learning_rate * SCHEDULES[schedule.name].factor(t.astype(np.float64), numbers)


class RateTable:
    """The step-by-step constants of one configuration and batch size, as 0-d views that a prepared loop can
    take.
    """

    def __init__(self, config: ExamplesConfig, samples: int, changing: list[int]) -> None:
        optimizer = config.optimizer
        self.config, self._optimizer = config, OPTIMIZERS[optimizer.name]
        self._numbers = {k: v for k, v in optimizer.model_dump().items() if isinstance(v, float)}
        self._scale = gradient_factor(config) / samples
        self._block = -1
        self._table = np.ones((2 + MAX_RATES, BLOCK), config.dtype)
        # Views of the same memory for good: refilling the table is all it takes to move on.
        self._views = [[self._table[row, i : i + 1].reshape(()) for i in range(BLOCK)] for row in changing]

    def slices(self, step: int, count: int) -> list[list[np.ndarray]]:
        """What changes in the steps step .. step + count - 1, which must lie in one block."""
        block, start = divmod(step, BLOCK)
        assert start + count <= BLOCK
        if block != self._block:
            self._fill(block)
        return [views[start : start + count] for views in self._views]

    def _fill(self, block: int) -> None:
        t = np.arange(block * BLOCK, (block + 1) * BLOCK)
        rate = learning_rates(self.config, t)
        fold = rate if self._optimizer.folds_rate else np.ones(BLOCK)
        self._table[0] = fold * self._scale
        self._table[1] = fold
        for index, values in enumerate(self._optimizer.rates(t.astype(np.float64), rate, self._numbers)):
            self._table[2 + index] = values
        self._block = block


def steps_left_in_block(step: int) -> int:
    """How many steps one call of `slices` can serve from here."""
    return BLOCK - step % BLOCK
