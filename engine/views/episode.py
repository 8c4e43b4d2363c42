"""Episode: one episode that no training has seen, played by the present policy from beginning to end."""

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


class _Notes:
    """What is noted at every moment of the one episode."""

    def __init__(self, checkpoint: Checkpoint, act: str, seed: int) -> None:
        self.checkpoint, self.act, self.rng = checkpoint, act, random_generator(seed, 1)
        self.environment, self.numbers = environment_of(checkpoint.config)
        self.moments: list[State] = []
        self.policies: list[np.ndarray] = []
        self.actions: list[int] = []
        self.last: State = {}

    def decide(self, state: State) -> np.ndarray:
        policy = policy_of(self.checkpoint, state).copy()
        self.policies.append(policy)
        return policy.argmax(axis=0) if self.act == "greedy" else sample_actions(policy, self.rng)

    def seen(self, state: State, actions: np.ndarray | None) -> None:
        self.moments.append(self.environment.snapshot(self.numbers, state))
        if actions is None:
            self.last = state
        else:
            self.actions.append(int(actions[0]))


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> Slices:
    """The episode of `seed`: per decision the policy (T, actions), its entropy (nats), and the action taken.

    `moments` are what the environment notes for a picture, (T + 1, ...): before every decision, and at the
    end; `story` is what it adds once all is over.
    """
    notes = _Notes(checkpoint, options["act"], options["seed"])
    environment, numbers = notes.environment, notes.numbers
    scores = yield from play(environment, numbers, notes.decide, options["seed"], 1, notes.seen)
    moments = {name: np.concatenate([each[name] for each in notes.moments]) for name in notes.moments[0]}
    policies = np.concatenate(notes.policies, axis=1)
    return {
        "environment": checkpoint.config.environment.name,
        "names": problem(checkpoint.config).classes,
        "seed": options["seed"],
        "act": options["act"],
        "policy": policies.T.astype(np.float32),
        "entropy": entropy(policies.astype(float)).astype(np.float32),
        "actions": np.array(notes.actions, np.int32),
        "scores": {name: float(values[0]) for name, values in scores.items()},
        "moments": {name: _small(values) for name, values in moments.items()},
        "story": _plain(environment.episode_info(numbers, notes.last, moments)),
    }


def _small(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32 if values.dtype.kind == "f" else np.int32)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return _small(value) if isinstance(value, np.ndarray) else value


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
