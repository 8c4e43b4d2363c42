"""PolicyTrainer: trains a policy. One step plays one batch of episodes and updates the weights once."""

from typing import Any

import numpy as np

from engine.config.policy_gradient import PolicyConfig
from engine.datasets.dataset import Data
from engine.layers.network import build
from engine.policy_gradient.measured_points import describe
from engine.policy_gradient.returns import advantages
from engine.policy_gradient.rollout import ENVIRONMENT, RECORD, Rollout
from engine.policy_gradient.step_plan import PolicyPlan
from engine.tasks.live_changes import change
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import RateBlocks, RateTable, learning_rates
from engine.training.compiled.update import StepArrays
from engine.training.measured_points import MeasurementSchedule, Point
from engine.training.reason import ending
from engine.training.state import TrainState, fresh
from engine.training.trainer import Ended, Report
from engine.training.weight_edits import apply_edits

MAX_PRODUCTS = 1.5e7  # multiplications in one call of `advance`: limits its duration without a clock
MAX_TIME_STEPS = 32  # in one call of `advance`
SCORED = "scored."  # prefix of the saved scores of the last finished batch
MAX_PLANS = 6
MIN_PLAN_SIZE = 128  # decisions


class PolicyTrainer:
    """One training by policy gradient, see `engine.policy_gradient.returns` for the variant.

    `advance` plays at most `max_time_steps` and returns, even if no step is complete: long episodes do not
    block other work. The result does not depend on it: the state of the environment, the recorded time steps
    and the generator are part of the state (`state.episodes`, `state.shuffle`).
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
        """Play, and update the weights after each batch: at most `steps` steps and `max_time_steps`."""
        report, first, left = Report(), self.state.step, self.max_time_steps
        if self.state.epoch >= self.config.epochs:
            report.ended = self._all_epochs_done()
        with np.errstate(all="ignore"):
            while report.ended is None and self.state.step - first < steps and left > 0:
                if not self.rollout.begun:
                    self.rollout.begin(self.state.shuffle)
                left -= max(1, self.rollout.play(self.state.theta, self.state.shuffle, left))
                if self.rollout.over:
                    self._update(report)
        self.save_rollout()
        report.steps = self.state.step - first
        return report

    def epoch_steps(self) -> int:
        """Steps left in the current epoch: always 1, each batch of episodes is used once."""
        return 1

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Change the configuration from the next step on. Raises ConfigError, changes nothing, if invalid."""
        self.config = change(self.config, changes)
        self._prepare()
        return {"type": "change", "changes": changes}

    def reset(self) -> None:
        """Return to the initial weights and random state; a new attempt begins."""
        self.state = self._fresh(self.state.attempt + 1)
        self._prepare()

    def apply_edits(self, edits: dict[str, Any]) -> dict[str, Any]:
        """Edit weights or units, see `engine.training.weight_edits`.

        The current episodes were played by another policy and are discarded.
        """
        self.config, self.state = apply_edits(self.config, self.state, self.network, edits)
        self.state.episodes = {
            name: array
            for name, array in self.state.episodes.items()
            if not name.startswith((ENVIRONMENT, RECORD))
        }
        self._prepare()
        return {"type": "operation", "operations": edits}

    def measure(self) -> Point:
        """The point of the current step, from its episodes; without metrics before the first step."""
        scores = {
            name.removeprefix(SCORED): array
            for name, array in self.state.episodes.items()
            if name.startswith(SCORED)
        }
        return describe(self.config, self.network, self.state, scores)

    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return float(learning_rates(self.config, np.array([self.state.step]))[0])

    def checkpoint(self) -> Checkpoint:
        """The current state, shared with the training: encode or read it before the next step."""
        return Checkpoint(self.config, self.state, self.data.digest)

    def snapshot(self) -> Checkpoint:
        """The current state for views: an independent copy of the parameters."""
        return self.checkpoint().light()

    # inside

    def _fresh(self, attempt: int) -> TrainState:
        return fresh(build(self.config, self.data.outputs), self.config, 0, attempt)

    def _prepare(self) -> None:
        """Build everything that is derived from configuration and state."""
        self.state.align()
        self.network = build(self.config, self.data.outputs, self.state.disabled)
        self._arrays = StepArrays(
            self.state.theta, self.state.optimizer_state, [self.state.dropout], self.state.frozen
        )
        self._rates = RateBlocks(self.config)
        self._plans: dict[int, tuple[PolicyPlan, RateTable]] = {}
        self.rollout = Rollout(self.config, self.network)
        self.rollout.restore(self.state.episodes)
        self._schedule = MeasurementSchedule(0, 1)
        self.max_time_steps = max(
            1, min(MAX_TIME_STEPS, int(MAX_PRODUCTS / (self.config.episodes * self.network.size)))
        )
        self.save_rollout()

    def save_rollout(self) -> None:
        """Write the current episodes to the state."""
        scored = {name: array for name, array in self.state.episodes.items() if name.startswith(SCORED)}
        self.state.episodes = scored | self.rollout.save()
        self.state.position = self.rollout.time_steps

    def _update(self, report: Report) -> None:
        """One step from the finished episodes; it is undone if a value is no longer finite."""
        before, scores = self.state.memory.copy(), self.rollout.scores()
        if np.isfinite(scores["entropy"]).all():
            self._descend()
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
        if self.state.epoch >= self.config.epochs:
            report.ended = self._all_epochs_done()
        if self.state.step == due or report.ended:
            report.points.append(self.measure())

    def _descend(self) -> None:
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
        """A plan for at least so many decisions; a few sizes are kept."""
        size = rounded(decisions)
        if size not in self._plans:
            while len(self._plans) >= MAX_PLANS:
                del self._plans[next(iter(self._plans))]
            plan = PolicyPlan(self.network, self.config, self._arrays, size)
            self._plans[size] = plan, RateTable(self._rates, size, plan.rate_rows)
        return self._plans[size]

    def _all_epochs_done(self) -> Ended:
        return "finished", ending("steps_done", steps=self.config.epochs)


def rounded(decisions: int) -> int:
    """The next of 4, 5, 6, 7 times a power of two, at least MIN_PLAN_SIZE."""
    size = max(decisions, MIN_PLAN_SIZE)
    grain = 1 << max(0, (size - 1).bit_length() - 3)
    return -(-size // grain) * grain
