"""PolicyTrainer: the fold of a run that learns to act. One step is one batch of episodes and its lesson."""

from typing import Any

import numpy as np

from engine.config.policy_gradient import PolicyConfig
from engine.datasets.dataset import Data
from engine.layers.network import build
from engine.policy_gradient.measured_points import describe
from engine.policy_gradient.returns import advantages
from engine.policy_gradient.rollout import RECORD, WORLD, Playing
from engine.policy_gradient.step_plan import PolicyPlan
from engine.tasks.live_changes import change
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.rates import Rates, RateTable, learning_rates
from engine.training.compiled.update import StepArrays
from engine.training.measured_points import MeasurementSchedule, Point
from engine.training.state import TrainState, fresh
from engine.training.trainer import Ended, Report
from engine.training.weight_edits import apply_edits

WORK = 1.5e7  # products of one slice of play: how long a call of `advance` may take, told without a clock
MOST_MOMENTS = 32  # of one slice
SCORED = "scored."  # prefix of what is kept of the last batch that is over
KEPT_PLANS = 6
SMALLEST = 128  # moments of the smallest plan


class PolicyTrainer:
    """One training by policy gradient, see `engine.policy_gradient.returns` for the variant.

    `advance` plays at most a slice of moments and returns, also where no step was completed: a batch of long
    episodes holds up nobody. Where it was cut changes nothing: the environment, what was recorded and the
    generator are part of the state (`state.episodes`, `state.shuffle`).
    """

    def __init__(self, config: PolicyConfig, data: Data, checkpoint: Checkpoint | None = None) -> None:
        if checkpoint is not None and checkpoint.digest != data.digest:
            raise ValueError("the checkpoint was made with another environment")
        self.config: Any = checkpoint.config if checkpoint else config
        self.data = data
        self.state = checkpoint.state if checkpoint else self._fresh(0)
        self._prepare()

    # what the worker calls

    def advance(self, steps: int) -> Report:
        """Play, and learn from what is over: at most `steps` steps and at most a slice of moments."""
        report, first, left = Report(), self.state.step, self._slice
        if self.state.epoch >= self.config.epochs:
            report.ended = self._all_done()
        with np.errstate(all="ignore"):
            while report.ended is None and self.state.step - first < steps and left > 0:
                if not self._playing.under_way:
                    self._playing.begin(self.state.shuffle)
                left -= max(1, self._playing.play(self.state.theta, self.state.shuffle, left))
                if self._playing.over:
                    self._learn(report)
        self._note()
        report.steps = self.state.step - first
        return report

    def epoch_steps(self) -> int:
        """A step is an epoch: a batch of episodes is played once."""
        return 1

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        """A live edit, from the next step on. Raises ConfigError and changes nothing if it cannot be."""
        self.config = change(self.config, changes)
        self._prepare()
        return {"type": "change", "changes": changes}

    def reset(self) -> None:
        """Back to the same initial weights and the same chance; a new attempt begins."""
        self.state = self._fresh(self.state.attempt + 1)
        self._prepare()

    def apply_edits(self, edits: dict[str, Any]) -> dict[str, Any]:
        """Edit weights or units: see `engine.training.weight_edits`. Episodes under way were played by
        another policy, and are dropped.
        """
        self.config, self.state = apply_edits(self.config, self.state, self.network, edits)
        self.state.episodes = {
            name: array for name, array in self.state.episodes.items() if not name.startswith((WORLD, RECORD))
        }
        self._prepare()
        return {"type": "operation", "operations": edits}

    def measure(self) -> Point:
        """The point of the present step: of the episodes that led to it, null before there were any."""
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
        """The present moment, shared with the training: encode or look at it before the next step."""
        return Checkpoint(self.config, self.state, self.data.digest)

    def snapshot(self) -> Checkpoint:
        """The present moment for views: an independent copy of the parameters."""
        return self.checkpoint().light()

    # inside

    def _fresh(self, attempt: int) -> TrainState:
        return fresh(build(self.config, self.data.outputs), self.config, 0, attempt)

    def _prepare(self) -> None:
        """Everything derived from configuration and state, made anew."""
        self.state.align()
        self.network = build(self.config, self.data.outputs, self.state.disabled)
        self._bound = StepArrays(
            self.state.theta, self.state.optimizer_state, [self.state.dropout], self.state.frozen
        )
        self._rates = Rates(self.config)
        self._plans: dict[int, tuple[PolicyPlan, RateTable]] = {}
        self._playing = Playing(self.config, self.network)
        self._playing.restore(self.state.episodes)
        self._schedule = MeasurementSchedule(0, 1)
        self._slice = max(1, min(MOST_MOMENTS, int(WORK / (self.config.episodes * self.network.size))))
        self._note()

    def _note(self) -> None:
        """Put the play where the state keeps it."""
        scored = {name: array for name, array in self.state.episodes.items() if name.startswith(SCORED)}
        self.state.episodes = scored | self._playing.save()
        self.state.position = self._playing.moments

    def _learn(self, report: Report) -> None:
        """One step from the episodes that are over. If it leaves the finite numbers it is taken back."""
        before, scores = self.state.memory.copy(), self._playing.scores()
        if np.isfinite(scores["entropy"]).all():
            self._descend()
        if not (np.isfinite(scores["entropy"]).all() and self.state.finite()):
            np.copyto(self.state.memory, before)
            bad = f"{self.state.step + 1:,}"
            reason = f"the policy was no longer finite at step {bad}; the state before it is kept"
            report.ended = ("diverged", reason)
            return
        self._playing.drop()
        self.state.episodes = {SCORED + name: array for name, array in scores.items()}
        due = self._schedule.next_after(self.state.step)
        self.state.step += 1
        self.state.epoch += 1
        self.state.flush_denormals()
        if self.state.epoch >= self.config.epochs:
            report.ended = self._all_done()
        if self.state.step == due or report.ended:
            report.points.append(self.measure())

    def _descend(self) -> None:
        record, config = self._playing.recorded(), self.config
        alive = record["alive"]
        found = advantages(
            config.baseline,
            config.normalize_advantages,
            record["rewards"],
            record["passed"],
            alive,
            self._playing.beginnings,
            config.discount,
        )
        plan, table = self._plan(len(found))
        plan.fill(record["observations"][alive], record["actions"][alive], found, config.entropy_bonus)
        plan.run((plan.inputs,), (None,), *table.slices(self.state.step, 1))

    def _plan(self, moments: int) -> tuple[PolicyPlan, RateTable]:
        """A plan for so many moments or somewhat more; a few sizes are kept."""
        size = rounded(moments)
        if size not in self._plans:
            while len(self._plans) >= KEPT_PLANS:
                del self._plans[next(iter(self._plans))]
            plan = PolicyPlan(self.network, self.config, self._bound, size)
            self._plans[size] = plan, RateTable(self._rates, size, plan.changing)
        return self._plans[size]

    def _all_done(self) -> Ended:
        return "finished", f"all {self.config.epochs:,} steps are done"


def rounded(moments: int) -> int:
    """The next of 4, 5, 6, 7 times a power of two, at least SMALLEST."""
    size = max(moments, SMALLEST)
    grain = 1 << max(0, (size - 1).bit_length() - 3)
    return -(-size // grain) * grain
