"""The rates of every step: the learning rate and numbers derived from it, such as Adam's bias corrections.

They are computed in float64, in blocks of steps. Blocks start at multiples of their length, so that a rate
does not depend on the number of steps per call.
"""

from collections.abc import Sequence

import numpy as np

from engine.config.models import ExamplesConfig, OptimizerConfig
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES, initial_rate
from engine.training.compiled.members import Members
from engine.training.compiled.plan import gradient_factor
from engine.training.compiled.update import MAX_RATES

BLOCK = 256


def learning_rates(config: ExamplesConfig, t: np.ndarray) -> np.ndarray:
    """Returns η at steps t, learning rate times schedule, as float64 in the shape of `t`."""
    schedule = config.optimizer.schedule
    numbers = {k: v for k, v in schedule.model_dump().items() if isinstance(v, int | float)}
    return initial_rate(config.optimizer) * SCHEDULES[schedule.name].factor(t.astype(np.float64), numbers)


class RateBlocks:
    """The rates of one configuration in blocks of steps, float64; the last block is cached.

    `optimizer_start` is the step before which the optimizer state was 0.
    """

    networks: tuple[int, ...] = ()

    def __init__(self, config: ExamplesConfig, optimizer_start: int = 0) -> None:
        self._optimizer_start = optimizer_start
        self.config, self._optimizer = config, OPTIMIZERS[config.optimizer.name]
        self._numbers = {k: v for k, v in config.optimizer.model_dump().items() if isinstance(v, float)}
        self._number, self._block = -1, np.ones((1 + MAX_RATES, BLOCK))

    def block(self, number: int) -> np.ndarray:
        """Returns the rate in the gradient (or 1) and the optimizer's rates, (1 + MAX_RATES, BLOCK)."""
        if number != self._number:
            t = np.arange(number * BLOCK, (number + 1) * BLOCK)
            rate = learning_rates(self.config, t)
            self._block[0] = rate if self._optimizer.rate_in_gradient else 1.0
            since = np.maximum(t - self._optimizer_start, 0).astype(np.float64)
            for index, values in enumerate(self._optimizer.rates(since, rate, self._numbers)):
                self._block[1 + index] = values
            self._number = number
        return self._block


class MemberRates:
    """The rates of K networks; as those of one configuration if all have the same.

    `networks` is (K,) if they differ, else ().
    """

    def __init__(self, members: Members) -> None:
        settings = [
            (config.optimizer, start)
            for config, start in zip(members.configs, members.optimizer_starts, strict=True)
        ]
        blocks: dict[tuple[OptimizerConfig, int], RateBlocks] = {}
        for config, key in zip(members.configs, settings, strict=True):
            blocks.setdefault(key, RateBlocks(config, key[1]))
        self.config, self._blocks = members.configs[0], list(blocks.values())
        positions = {key: index for index, key in enumerate(blocks)}
        self._columns = [positions[key] for key in settings]
        self.networks = (len(settings),) if len(blocks) > 1 else ()

    def block(self, number: int) -> np.ndarray:
        """Returns the rates of `RateBlocks.block`, (1 + MAX_RATES, BLOCK, *networks)."""
        if not self.networks:
            return self._blocks[0].block(number)
        return np.stack([rates.block(number) for rates in self._blocks], -1)[..., self._columns]


class RateTable:
    """The rates of one batch size, in the dtype of the run, as views for a compiled loop.

    A view is 0-d, or (K, 1) for K networks with different rates; the first row, the factor of the error of
    the output, (K, 1, 1). `rows` are the rows that the loop uses, as indices into `plan.RATE_VARIABLES`.
    """

    def __init__(self, rates: RateBlocks | MemberRates, samples: int, rows: Sequence[int]) -> None:
        self._rates = rates
        self._scale = gradient_factor(rates.config) / samples
        self._block = -1
        self._table = np.ones((2 + MAX_RATES, BLOCK, *rates.networks), rates.config.dtype)
        # Views of the same memory: for the next block only the values in the table change.
        axes = {0: (*rates.networks, 1, 1), 1: (*rates.networks, 1)} if rates.networks else {0: (), 1: ()}
        self._views = [
            [self._table[row, i : i + 1].reshape(axes[min(row, 1)]) for i in range(BLOCK)] for row in rows
        ]

    def slices(self, step: int, count: int) -> list[list[np.ndarray]]:
        """Returns a list per row: the rates of steps step .. step + count - 1, which must be in one block."""
        block, start = divmod(step, BLOCK)
        assert start + count <= BLOCK
        if block != self._block:
            values = self._rates.block(block)
            np.multiply(values[0], self._scale, self._table[0], casting="same_kind")
            self._table[1:] = values
            self._block = block
        return [views[start : start + count] for views in self._views]


def steps_left_in_block(step: int) -> int:
    """Returns the largest `count` for `slices` at this step."""
    return BLOCK - step % BLOCK
