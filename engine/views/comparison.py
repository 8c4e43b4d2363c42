"""Comparison: the present policy and heuristics in the same evaluation episodes."""

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
    "sampled": "the present policy, actions sampled from its probabilities",
    "greedy": "the present policy, always the most probable action",
}
HEURISTIC_HELP = "a fixed rule that does not learn"


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> Slices:
    """Per policy (`ways`) the main score `judged` of every episode (K,), with its mean, standard deviation
    and standard error of the mean; and `ahead`, the same statistics of the paired differences to the learned
    policy (`sampled`), positive if the learned policy is better.
    """
    environment, _ = environment_of(checkpoint.config)
    scores = yield from _scores(checkpoint, options["seed"], options["episodes"])
    score_name, sign = environment.main_score, -1 if environment.lower_is_better else 1
    learned = scores["sampled"][score_name]
    return {
        "judged": score_name,
        "lower_is_better": environment.lower_is_better,
        "episodes": options["episodes"],
        "seed": options["seed"],
        "ways": [
            {
                "name": name,
                **_description(name),
                "values": state[score_name].astype(np.float32),
                **_statistics(state[score_name]),
                "length": float(state["length"].mean()),
                "ahead": _statistics(sign * (learned - state[score_name])),
            }
            for name, state in scores.items()
        ],
    }


def _scores(checkpoint: Checkpoint, seed: int, episodes: int) -> Generator[float, None, dict[str, State]]:
    """The scores of the learned policy with sampled and with greedy actions, and of each heuristic."""
    environment, numbers = environment_of(checkpoint.config)
    scores: dict[str, State] = {}
    for act in HELP:
        policy = policy_actions(checkpoint, act, seed)
        scores[act] = yield from play(environment, numbers, policy, seed, episodes)
    parameters = tuple(numbers.items())
    for rule in environment.heuristics:
        scores[rule] = heuristic_scores(checkpoint.config.environment.name, parameters, rule, seed, episodes)
        yield 0.9
    return scores


def _description(name: str) -> dict[str, Any]:
    """English title and help; `code` is `learned` or `heuristic`."""
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
