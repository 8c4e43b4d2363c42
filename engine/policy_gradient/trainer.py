"""PolicyTrainer: training by policy gradient. A step plays a batch of episodes and updates the weights."""

from typing import Any

import numpy as np

from engine.config.policy_gradient import PolicyConfig
from engine.datasets.dataset import Data
from engine.layers.network import build
from engine.policy_gradient.measured_points import describe
from engine.policy_gradient.returns import advantages
from engine.policy_gradient.rollout import Rollout
from engine.policy_gradient.step_plan import PolicyPlan
from engine.tasks.live_changes import change
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import RateBlocks, RateTable, learning_rates
from engine.training.compiled.update import StepArrays
from engine.training.end_of_training import Ended, limit_reached
from engine.training.measured_points import MeasurementSchedule, Point
from engine.training.reason import ending
from engine.training.state import SCORED, TrainState, fresh
from engine.training.trainer import Report
from engine.training.weight_edits import apply_edits

MAX_PRODUCTS = 1.5e7  # multiplications per call of `advance`, so that its duration is limited
MAX_TIME_STEPS = 32  # per call of `advance`
MAX_PLANS = 6
MIN_PLAN_SIZE = 128  # decisions


class PolicyTrainer:
    """A training by policy gradient; `engine.policy_gradient.returns` describes the variant.

    `advance` plays at most `max_time_steps`, even if no step is complete, so that long episodes do not block
    other work. Results do not depend on this limit: the environment, the recorded time steps and the
    generator are part of the state (`state.episodes`, `state.shuffle`).
    """

    def __init__(self, config: PolicyConfig, data: Data, checkpoint: Checkpoint | None = None) -> None:
        if checkpoint is not None and checkpoint.digest != data.digest:
            raise ValueError("the checkpoint was made with another environment")
        self.config: Any = checkpoint.config if checkpoint else config
        self.data = data
        self.state = checkpoint.state if checkpoint else self._fresh(0)
        self._prepare()

    # commands

    def advance(self, steps: int) -> Report:
        """Plays episodes and updates the weights, for at most `steps` steps and `max_time_steps`."""
        report, first, remaining = Report(ended=self.limit_reached()), self.state.step, self.max_time_steps
        with np.errstate(all="ignore"):
            while report.ended is None and self.state.step - first < steps and remaining > 0:
                if not self.rollout.begun:
                    self.rollout.begin(self.state.shuffle)
                remaining -= max(1, self.rollout.play(self.state.theta, self.state.shuffle, remaining))
                if self.rollout.over:
                    self._update(report)
        self.save_rollout()
        report.steps = self.state.step - first
        return report

    def epoch_steps(self) -> int:
        """Returns the remaining steps of the epoch: 1, as each batch of episodes is used once."""
        return 1

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Changes the configuration from the next step on. Raises ConfigError if a change is invalid.

        What can change has no effect on playing, so the current episodes continue.
        """
        self.config = change(self.config, changes)
        self._prepare()
        return {"type": "change", "changes": changes}

    def reset(self, beginning: TrainState | None = None) -> None:
        """Returns to the beginning, or to the initial weights and generators, as a new attempt."""
        attempt = self.state.attempt + 1
        self.state = beginning or self._fresh(attempt)
        self.state.attempt = attempt
        self._prepare()

    def apply_edits(self, edits: dict[str, Any]) -> dict[str, Any]:
        """Edits weights or units, see `engine.training.weight_edits`; episodes are played again."""
        self.config, self.state = apply_edits(self.config, self.state, self.network, edits)
        self._discard_episodes()
        self._prepare()
        return {"type": "operation", "operations": edits}

    def limit_reached(self) -> Ended | None:
        """Returns status and reason if all steps of the configuration are done, else None."""
        return limit_reached(self.config, self.state.step, self.state.epoch)

    def measure(self) -> Point:
        """Returns the point of the current step from its episodes; before the first step without metrics."""
        scores = {name.removeprefix(SCORED): array for name, array in self.state.scores().items()}
        return describe(self.config, self.network, self.state, scores)

    def learning_rate(self) -> float:
        """Returns the learning rate of the next step."""
        return float(learning_rates(self.config, np.array([self.state.step]))[0])

    def checkpoint(self) -> Checkpoint:
        """Returns the current state; it shares memory with the training."""
        return Checkpoint(self.config, self.state, self.data.digest)

    def snapshot(self) -> Checkpoint:
        """Returns a copy of the current state for views."""
        return self.checkpoint().light()

    # internal

    def _fresh(self, attempt: int) -> TrainState:
        return fresh(build(self.config, self.data.outputs), self.config, 0, attempt)

    def _prepare(self) -> None:
        """Builds everything that depends on configuration and state."""
        self.state.align()
        self.network = build(self.config, self.data.outputs, self.state.disabled)
        self._arrays = StepArrays(
            self.state.theta, self.state.optimizer_state, [self.state.dropout], self.state.frozen
        )
        self._rates = RateBlocks(self.config, self.state.optimizer_start)
        self._plans: dict[int, tuple[PolicyPlan, RateTable]] = {}
        self.rollout = Rollout(self.config, self.network)
        self.rollout.restore(self.state.episodes)
        self._schedule = MeasurementSchedule(0, 1)
        self.max_time_steps = max(
            1, min(MAX_TIME_STEPS, int(MAX_PRODUCTS / (self.config.episodes * self.network.size)))
        )
        self.save_rollout()

    def _discard_episodes(self) -> None:
        """Returns to the end of the last step: what follows does not depend on how far the next one was."""
        self.rollout.discard(self.state.shuffle)
        self.save_rollout()

    def save_rollout(self) -> None:
        """Writes the current episodes to the state."""
        self.state.episodes = self.state.scores() | self.rollout.save()
        self.state.position = self.rollout.time_steps

    def _update(self, report: Report) -> None:
        """Updates the weights from the finished episodes; reverts the step if a value is not finite."""
        before, scores = self.state.memory.copy(), self.rollout.scores()
        if np.isfinite(scores["entropy"]).all():
            self._run_optimizer_step()
        if not (np.isfinite(scores["entropy"]).all() and self.state.finite()):
            np.copyto(self.state.memory, before)
            report.ended = "diverged", ending("policy_diverged", step=self.state.step + 1)
            return
        self.rollout.drop()
        self.state.episodes = {SCORED + name: array for name, array in scores.items()}
        due = self._schedule.next_after(self.state.step)
        self.state.step += 1
        self.state.epoch += 1
        self.state.flush_denormals()
        report.ended = self.limit_reached()
        if self.state.step == due or report.ended:
            report.points.append(self.measure())

    def _run_optimizer_step(self) -> None:
        record, config = self.rollout.recorded(), self.config
        alive = record["alive"]
        estimates = advantages(
            config.baseline,
            config.normalize_advantages,
            record["rewards"],
            record["passed"],
            alive,
            self.rollout.beginnings,
            config.discount,
        )
        plan, table = self._plan(len(estimates))
        plan.fill(record["observations"][alive], record["actions"][alive], estimates, config.entropy_bonus)
        plan.run((plan.inputs,), (None,), *table.slices(self.state.step, 1))

    def _plan(self, decisions: int) -> tuple[PolicyPlan, RateTable]:
        """Returns a plan for at least this number of decisions; the last plans are cached."""
        size = plan_size(decisions)
        if size not in self._plans:
            while len(self._plans) >= MAX_PLANS:
                del self._plans[next(iter(self._plans))]
            plan = PolicyPlan(self.network, self.config, self._arrays, size)
            self._plans[size] = plan, RateTable(self._rates, size, plan.rate_rows)
        return self._plans[size]


def plan_size(decisions: int) -> int:
    """Rounds up to 4, 5, 6 or 7 times a power of two, and to at least MIN_PLAN_SIZE."""
    size = max(decisions, MIN_PLAN_SIZE)
    unit = 1 << max(0, (size - 1).bit_length() - 3)
    return -(-size // unit) * unit
