"""Stepper: runs compiled steps over the batches of an epoch, for one network or several."""

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import Network
from engine.training.compiled.batches import Batches
from engine.training.compiled.plan import StepPlan
from engine.training.compiled.rates import MemberRates, RateBlocks, RateTable, steps_left_in_block
from engine.training.compiled.update import StepArrays


class Stepper:
    """The compiled steps of one configuration, one per batch size, compiled at first use.

    `optimizer_start` is the step before which the optimizer state was 0. If `arrays` has members, their rates
    and data are used.
    """

    def __init__(
        self,
        network: Network,
        config: ExamplesConfig,
        data: Data,
        arrays: StepArrays,
        optimizer_start: int = 0,
    ) -> None:
        self.network, self.config, self.arrays = network, config, arrays
        members = arrays.members
        self.batches = Batches(members.data if members else [data], config, arrays.networks)
        self._rates = MemberRates(members) if members else RateBlocks(config, optimizer_start)
        self.plans: dict[int, tuple[StepPlan, RateTable]] = {}

    def arrange(self, order: np.ndarray) -> None:
        """Copies the samples of the epoch in this order."""
        self.batches.arrange(order)

    def run(self, position: int, step: int, limit: int) -> tuple[int, int]:
        """Runs 1 to `limit` steps from sample `position` of the epoch on. Returns (steps, samples)."""
        size, samples = self.config.batch_size, self.batches.samples
        steps, end = 0, position
        if samples - end >= size:
            inputs, targets = self.batches.full_batches(end, size)
            steps = min(limit, len(inputs), steps_left_in_block(step))
            plan, table = self.plan(size)
            plan.run(inputs[:steps], targets, *table.slices(step, steps))
            end += steps * size
        remaining = samples - end
        if 0 < remaining < size and steps < limit:
            last_inputs, last_targets = self.batches.last_batch(end)
            plan, table = self.plan(remaining)
            plan.run((last_inputs,), (last_targets,), *table.slices(step + steps, 1))
            steps, end = steps + 1, samples
        return steps, end - position

    def plan(self, samples: int) -> tuple[StepPlan, RateTable]:
        """Returns the compiled step for batches of `samples`, and its rates."""
        if samples not in self.plans:
            plan = StepPlan(self.network, self.config, self.arrays, samples)
            self.plans[samples] = plan, RateTable(self._rates, samples, plan.rate_rows)
        return self.plans[samples]
