"""Bare optimizer steps: the prepared plan over the whole batches of one epoch, and nothing else."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.timing import microseconds
from benchmarks.workloads import Prepared
from engine.optimizers import OPTIMIZERS
from engine.training.compiled.rates import steps_left_in_block
from engine.training.compiled.stepper import Stepper
from engine.training.compiled.update import Bound


class Steps:
    """One network with its plan; `rounds` epochs' batches are laid side by side."""

    def __init__(self, ready: Prepared, rounds: int = 1) -> None:
        self.ready, config = ready, ready.config
        slots = OPTIMIZERS[config.optimizer.name].state_vectors
        self.memory = np.zeros((1 + slots, ready.theta.size), config.dtype)
        chance = np.random.Generator(np.random.PCG64(0))
        bound = Bound(self.memory[0], list(self.memory[1:]), [chance])
        stepper = Stepper(ready.network, config, ready.data, bound)
        stepper.arrange(ready.order)
        self.plan, self.rates = stepper.plan(config.batch_size)
        self.batches = [list(views) * rounds for views in stepper.batches.full_batches(0, config.batch_size)]
        self.reset()

    def reset(self) -> None:
        """Initial weights, empty slots, in place: the plan keeps references."""
        self.memory[:] = 0
        self.memory[0] = self.ready.theta
        self.step = 0

    def run(self, steps: int) -> None:
        """Rates come from their table in its blocks; the batches go round."""
        step, end, length = self.step, self.step + steps, len(self.batches[0])
        with np.errstate(all="ignore"):
            while step < end:
                place = step % length
                count = min(end - step, length - place, steps_left_in_block(step))
                views = [each[place : place + count] for each in self.batches]
                self.plan.run(*views, *self.rates.slices(step, count))
                step += count
        self.step = step

    def timed(self, steps: int) -> float:
        """Microseconds per step over `steps` steps from the initial weights."""
        self.reset()
        return microseconds(lambda: self.run(steps), 1) / steps

    def timer(self, seconds: float = 0.03) -> Callable[[], float]:
        """`timed` over about so many seconds."""
        steps = max(1, int(seconds * 1e6 / self.timed(max(4, len(self.batches[0])))))
        return lambda: self.timed(steps)

    def slots(self) -> dict[str, Any]:
        """The values of the first step by the names they have in the prepared loop."""
        names = [name.removeprefix("all_") for name in inspect.signature(self.plan.run).parameters]
        values = [views[0] for views in (*self.batches, *self.rates.slices(0, 1))]
        return dict(zip(names, values, strict=True))
