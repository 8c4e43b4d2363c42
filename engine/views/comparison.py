"""Comparison: the present policy beside fixed ways to act, on the same unseen episodes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL
from engine.datasets import Data
from engine.environments import State
from engine.policy_gradient.evaluation import heuristic_scores, play, policy_actions
from engine.tasks.policy_gradient import environment_of
from engine.training.checkpoint import Checkpoint
from engine.views.view import Slices, Tab, View

LEARNED = {
    "sampled": ("Learned, as it plays", "the present policy, actions drawn with its probabilities"),
    "greedy": ("Learned, surest action", "the present policy, always the most probable action"),
}


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> Slices:
    """Per way to act the `judged` score of every episode (K,), its mean, spread, and the standard error of
    the mean; and of the difference to the learned policy, episode by episode, `ahead`: mean and standard
    error, positive where the learned one, as it plays, is better.
    """
    (environment, numbers), seed, episodes = (
        environment_of(checkpoint.config),
        options["seed"],
        options["episodes"],
    )
    found: dict[str, State] = {}
    for act in LEARNED:
        found[act] = yield from play(
            environment, numbers, policy_actions(checkpoint, act, seed), seed, episodes
        )
    known = tuple(numbers.items())
    for rule in environment.heuristics:
        found[rule] = heuristic_scores(checkpoint.config.environment.name, known, rule, seed, episodes)
        yield 0.9
    titles = {name: (name.replace("_", " ").capitalize(), "") for name in environment.heuristics} | LEARNED
    judged, sign = environment.main_score, -1 if environment.lower_is_better else 1
    best = found["sampled"][judged]
    return {
        "judged": judged,
        "lower_is_better": environment.lower_is_better,
        "episodes": episodes,
        "seed": seed,
        "ways": [
            {
                "name": name,
                "title": titles[name][0],
                "help": titles[name][1],
                "learned": name in LEARNED,
                "values": scores[judged].astype(np.float32),
                **_told(scores[judged]),
                "length": float(scores["length"].mean()),
                "ahead": _told(sign * (best - scores[judged])),
            }
            for name, scores in found.items()
        ],
    }


def _told(values: np.ndarray) -> dict[str, float]:
    """Mean, spread, and the standard error of the mean."""
    spread = float(values.std(ddof=1))
    return {"mean": float(values.mean()), "std": spread, "error": spread / float(np.sqrt(len(values)))}


COMPARISON = View(
    compute,
    {
        "episodes": Parameter(64, 2, 256, integer=True),
        "seed": Parameter(0, 0, 2**31 - 1, integer=True),
    },
    applies_to=(CONTROL,),
    fps=0.5,
    tab=Tab("right", 20),
)
