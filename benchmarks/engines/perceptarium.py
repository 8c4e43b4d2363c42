"""Perceptarium: compiled steps over prepared batches, or (argument `loop`) the training loop of a worker.

The training loop shuffles, uses the smaller last batch, measures points, saves states and tests for
divergence, in slices of about 5 ms. It is timed after the spacing of measured points has reached its maximum.
"""

import sys
import time

import numpy as np

from benchmarks.engines.process import rounds_per_call, serve
from benchmarks.problem import Parameters, Problem
from benchmarks.steps import Steps
from benchmarks.workloads import layers_of, prepare
from engine.training.measured_points import MeasurementSchedule, measured_sizes
from engine.training.trainer import Trainer

SLICE = 5000  # microseconds


class StepsOnly:
    """Steps over the batches of the first epoch, repeated."""

    version = f"Perceptarium, NumPy {np.__version__}"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.steps = Steps(prepare(problem.settings.workload), rounds_per_call(problem))

    def reset(self) -> None:
        """Restores the initial weights."""
        self.steps.reset()

    def run(self, steps: int) -> int:
        """Runs the steps."""
        self.steps.run(steps)
        return steps

    def epoch(self) -> Parameters:
        """Runs one epoch of full batches."""
        self.run(self.problem.epoch)
        return layers_of(self.steps.ready.network, self.steps.memory[0])


class Loop:
    """Calls of `Trainer.advance` as in a worker."""

    version = f"Perceptarium, NumPy {np.__version__}"

    def __init__(self, problem: Problem) -> None:
        ready = prepare(problem.settings.workload)
        config, data = ready.config, ready.data
        self.trainer = Trainer(config, data)
        self.trainer.advance(problem.epoch)
        self.after_first_epoch = layers_of(ready.network, self.trainer.state.theta)
        self.trainer.advance(
            16 * MeasurementSchedule(sum(measured_sizes(data).values()), config.batch_size).ceiling
        )
        start = time.perf_counter()
        self.trainer.advance(256)
        self.slice = max(1, int(256 * SLICE / 1e6 / (time.perf_counter() - start)))

    def reset(self) -> None:
        """Does nothing, because the first steps, in which more points are measured, are not timed."""

    def run(self, steps: int) -> int:
        """Runs the steps in slices as in a worker."""
        done = 0
        while done < steps:
            done += self.trainer.advance(min(self.slice, steps - done)).steps
        return done

    def epoch(self) -> Parameters:
        """Returns the parameters after the full batches of the first epoch."""
        return self.after_first_epoch


if __name__ == "__main__":
    serve(Loop if sys.argv[2:] == ["loop"] else StepsOnly)
