"""Stepper: runs prepared steps over the batches of an epoch, for one network or several side by side."""

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import Network
from engine.training.compiled.batches import Batches
from engine.training.compiled.plan import StepPlan
from engine.training.compiled.rates import Rates, RateTable, steps_left_in_block
from engine.training.compiled.update import Bound


class Stepper:
    """The plans of one configuration, made when they are first needed: whole batches, and the short last
    one.
    """

    def __init__(self, network: Network, config: ExamplesConfig, data: Data, bound: Bound) -> None:
        self.network, self.config, self.bound = network, config, bound
        self.batches = Batches(data, config, bound.networks)
        self._rates = Rates(config)
        self.plans: dict[int, tuple[StepPlan, RateTable]] = {}

    def arrange(self, order: np.ndarray) -> None:
        """Begin or take up an epoch with this order of its samples."""
        self.batches.arrange(order)

    def run(self, position: int, step: int, limit: int) -> tuple[int, int]:
        """From sample `position` of the epoch on at most `limit` steps, at least one: (steps, samples)."""
        size, samples = self.config.batch_size, self.batches.samples
        steps, place = 0, position
        if samples - place >= size:
            inputs, targets = self.batches.whole(place, size)
            steps = min(limit, len(inputs), steps_left_in_block(step))
            plan, table = self.plan(size)
            plan.run(inputs[:steps], targets, *table.slices(step, steps))
            place += steps * size
        left = samples - place
        if 0 < left < size and steps < limit:
            last_inputs, last_targets = self.batches.tail(place)
            plan, table = self.plan(left)
            plan.run((last_inputs,), (last_targets,), *table.slices(step + steps, 1))
            steps, place = steps + 1, samples
        return steps, place - position

    def plan(self, samples: int) -> tuple[StepPlan, RateTable]:
        """The prepared step for batches of `samples`, and what changes from step to step."""
        if samples not in self.plans:
            plan = StepPlan(self.network, self.config, self.bound, samples)
            self.plans[samples] = plan, RateTable(self._rates, samples, plan.changing)
        return self.plans[samples]
