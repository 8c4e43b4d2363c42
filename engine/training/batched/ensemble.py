"""Ensemble: trains several runs of equal shape as batched products.

The parameters of the K members are in one array, and every recorded call processes all of them. Each member
has a configuration, data and a TrainState of its own, and ends for itself: after its last epoch or step, by
early stopping, or because it diverges. `engine.training.batched.shapes` says which runs have equal shape.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.config.errors import ConfigError
from engine.datasets import Data
from engine.layers.network import build
from engine.training.batched.alone import repeat_alone
from engine.training.batched.columns import Columns, Member
from engine.training.batched.evaluation import MemberEvaluator
from engine.training.batched.shapes import reason_not_batched, reason_state_differs
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.stepper import Stepper
from engine.training.end_of_training import Ended, check
from engine.training.measured_points import MeasurementSchedule
from engine.training.trainer import FLUSH_STEPS, Report

MAX_NETWORKS = 1024
SAVE_EVERY = 128  # steps between copies of the last finite states


class Ensemble:
    """K trainings in batched products; `members[k]` is the k-th that was put in, until it is taken out.

    The weights of a member equal those of the same training alone bit for bit, or up to rounding: the library
    of matrix products may add the terms of a product in a batch in another order (seldom, and for batches of
    one sample), and so may the gradients of parametric ReLUs. `measure_rounding` says whether it did in some
    steps, and by how much. Early stopping compares losses that are computed as alone. The mode of the states
    is `batched`.

    Takes over the states of the checkpoints. Raises ConfigError for 0 or more than 1,024 members, ValueError
    for members that `reason_not_batched` or `reason_state_differs` refuses.
    """

    def __init__(self, checkpoints: Sequence[Checkpoint], data: Sequence[Data]) -> None:
        if not 1 <= len(checkpoints) <= MAX_NETWORKS:
            message = f"there must be from 1 to {MAX_NETWORKS}"
            raise ConfigError("members", message, given=len(checkpoints), limit=[1, MAX_NETWORKS])
        self.members: dict[int, Member] = {}
        self._count = 0
        self._columns: Columns | None = None
        for checkpoint, of_member in zip(checkpoints, data, strict=True):
            self._add(checkpoint, of_member)
        self._join()

    # commands

    def advance(self, steps: int) -> dict[int, Report]:
        """Runs at most `steps` steps of every member that trains; returns the report of each by its index."""
        reports = {index: Report() for index in self.training()}
        self._first = self.step
        with np.errstate(all="ignore"):
            self._begin(reports, steps)
            while self._columns and self.step - self._first < steps:
                self._chunk(steps - (self.step - self._first), reports)
            self._end_diverged(reports)
        for index, report in reports.items():
            report.steps = self.members[index].state.step - self._first
        return reports

    def put_in(self, checkpoint: Checkpoint, data: Data) -> int:
        """Adds a training that is at the step of the members that train; returns its index."""
        index = self._add(checkpoint, data)
        self._join()
        return index

    def take_out(self, index: int) -> Checkpoint:
        """Removes a member, and returns it as the complete state of an ordinary training."""
        member = self.members.pop(index)
        if member.ended is None and self._columns:
            self._columns.end(self._columns.indices.index(index))
            self._release_ended()
        return member.checkpoint()

    def take_out_saved(self, index: int) -> Checkpoint:
        """Like `take_out`, at the last step of which a copy was kept: after an exception in `advance`."""
        columns = self._columns
        return columns.saved_checkpoint(columns.indices.index(index)) if columns else self.checkpoint(index)

    # queries

    def training(self) -> list[int]:
        """Returns the indices of the members that have not ended."""
        return [index for index, member in self.members.items() if member.ended is None]

    def checkpoint(self, index: int) -> Checkpoint:
        """Returns the current state of a member; it shares memory with the training."""
        return self.members[index].checkpoint()

    def epoch_steps(self) -> int:
        """Returns the remaining steps of the current epoch."""
        return -(-(self._samples - self._position) // self._batch_size)

    # members

    def _add(self, checkpoint: Checkpoint, data: Data) -> int:
        if checkpoint.digest != data.digest:
            raise ValueError("the checkpoint was made with other data")
        others = [self.members[index] for index in self.training()]
        reason = reason_not_batched([checkpoint.config, *(member.config for member in others[:1])])
        reason = reason or reason_state_differs(checkpoint.state, others[0].state if others else None)
        if reason:
            raise ValueError(f"this training cannot be a member of the ensemble: {reason}")
        data = next((member.data for member in others if member.data.digest == data.digest), data)
        checkpoint.state.mode = "batched"
        self._count += 1
        self.members[self._count - 1] = Member(checkpoint.config, data, checkpoint.state)
        return self._count - 1

    def _join(self) -> None:
        """Joins the arrays of the members that train, and builds everything that depends on them."""
        members = {index: self.members[index] for index in self.training()}
        self._columns = Columns(members) if members else None
        if self._columns is None:
            return
        member = next(iter(members.values()))
        config, state = member.config, member.state
        self.step, self.epoch, self._position = state.step, state.epoch, state.position
        self._samples, self._batch_size = len(state.order), config.batch_size
        network = build(config, member.data.outputs)
        self._stepper = Stepper(network, config, member.data, self._columns.step_arrays())
        self._stepper.arrange(self._columns.order)
        self._evaluator = MemberEvaluator(network, self._columns.members)
        self._schedule = MeasurementSchedule(sum(self._evaluator.sizes.values()), config.batch_size)
        self._next_measurement = self._schedule.next_after(state.step)
        self._flush_every = max(1, FLUSH_STEPS // -(-self._samples // self._batch_size))

    def _release_ended(self) -> None:
        """Joins the remaining members if at most half of the columns train."""
        columns = self._columns
        if columns and 2 * len(columns.active()) <= len(columns.members):
            self._join()

    # steps

    def _begin(self, reports: Mapping[int, Report], steps: int) -> None:
        if self._columns:
            self._end(self._columns.limits_reached(self.step, self.epoch), reports)
        if self.step == 0 and steps > 0 and self._columns:
            self._measure(self._columns.active(), reports)
        self._release_ended()

    def _chunk(self, limit: int, reports: Mapping[int, Report]) -> None:
        """Runs at most `limit` steps, until the end of the epoch, the next measurement or a last step."""
        columns = self._columns
        assert columns is not None
        if self.step - columns.saved.step >= SAVE_EVERY:
            self._end_diverged(reports)
            if self._columns is not columns:
                return
            columns.save()
        if self._position == 0:
            columns.shuffle()
            self._stepper.arrange(columns.order)
        steps, samples = self._stepper.run(self._position, self.step, min(limit, self._steps_left()))
        self.step, self._position = self.step + steps, self._position + samples
        columns.set_counters(self._position, self.step, self.epoch)
        ended = self._end_epoch(columns) if self._position >= self._samples else {}
        ended = columns.limits_reached(self.step, self.epoch) | ended
        due = self.step == self._next_measurement
        if due:
            self._next_measurement = self._schedule.next_after(self.step)
        self._measure(columns.active() if due else list(ended), reports)
        self._end({column: end for column, end in ended.items() if columns.training[column]}, reports)
        self._release_ended()

    def _steps_left(self) -> int:
        """Returns the steps until the next measurement or the last step of a member."""
        assert self._columns is not None
        configs = (self._columns.members[column].config for column in self._columns.active())
        last = (config.steps for config in configs if config.steps is not None)
        return min([self._next_measurement, *last]) - self.step

    def _end_epoch(self, columns: Columns) -> dict[int, Ended]:
        self._position, self.epoch = 0, self.epoch + 1
        columns.set_counters(0, self.step, self.epoch)
        if self.epoch % self._flush_every == 0:
            columns.flush_denormals()
        ended = {}
        for column in columns.active():
            member = columns.members[column]
            rule = member.config.early_stopping
            if rule:
                loss = self._evaluator.loss(column, rule.monitor.removesuffix("_loss"))
                ended[column] = check(rule, member.state, loss)
        return {column: end for column, end in ended.items() if end}

    def _measure(self, which: Sequence[int], reports: Mapping[int, Report]) -> None:
        """Adds a point to the report of each of these columns; without a finite loss its training ends."""
        columns = self._columns
        assert columns is not None
        points = self._evaluator.points(columns.memory[0], self.step, self.epoch) if len(which) > 1 else None
        for column in which:
            report = reports[columns.indices[column]]
            point = points[column] if points else self._evaluator.point(column)
            report.points.append(point)
            if not np.isfinite(point["train_loss"]):
                self._repeat_alone(column, report)

    def _end(self, ended: Mapping[int, Ended], reports: Mapping[int, Report]) -> None:
        """Ends the training of these columns with status and reason."""
        columns = self._columns
        if columns is None or not ended:
            return
        not_finite = columns.not_finite()
        for column, end in ended.items():
            report = reports[columns.indices[column]]
            if column in not_finite:
                self._repeat_alone(column, report)
            else:
                columns.members[column].ended = report.ended = end
                columns.end(column)

    # divergence

    def _end_diverged(self, reports: Mapping[int, Report]) -> None:
        """Ends the training of members with a value that is not finite."""
        columns = self._columns
        if columns is None:
            return
        for column in columns.not_finite():
            self._repeat_alone(column, reports[columns.indices[column]])
        self._release_ended()

    def _repeat_alone(self, column: int, report: Report) -> None:
        """Ends the training of a member before the step that diverged.

        It continues if its steps alone, rounded differently, have finite values.
        """
        columns = self._columns
        assert columns is not None
        alone, state = repeat_alone(columns, column, self.step)
        copied = columns.saved.step
        new = [point for point in alone.points if point["step"] > max(copied, self._first)]
        report.points = [point for point in report.points if point["step"] <= copied] + new
        if alone.ended:
            columns.members[column].ended = report.ended = alone.ended
            columns.end(column, state)
        else:
            columns.put_back(column, state)
