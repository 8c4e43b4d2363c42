"""Environment: the interface of all environments. A step is one decision in each of K episodes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.parameter import Parameter

Numbers = Mapping[str, float]  # values of the environment's parameters, by name
State = dict[str, np.ndarray]  # named arrays with K rows; always contains `ended` (K,)


@dataclass(frozen=True)
class Transition:
    """The result of a step, (K,) each."""

    reward: np.ndarray
    duration: np.ndarray  # of the decision, in units of time


@dataclass(frozen=True)
class Heuristic:
    """A fixed policy for comparison: `act(numbers, state, rng)` returns K actions."""

    act: Callable[[Numbers, State, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Score:
    """One score of an episode."""

    unit: str = ""


RETURN = Score()  # undiscounted sum of the rewards of an episode
LENGTH = Score("decisions")
ENTROPY = Score("nats")  # of the policy, mean over the decisions of an episode


@dataclass(frozen=True)
class Environment:
    """One catalogue entry. All functions are pure except `step`, which changes `state` in place.

    `initial_state(numbers, rng, episodes, beginnings)`: K episodes with `beginnings` initial states;
    K / beginnings consecutive episodes have the same initial state and random events.
    `observe(numbers, state)`: (K, len(observation_names)), values of magnitude about 1.
    `step(numbers, state, actions)`: a Transition; an ended episode does not change and has reward 0.
    `score(numbers, state)`: additional scores of ended episodes, (K,) each.
    `snapshot(numbers, state)`: arrays per decision for the view of an episode.
    `episode_info(numbers, state, snapshots)`: values of an ended episode for this view.
    """

    parameters: Mapping[str, Parameter]
    observation_names: Callable[[Numbers], list[str]]
    action_names: Callable[[Numbers], list[str]]
    initial_state: Callable[[Numbers, np.random.Generator, int, int], State]
    observe: Callable[[Numbers, State], np.ndarray]
    step: Callable[[Numbers, State, np.ndarray], Transition]
    max_decisions: Callable[[Numbers], int]  # of an episode
    heuristics: Mapping[str, Heuristic]
    snapshot: Callable[[Numbers, State], State]
    episode_info: Callable[[Numbers, State, State], dict[str, Any]]
    axes: tuple[str, str]  # default axes of the policy map: two components of the observation
    default_beginnings: int = 1  # number of different initial states per batch
    main_score: str = "return"  # score for comparing policies
    lower_is_better: bool = False
    solved: Callable[[Numbers], float] | None = None  # the mean main score from which on it counts as solved
    solved_over: int = 1  # number of recorded points whose mean is compared with `solved`
    own_scores: Mapping[str, Score] = field(default_factory=dict)  # of `score`
    score: Callable[[Numbers, State], State] = lambda numbers, state: {}

    @property
    def defaults(self) -> dict[str, float]:
        """The default values of the parameters."""
        return {name: parameter.default for name, parameter in self.parameters.items()
            if parameter.default is not None}  # fmt: skip

    @property
    def scores(self) -> dict[str, Score]:
        """All scores of an episode."""
        return {"return": RETURN, "length": LENGTH, "entropy": ENTROPY, **self.own_scores}


def random_actions(count: Callable[[Numbers], int]) -> Heuristic:
    """Returns the heuristic that selects every action with equal probability."""

    def act(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, count(numbers), len(state["ended"]))

    return Heuristic(act)
