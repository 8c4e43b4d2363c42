"""Comparison: the present policy beside fixed rules, on the same unseen episodes."""

from collections.abc import Generator, Mapping
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

TITLES = {
    "sampled": "Learned, sampled actions",
    "greedy": "Learned, greedy actions",
    "first_come": "First come, first served",
}
HELP = {
    "sampled": "the present policy, actions drawn with its probabilities",
    "greedy": "the present policy, always the most probable action",
}
HEURISTIC_HELP = "a fixed rule that does not learn"


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> Slices:
    """Per policy the `judged` score of every episode (K,), its mean, standard deviation, and the standard
    error of the mean; and `ahead`: mean and standard error of the paired differences to the learned policy
    (`sampled`), positive where the learned policy is better.
    """
    environment, _ = environment_of(checkpoint.config)
    scores = yield from _scores(checkpoint, options["seed"], options["episodes"])
    judged, sign = environment.main_score, -1 if environment.lower_is_better else 1
    learned = scores["sampled"][judged]
    return {
        "judged": judged,
        "lower_is_better": environment.lower_is_better,
        "episodes": options["episodes"],
        "seed": options["seed"],
        "ways": [
            {
                "name": name,
                **_description(name),
                "values": state[judged].astype(np.float32),
                **_statistics(state[judged]),
                "length": float(state["length"].mean()),
                "ahead": _statistics(sign * (learned - state[judged])),
            }
            for name, state in scores.items()
        ],
    }


def _scores(checkpoint: Checkpoint, seed: int, episodes: int) -> Generator[float, None, dict[str, State]]:
    """The scores of the learned policy, both ways of choosing actions, and of each heuristic."""
    environment, numbers = environment_of(checkpoint.config)
    scores: dict[str, State] = {}
    for act in HELP:
        policy = policy_actions(checkpoint, act, seed)
        scores[act] = yield from play(environment, numbers, policy, seed, episodes)
    known = tuple(numbers.items())
    for rule in environment.heuristics:
        scores[rule] = heuristic_scores(checkpoint.config.environment.name, known, rule, seed, episodes)
        yield 0.9
    return scores


def _description(name: str) -> dict[str, Any]:
    """English texts; `code` is `learned` or `heuristic`."""
    learned = name in HELP
    return {
        "title": TITLES.get(name, name.replace("_", " ").capitalize()),
        "help": HELP.get(name, HEURISTIC_HELP),
        "code": "learned" if learned else "heuristic",
        "learned": learned,
    }


def _statistics(values: np.ndarray) -> dict[str, float]:
    """Mean, standard deviation, and the standard error of the mean."""
    deviation = float(values.std(ddof=1))
    return {"mean": float(values.mean()), "std": deviation, "error": deviation / float(np.sqrt(len(values)))}


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
