"""Ensemble: several trainings of one configuration, which differ in their seed, run as batched products.

The same fold in another mode: the K networks' parameters lie in one array, every recorded call serves all of
them, and each keeps a TrainState of its own. The weights equal those of a training alone up to rounding, not
to the bit, so their states say `batched`.
"""

from collections.abc import Sequence

import numpy as np

from engine.config.errors import ConfigError
from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import build
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.stepper import Stepper
from engine.training.compiled.update import Bound
from engine.training.measured_points import Instants, Meter
from engine.training.state import fresh
from engine.training.trainer import Report

MOST = 1024


class Ensemble:
    """K trainings side by side; `states[k]` is that of `seeds[k]`. Early stopping is not for this mode."""

    def __init__(self, config: ExamplesConfig, data: Data, seeds: Sequence[int]) -> None:
        if not 1 <= len(seeds) <= MOST:
            raise ConfigError("seeds", f"there must be from 1 to {MOST}", given=len(seeds), limit=[1, MOST])
        if config.early_stopping is not None:
            raise ConfigError("early_stopping", "networks side by side train for the same epochs", limit=None)
        self.data = data
        self.configs = [config.model_copy(update={"seed": seed}) for seed in seeds]
        self.network = build(config, data.outputs)
        self.states = [fresh(self.network, own, len(data.train)) for own in self.configs]
        self._order = self._join()
        theta, *slots = self._memory
        bound = Bound(theta, slots, [state.dropout for state in self.states])
        self._stepper = Stepper(self.network, config, data, bound)
        self._meter = Meter(self.network, config, data, bound.networks)
        self._instants = Instants(sum(self._meter.sizes.values()), config.batch_size)
        self._epochs = config.epochs
        self.step, self.epoch, self._position = 0, 0, 0  # of all members; the states have it between calls
        self._last_good = self._memory.copy()
        self.diverged: dict[int, int] = {}  # member → the step by which its numbers were no longer finite

    def _join(self) -> np.ndarray:
        """Move all members' numbers into shared arrays, of which the states keep views."""
        self._memory = np.stack([state.memory for state in self.states], axis=1)
        order = np.stack([state.order for state in self.states])
        for index, state in enumerate(self.states):
            state.memory, state.order, state.mode = self._memory[:, index], order[index], "batched"
        return order

    def advance(self, steps: int) -> list[Report]:
        """At most `steps` steps of every member; one report each."""
        reports, first = [Report() for _ in self.states], self.step
        with np.errstate(all="ignore"):
            if first == 0 and steps > 0:
                self._measure(reports)
            while self.step - first < steps and self.epoch < self._epochs:
                instant = self._instants.after(self.step)
                self._chunk(min(steps - (self.step - first), instant - self.step))
                if self.step == instant or self.epoch >= self._epochs:
                    self._measure(reports)
            self._check()
        for index, (state, report) in enumerate(zip(self.states, reports, strict=True)):
            state.step, state.epoch, state.position = self.step, self.epoch, self._position
            report.steps, report.ended = self.step - first, self._ended(index)
        return reports

    def checkpoint(self, index: int) -> Checkpoint:
        """One member, on its own."""
        return Checkpoint(self.configs[index], self.states[index], self.data.digest)

    def _chunk(self, limit: int) -> None:
        if self._position == 0:
            for state in self.states:
                state.shuffle.shuffle(state.order)
            self._stepper.arrange(self._order)
        steps, samples = self._stepper.run(self._position, self.step, limit)
        self.step += steps
        self._position += samples
        if self._position >= self._order.shape[1]:
            self._position, self.epoch = 0, self.epoch + 1
            for state in self.states:
                state.flush()

    def _measure(self, reports: list[Report]) -> None:
        self._check()
        points = self._meter.points(self._memory[0], self.step, self.epoch)
        for index, (point, report) in enumerate(zip(points, reports, strict=True)):
            if index not in self.diverged:
                report.points.append(point)

    def _check(self) -> None:
        """Set apart the members that are no longer finite: they return to their last good numbers and stay
        there.
        """
        finite = np.isfinite(self._memory).all(axis=(0, 2))
        for index in np.flatnonzero(~finite).tolist():
            self.diverged.setdefault(index, self.step)
        for index in self.diverged:
            self._memory[:, index] = self._last_good[:, index]
        np.copyto(self._last_good, self._memory)

    def _ended(self, index: int) -> tuple[str, str] | None:
        if index in self.diverged:
            return "diverged", f"the numbers were no longer finite by step {self.diverged[index]:,}"
        if self.epoch >= self._epochs:
            return "finished", f"all {self._epochs:,} epochs are done"
        return None
