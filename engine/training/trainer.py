"""Trainer: the fold. One call advances one training by some steps; between calls nothing happens."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import build
from engine.tasks.live_changes import change
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import learning_rates
from engine.training.compiled.stepper import Stepper
from engine.training.compiled.update import Bound
from engine.training.early_stopping import check
from engine.training.measured_points import Instants, Meter, Point
from engine.training.state import StoppingMemory, TrainState, fresh
from engine.training.weight_edits import operate

SAVE_EVERY = 64  # steps between copies of the last good state
FLUSH_STEPS = 128  # about so many between looks for what has faded: by the number of the epoch

Ended = tuple[str, str]  # status and reason


@dataclass
class Report:
    """What one call of `advance` did."""

    steps: int = 0
    points: list[Point] = field(default_factory=list)
    ended: Ended | None = None


class Trainer:
    """One training: its state, and the plans prepared for its present configuration. Not for several
    threads.
    """

    def __init__(self, config: ExamplesConfig, data: Data, checkpoint: Checkpoint | None = None) -> None:
        if checkpoint is not None and checkpoint.digest != data.digest:
            raise ValueError("the checkpoint was made with other data")
        self.config = checkpoint.config if checkpoint else config
        self.data = data
        self.state = checkpoint.state if checkpoint else self._fresh(0)
        self._prepare()

    # what the worker calls

    def advance(self, steps: int) -> Report:
        """Run at most `steps` optimizer steps; stop at the end of the training or before the step that
        diverges.
        """
        report, first = Report(), self.state.step
        if self.state.epoch >= self.config.epochs:
            report.ended = self._all_done()
        with np.errstate(all="ignore"):
            if self.state.step == 0 and steps > 0 and report.ended is None:
                self._measure(report)
            while report.ended is None and self.state.step - first < steps:
                self._chunk(steps - (self.state.step - first), report)
            if report.ended != ("diverged", "") and not self.state.finite():
                report.ended = ("diverged", "")
            if report.ended == ("diverged", ""):
                report.ended = self._return_to_last_good()
                report.points = [point for point in report.points if point["step"] <= self.state.step]
        report.steps = self.state.step - first
        return report

    def epoch_steps(self) -> int:
        """Steps left to the end of the present epoch."""
        left = len(self.data.train) - self.state.position
        return -(-left // self.config.batch_size)

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        """A live edit, from the next step on. Raises ConfigError and changes nothing if it cannot be."""
        before, self.config = self.config, change(self.config, changes)
        if before.early_stopping != self.config.early_stopping:
            self.state.stopping = StoppingMemory()
        self._prepare()
        return {"type": "change", "changes": changes}

    def redraw(self, config: ExamplesConfig, data: Data) -> None:
        """Go on with the same weights on other points, from the next step on.

        Where the number of training points has changed, the epoch begins anew; early stopping forgets.
        """
        if len(data.train) != len(self.state.order):
            self.state.order, self.state.position = np.arange(len(data.train)), 0
        self.state.stopping = StoppingMemory()
        self.config, self.data = config, data
        self._prepare()

    def reset(self) -> None:
        """Back to the same initial weights; a new attempt begins."""
        self.state = self._fresh(self.state.attempt + 1)
        self._prepare()

    def operate(self, operations: dict[str, Any]) -> dict[str, Any]:
        """Edit weights, freeze single ones, switch off, duplicate or remove units.

        See `engine.training.weight_edits`.
        """
        self.config, self.state = operate(self.config, self.state, self.network, operations)
        self._prepare()
        return {"type": "operation", "operations": operations}

    def measure(self) -> Point:
        """The point of the present weights, not recorded."""
        return self._meter.point(self.state.theta, self.state.step, self.state.epoch)

    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return float(learning_rates(self.config, np.array([self.state.step]))[0])

    def checkpoint(self) -> Checkpoint:
        """The present moment, shared with the training: encode or look at it before the next step."""
        return Checkpoint(self.config, self.state, self.data.digest)

    def snapshot(self) -> Checkpoint:
        """The present moment for views: an independent copy of the parameters, without the optimizer's
        memory.
        """
        return self.checkpoint().light()

    # inside

    def _fresh(self, attempt: int) -> TrainState:
        return fresh(build(self.config, self.data.outputs), self.config, len(self.data.train), attempt)

    def _prepare(self) -> None:
        """Everything derived from configuration and state, made anew."""
        state = self.state
        state.settle()
        bound = Bound(state.theta, state.slots, [state.dropout], state.frozen)
        self.network = build(self.config, self.data.outputs, state.disabled)
        self._stepper = Stepper(self.network, self.config, self.data, bound)
        self._arrange()
        self._meter = Meter(self.network, self.config, self.data)
        self._instants = Instants(sum(self._meter.sizes.values()), self.config.batch_size)
        self._next_instant = self._instants.after(self.state.step)
        self._flush_every = max(1, FLUSH_STEPS // -(-len(self.data.train) // self.config.batch_size))
        self._saved = self.state.save()

    def _arrange(self) -> None:
        """Lay the training part out for the present epoch."""
        self._stepper.arrange(self.state.order)

    def _chunk(self, limit: int, report: Report) -> None:
        """Some steps within one epoch, at most to the next instant."""
        state = self.state
        if state.step - self._saved["counters"][1] >= SAVE_EVERY:
            if not state.finite():
                report.ended = ("diverged", "")
                return
            self._saved = state.save()
        if state.position == 0:
            state.shuffle.shuffle(state.order)
            self._arrange()
        steps, samples = self._stepper.run(
            state.position, state.step, min(limit, self._next_instant - state.step)
        )
        state.position += samples
        state.step += steps
        if state.position >= len(state.order):
            self._end_epoch(report)
        if state.step == self._next_instant or report.ended:
            self._next_instant = self._instants.after(state.step)
            self._measure(report)

    def _end_epoch(self, report: Report) -> None:
        state = self.state
        state.position, state.epoch = 0, state.epoch + 1
        if state.epoch % self._flush_every == 0:
            state.flush()
        if self.config.early_stopping:
            loss = self._meter.loss(state.theta, self.config.early_stopping.monitor.removesuffix("_loss"))
            report.ended = check(self.config.early_stopping, state, loss)
        if report.ended is None and state.epoch >= self.config.epochs:
            report.ended = self._all_done()

    def _all_done(self) -> Ended:
        return "finished", f"all {self.config.epochs:,} epochs are done"

    def _measure(self, report: Report) -> None:
        point = self.measure()
        report.points.append(point)
        if not np.isfinite(point["train_loss"]):
            report.ended = ("diverged", "")

    # divergence

    def _return_to_last_good(self) -> Ended:
        """Find the step that left the finite numbers, by replaying from the last copy, and stop before it."""
        bad = self.state.step
        self._rewind()
        while self.state.step < bad:
            self._chunk_alone()
            if not self.state.finite():
                bad = self.state.step
        self._rewind()
        while self.state.step < bad - 1:
            self._chunk_alone()
        return ("diverged", f"the loss was no longer finite at step {bad:,}; the state before it is kept")

    def _rewind(self) -> None:
        self.state.restore(self._saved)
        self._arrange()
        self._next_instant = self._instants.after(self.state.step)

    def _chunk_alone(self) -> None:
        """One step of a replay: what it measures has been reported already."""
        self._next_instant = self.state.step + 2
        self._chunk(1, Report())
