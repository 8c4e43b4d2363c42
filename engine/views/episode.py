"""Episode: a complete evaluation episode of the present policy, not used in training."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL
from engine.datasets import Data
from engine.environments import State
from engine.policy_gradient.evaluation import play, policy_of, random_generator
from engine.policy_gradient.rollout import entropy, sample_actions
from engine.tasks.policy_gradient import environment_of, problem
from engine.training.checkpoint import Checkpoint
from engine.views.view import Slices, Tab, View


class _EpisodeRecorder:
    """Records snapshots of the environment, policies and actions of one episode."""

    def __init__(self, checkpoint: Checkpoint, act: str, seed: int) -> None:
        self.checkpoint, self.act, self.rng = checkpoint, act, random_generator(seed, 1)
        self.environment, self.numbers = environment_of(checkpoint.config)
        self.snapshots: list[State] = []
        self.policies: list[np.ndarray] = []
        self.actions: list[int] = []
        self.last: State = {}

    def decide(self, state: State) -> np.ndarray:
        policy = policy_of(self.checkpoint, state).copy()
        self.policies.append(policy)
        return policy.argmax(axis=0) if self.act == "greedy" else sample_actions(policy, self.rng)

    def on_decision(self, state: State, actions: np.ndarray | None) -> None:
        self.snapshots.append(self.environment.snapshot(self.numbers, state))
        if actions is None:
            self.last = state
        else:
            self.actions.append(int(actions[0]))


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> Slices:
    """The episode of `seed`: per decision the policy (T, actions), its entropy in nats, and the action.

    `moments` are the environment's snapshots for drawing, (T + 1, ...): before every decision and at the end;
    `story` is the environment's information about the complete episode.
    """
    recorder = _EpisodeRecorder(checkpoint, options["act"], options["seed"])
    environment, numbers = recorder.environment, recorder.numbers
    scores = yield from play(environment, numbers, recorder.decide, options["seed"], 1, recorder.on_decision)
    snapshots = recorder.snapshots
    moments = {name: np.concatenate([state[name] for state in snapshots]) for name in snapshots[0]}
    policies = np.concatenate(recorder.policies, axis=1)
    return {
        "environment": checkpoint.config.environment.name,
        "names": problem(checkpoint.config).classes,
        "seed": options["seed"],
        "act": options["act"],
        "policy": policies.T.astype(np.float32),
        "entropy": entropy(policies.astype(float)).astype(np.float32),
        "actions": np.array(recorder.actions, np.int32),
        "scores": {name: float(values[0]) for name, values in scores.items()},
        "moments": {name: _compact(values) for name, values in moments.items()},
        "story": _compact_values(environment.episode_info(numbers, recorder.last, moments)),
    }


def _compact(values: np.ndarray) -> np.ndarray:
    """With 32 bits per value."""
    return values.astype(np.float32 if values.dtype.kind == "f" else np.int32)


def _compact_values(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _compact_values(item) for name, item in value.items()}
    return _compact(value) if isinstance(value, np.ndarray) else value


EPISODE = View(
    compute,
    {
        "seed": Parameter(0, 0, 2**31 - 1, integer=True),
        "act": ("sampled", "greedy"),
    },
    applies_to=(CONTROL,),
    fps=2.0,
    tab=Tab("middle", 20, leads=True),
)
