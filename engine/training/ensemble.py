"""Ensemble: trains several networks of one configuration with different seeds as batched products.

The parameters of the K networks are in one array, and every recorded call processes all of them; each network
has its own TrainState. The weights equal those of a single training up to rounding, so that the states have
the mode `batched`.
"""

from collections.abc import Sequence

import numpy as np

from engine.config.errors import ConfigError
from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import build
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.stepper import Stepper
from engine.training.compiled.update import StepArrays
from engine.training.end_of_training import Ended, limit_reached
from engine.training.measured_points import Evaluator, MeasurementSchedule
from engine.training.reason import ending
from engine.training.state import fresh
from engine.training.trainer import Report

MAX_NETWORKS = 1024


class Ensemble:
    """K trainings in batched products; `states[k]` is the state of the training with `seeds[k]`.

    Raises ConfigError for fewer than 1 or more than 1,024 seeds, and with early stopping: all networks train
    for the same epochs.
    """

    def __init__(self, config: ExamplesConfig, data: Data, seeds: Sequence[int]) -> None:
        if not 1 <= len(seeds) <= MAX_NETWORKS:
            limit = [1, MAX_NETWORKS]
            raise ConfigError(
                "seeds", f"there must be from 1 to {MAX_NETWORKS}", given=len(seeds), limit=limit
            )
        if config.early_stopping is not None:
            raise ConfigError(
                "early_stopping", "is not possible: all networks train for the same epochs", limit=None
            )
        self.data = data
        self.configs = [config.model_copy(update={"seed": seed}) for seed in seeds]
        self.network = build(config, data.outputs)
        self.states = [fresh(self.network, member, len(data.train)) for member in self.configs]
        self._order = self._join()
        theta, *optimizer_state = self._memory
        arrays = StepArrays(theta, optimizer_state, [state.dropout for state in self.states])
        self._stepper = Stepper(self.network, config, data, arrays)
        self._evaluator = Evaluator(self.network, config, data, arrays.networks)
        self._schedule = MeasurementSchedule(sum(self._evaluator.sizes.values()), config.batch_size)
        self._config = config
        self.step, self.epoch, self._position = (
            0,
            0,
            0,
        )  # of all members; copied to their states after each call
        self._last_finite = self._memory.copy()
        self.diverged: dict[int, int] = {}  # member → first step at which its values were not finite

    def _join(self) -> np.ndarray:
        """Copies the arrays of all members to shared arrays; the states have views of them."""
        self._memory = np.stack([state.memory for state in self.states], axis=1)
        order = np.stack([state.order for state in self.states])
        for index, state in enumerate(self.states):
            state.memory, state.order, state.mode = self._memory[:, index], order[index], "batched"
        return order

    def advance(self, steps: int) -> list[Report]:
        """Runs at most `steps` steps of every member; returns one report per member."""
        reports, first = [Report() for _ in self.states], self.step
        with np.errstate(all="ignore"):
            if first == 0 and steps > 0:
                self._measure(reports)
            while self.step - first < steps and self._limit_reached() is None:
                next_measurement = self._schedule.next_after(self.step)
                last = self._config.steps or next_measurement
                self._chunk(min(first + steps, next_measurement, last) - self.step)
                if self.step == next_measurement or self._limit_reached():
                    self._measure(reports)
            self._restore_diverged()
        for index, (state, report) in enumerate(zip(self.states, reports, strict=True)):
            state.step, state.epoch, state.position = self.step, self.epoch, self._position
            report.steps, report.ended = self.step - first, self._ended(index)
        return reports

    def checkpoint(self, index: int) -> Checkpoint:
        """Returns the checkpoint of a member."""
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
                state.flush_denormals()

    def _measure(self, reports: list[Report]) -> None:
        self._restore_diverged()
        points = self._evaluator.points(self._memory[0], self.step, self.epoch)
        for index, (point, report) in enumerate(zip(points, reports, strict=True)):
            if index not in self.diverged:
                report.points.append(point)

    def _restore_diverged(self) -> None:
        """Resets members with values that are not finite to their last finite values."""
        finite = np.isfinite(self._memory).all(axis=(0, 2))
        for index in np.flatnonzero(~finite).tolist():
            self.diverged.setdefault(index, self.step)
        for index in self.diverged:
            self._memory[:, index] = self._last_finite[:, index]
        np.copyto(self._last_finite, self._memory)

    def _ended(self, index: int) -> Ended | None:
        if index in self.diverged:
            return "diverged", ending("weights_diverged", step=self.diverged[index])
        return self._limit_reached()

    def _limit_reached(self) -> Ended | None:
        return limit_reached(self._config, self.step, self.epoch)
