"""Steps: the compiled optimizer step over the full batches of one epoch, without the training loop."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.timing import microseconds
from benchmarks.workloads import Prepared
from engine.optimizers import OPTIMIZERS
from engine.training.compiled.rates import steps_left_in_block
from engine.training.compiled.stepper import Stepper
from engine.training.compiled.update import StepArrays


class Steps:
    """One network with its compiled step; the batches of the epoch are repeated `rounds` times."""

    def __init__(self, ready: Prepared, rounds: int = 1) -> None:
        self.ready, config = ready, ready.config
        vectors = OPTIMIZERS[config.optimizer.name].state_vectors
        self.memory = np.zeros((1 + vectors, ready.theta.size), config.dtype)
        dropout = np.random.Generator(np.random.PCG64(0))
        arrays = StepArrays(self.memory[0], list(self.memory[1:]), [dropout])
        stepper = Stepper(ready.network, config, ready.data, arrays)
        stepper.arrange(ready.order)
        self.plan, self.rates = stepper.plan(config.batch_size)
        self.batches = [list(views) * rounds for views in stepper.batches.full_batches(0, config.batch_size)]
        self.reset()

    def reset(self) -> None:
        """Sets initial weights and optimizer state in place, as the compiled step refers to them."""
        self.memory[:] = 0
        self.memory[0] = self.ready.theta
        self.step = 0

    def run(self, steps: int) -> None:
        """Runs steps, repeating the batches."""
        step, end, length = self.step, self.step + steps, len(self.batches[0])
        with np.errstate(all="ignore"):
            while step < end:
                index = step % length
                count = min(end - step, length - index, steps_left_in_block(step))
                views = [arrays[index : index + count] for arrays in self.batches]
                self.plan.run(*views, *self.rates.slices(step, count))
                step += count
        self.step = step

    def timed(self, steps: int) -> float:
        """Returns microseconds per step over `steps` steps from the initial weights."""
        self.reset()
        return microseconds(lambda: self.run(steps), 1) / steps

    def timer(self, seconds: float = 0.03) -> Callable[[], float]:
        """Returns a function that measures microseconds per step for about `seconds`."""
        steps = max(1, int(seconds * 1e6 / self.timed(max(4, len(self.batches[0])))))
        return lambda: self.timed(steps)

    def loop_variables(self) -> dict[str, Any]:
        """Returns the loop variables of the compiled loop for the first step, by name."""
        names = [name.removeprefix("all_") for name in inspect.signature(self.plan.run).parameters]
        values = [views[0] for views in (*self.batches, *self.rates.slices(0, 1))]
        return dict(zip(names, values, strict=True))
