"""The environment interface: K episodes advance together, one decision of each per step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.parameter import Parameter

Numbers = Mapping[str, float]  # the environment's parameters, by name
State = dict[str, np.ndarray]  # named arrays with K rows; always contains `ended` (K,)


@dataclass(frozen=True)
class Transition:
    """The result of one decision of each of K episodes, (K,) each; the new state is changed in place."""

    reward: np.ndarray
    duration: np.ndarray  # time units that the decision took


@dataclass(frozen=True)
class Heuristic:
    """A fixed policy to compare the learned one with: `act(numbers, state, rng)` returns K actions."""

    act: Callable[[Numbers, State, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Score:
    """One score of an episode."""

    unit: str = ""


RETURN = Score()  # sum of the rewards of an episode, not discounted
LENGTH = Score("decisions")
ENTROPY = Score("nats")  # of the policy, mean over the decisions of an episode


@dataclass(frozen=True)
class Environment:
    """One catalogue entry. All functions are pure except `step`, which changes `state` in place.

    `initial_state(numbers, rng, episodes, beginnings)`: K episodes with `beginnings` initial states;
    K / beginnings consecutive ones share the initial state and all random events.
    `observe(numbers, state)`: (K, len(observation_names)), about -1 to 1.
    `step(numbers, state, actions)`: a Transition; an ended episode does not change and has reward 0.
    `score(numbers, state)`: further scores of ended episodes, (K,) each.
    `snapshot(numbers, state)`: the arrays that the view of an episode shows per decision.
    `episode_info(numbers, state, snapshots)`: what it shows of one ended episode as a whole.
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
    axes: tuple[str, str]  # the two components of the observation of the first picture of a policy
    default_beginnings: int = 1  # different initial states of a batch
    main_score: str = "return"  # the score by which policies are compared
    lower_is_better: bool = False
    own_scores: Mapping[str, Score] = field(default_factory=dict)  # those of `score`
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
    """The policy with equal probability for every action."""

    def act(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, count(numbers), len(state["ended"]))

    return Heuristic(act)
