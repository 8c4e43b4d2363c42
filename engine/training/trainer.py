"""Trainer: one training, which runs some steps per call."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import build
from engine.tasks.live_changes import change
from engine.training.checkpoint import Checkpoint, ConfigText
from engine.training.compiled.rates import learning_rates
from engine.training.compiled.stepper import Stepper
from engine.training.compiled.update import StepArrays
from engine.training.end_of_training import Ended, check, extends, has_stopped, limit_reached
from engine.training.measured_points import Evaluator, MeasurementSchedule, Point
from engine.training.reason import Reason, ending
from engine.training.state import EarlyStoppingState, TrainState, fresh
from engine.training.weight_edits import apply_edits

SAVE_EVERY = 64  # steps between copies of the last finite state
FLUSH_STEPS = 128  # approximate steps between flushes of denormals, at ends of epochs

DIVERGED: Ended = ("diverged", Reason("loss_diverged", ""))  # before the step is determined


@dataclass
class Report:
    """The result of one call of `advance`: steps, measured points, and the end or None."""

    steps: int = 0
    points: list[Point] = field(default_factory=list)
    ended: Ended | None = None


class Trainer:
    """One training: its state, and the compiled steps of its current configuration. Not thread-safe.

    Raises ValueError if the checkpoint was made with other data.
    """

    def __init__(self, config: ExamplesConfig, data: Data, checkpoint: Checkpoint | None = None) -> None:
        if checkpoint is not None and checkpoint.digest != data.digest:
            raise ValueError("the checkpoint was made with other data")
        self.config = checkpoint.config if checkpoint else config
        self.data = data
        self.state = checkpoint.state if checkpoint else self._fresh(0)
        self._prepare()

    # commands

    def advance(self, steps: int) -> Report:
        """Runs at most `steps` optimizer steps, until the last epoch or step, or a step that diverges."""
        report, first = Report(ended=self.limit_reached()), self.state.step
        with np.errstate(all="ignore"):
            if self.state.step == 0 and steps > 0 and report.ended is None:
                self._measure(report)
            while report.ended is None and self.state.step - first < steps:
                self._chunk(steps - (self.state.step - first), report)
            if report.ended != DIVERGED and not self.state.finite():
                report.ended = DIVERGED
            if report.ended == DIVERGED:
                report.ended = self._restore_before_divergence()
                report.points = [point for point in report.points if point["step"] <= self.state.step]
        report.steps = self.state.step - first
        return report

    def epoch_steps(self) -> int:
        """Returns the remaining steps of the current epoch."""
        remaining = len(self.data.train) - self.state.position
        return -(-remaining // self.config.batch_size)

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Changes the configuration from the next step on.

        If early stopping ended the training, more epochs or steps begin its patience again. Raises
        ConfigError, and changes nothing, if a change is invalid.
        """
        before, self.config = self.config, change(self.config, changes)
        if before.early_stopping != self.config.early_stopping:
            self.state.stopping = EarlyStoppingState()
        elif extends(before, self.config) and has_stopped(self.config.early_stopping, self.state):
            self.state.stopping.waited = 0
        self._prepare()
        return {"type": "change", "changes": changes}

    def replace_data(self, config: ExamplesConfig, data: Data) -> None:
        """Continues with the same weights on other data, from the next step on.

        Resets early stopping, and the epoch if the number of training points changes.
        """
        if len(data.train) != len(self.state.order):
            self.state.order, self.state.position = np.arange(len(data.train)), 0
        self.state.stopping = EarlyStoppingState()
        self.config, self.data = config, data
        self._prepare()

    def reset(self, beginning: TrainState | None = None) -> None:
        """Returns to the beginning of a fork, or to the initial weights, as a new attempt."""
        attempt = self.state.attempt + 1
        self.state = beginning or self._fresh(attempt)
        self.state.attempt = attempt
        self._prepare()

    def continue_from(self, state: TrainState) -> None:
        """Continues with a state that was trained elsewhere, of the same configuration and data."""
        self.state = state
        self._prepare()

    def apply_edits(self, edits: dict[str, Any]) -> dict[str, Any]:
        """Edits weights, freezes parameters, disables, duplicates or removes units.

        See `engine.training.weight_edits`. Raises ConfigError, and changes nothing, if one is invalid.
        """
        self.config, self.state = apply_edits(self.config, self.state, self.network, edits)
        self._prepare()
        return {"type": "operation", "operations": edits}

    # queries

    def limit_reached(self) -> Ended | None:
        """Returns status and reason if all epochs or steps of the configuration are done, else None."""
        return limit_reached(self.config, self.state.step, self.state.epoch)

    def measure(self) -> Point:
        """Returns losses and metrics of the current weights, without recording them."""
        return self._evaluator.point(self.state.theta, self.state.step, self.state.epoch)

    def measured_sizes(self) -> dict[str, int]:
        """Returns the number of measured points of each part, by name."""
        return self._evaluator.sizes

    def learning_rate(self) -> float:
        """Returns the learning rate of the next step."""
        return float(learning_rates(self.config, np.array([self.state.step]))[0])

    def checkpoint(self) -> Checkpoint:
        """Returns the current state; it shares memory with the training."""
        return Checkpoint(self.config, self.state, self.data.digest, self._config_text)

    def snapshot(self) -> Checkpoint:
        """Returns a copy of the current state for views, without optimizer state."""
        return self.checkpoint().light()

    def arrange(self) -> None:
        """Copies the training samples in the order of the current epoch."""
        self.stepper.arrange(self.state.order)

    # internal

    def _fresh(self, attempt: int) -> TrainState:
        return fresh(build(self.config, self.data.outputs), self.config, len(self.data.train), attempt)

    def _prepare(self) -> None:
        """Builds everything that depends on configuration and state."""
        state, self._config_text = self.state, ConfigText(self.config)
        state.align()
        arrays = StepArrays(state.theta, state.optimizer_state, [state.dropout], state.frozen)
        self.network = build(self.config, self.data.outputs, state.disabled)
        self.stepper = Stepper(self.network, self.config, self.data, arrays, state.optimizer_start)
        self.arrange()
        self._evaluator = Evaluator(self.network, self.config, self.data)
        self._schedule = MeasurementSchedule(sum(self._evaluator.sizes.values()), self.config.batch_size)
        self._next_measurement = self._schedule.next_after(state.step)
        self._flush_every = max(1, FLUSH_STEPS // -(-len(self.data.train) // self.config.batch_size))
        self._saved = state.save()

    def _chunk(self, limit: int, report: Report) -> None:
        """Runs at most `limit` steps, until the end of the epoch or the next measurement."""
        state = self.state
        if state.step - self._saved["counters"][1] >= SAVE_EVERY:
            if not state.finite():
                report.ended = DIVERGED
                return
            self._saved = state.save()
        if state.position == 0:
            state.shuffle.shuffle(state.order)
            self.arrange()
        limit = min(limit, self._next_measurement - state.step)
        if self.config.steps is not None:
            limit = min(limit, self.config.steps - state.step)
        steps, samples = self.stepper.run(state.position, state.step, limit)
        state.position += samples
        state.step += steps
        if state.position >= len(state.order):
            self._end_epoch(report)
        report.ended = report.ended or self.limit_reached()
        if state.step == self._next_measurement or report.ended:
            self._next_measurement = self._schedule.next_after(state.step)
            self._measure(report)

    def _end_epoch(self, report: Report) -> None:
        state = self.state
        state.position, state.epoch = 0, state.epoch + 1
        if state.epoch % self._flush_every == 0:
            state.flush_denormals()
        if self.config.early_stopping:
            part = self.config.early_stopping.monitor.removesuffix("_loss")
            report.ended = check(self.config.early_stopping, state, self._evaluator.loss(state.theta, part))

    def _measure(self, report: Report) -> None:
        point = self.measure()
        report.points.append(point)
        if not np.isfinite(point["train_loss"]):
            report.ended = DIVERGED

    # divergence

    def _restore_before_divergence(self) -> Ended:
        """Replays from the last copy to find the step that diverged, and ends before this step."""
        diverged_step = self.state.step
        self._restore_saved()
        while self.state.step < diverged_step:
            self._replay_step()
            if not self.state.finite():
                diverged_step = self.state.step
        self._restore_saved()
        while self.state.step < diverged_step - 1:
            self._replay_step()
        return "diverged", ending("loss_diverged", step=diverged_step)

    def _restore_saved(self) -> None:
        self.state.restore(self._saved)
        self.arrange()
        self._next_measurement = self._schedule.next_after(self.state.step)

    def _replay_step(self) -> None:
        """Runs one step without a measurement, as its point was reported before."""
        self._next_measurement = self.state.step + 2
        self._chunk(1, Report())
