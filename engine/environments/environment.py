"""An environment: a world in which episodes are played, many side by side, one decision of each at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.parameter import Parameter

Numbers = Mapping[str, float]  # the environment's own parameters, by name
State = dict[str, np.ndarray]  # named arrays, the first axis counts episodes; `ended` (K,) is always there


@dataclass(frozen=True)
class Turn:
    """What one decision of each of K episodes brought, (K,) each: the reward, and how much time went by."""

    reward: np.ndarray
    passed: np.ndarray


@dataclass(frozen=True)
class Heuristic:
    """A fixed way to act, to compare a learned one with: `act(numbers, state, rng)` gives K actions."""

    act: Callable[[Numbers, State, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Score:
    """One measure of an episode."""

    unit: str = ""


RETURN = Score()  # sum of the rewards of an episode, not discounted
LENGTH = Score("decisions")
ENTROPY = Score("nats")  # of the policy, mean over the decisions of an episode


@dataclass(frozen=True)
class Environment:
    """One catalogue entry. Everything is pure but `step`, which moves `state` on in place.

    `begin(numbers, rng, episodes, beginnings)`: K episodes, of which K / beginnings following ones begin
    alike and meet the same chance. `observe(numbers, state)`: (K, len(observed)), about -1 to 1.
    `step(numbers, state, actions)`: a Turn; an episode that has ended stays as it is, with reward 0.
    `score(numbers, state)`: further measures of ended episodes, (K,) each. `drawn` and `story` are for
    pictures: what to note at each moment, and what to add once the episode is over.
    """

    parameters: Mapping[str, Parameter]
    observed: Callable[[Numbers], list[str]]
    actions: Callable[[Numbers], list[str]]
    begin: Callable[[Numbers, np.random.Generator, int, int], State]
    observe: Callable[[Numbers, State], np.ndarray]
    step: Callable[[Numbers, State, np.ndarray], Turn]
    longest: Callable[[Numbers], int]  # decisions that an episode can have at most
    heuristics: Mapping[str, Heuristic]
    drawn: Callable[[Numbers, State], State]
    story: Callable[[Numbers, State, State], dict[str, Any]]
    axes: tuple[str, str]  # two of the numbers observed, over which a policy is looked at first
    beginnings: int = 1  # of a batch, where the configuration leaves it open
    judged: str = "return"  # the score by which policies are compared
    lower_is_better: bool = False
    own_scores: Mapping[str, Score] = field(default_factory=dict)  # what `score` gives
    score: Callable[[Numbers, State], State] = lambda numbers, state: {}

    @property
    def defaults(self) -> dict[str, float]:
        """Its numbers where nothing is chosen."""
        return {name: each.default for name, each in self.parameters.items() if each.default is not None}

    @property
    def scores(self) -> dict[str, Score]:
        """Everything that is measured of an episode."""
        return {"return": RETURN, "length": LENGTH, "entropy": ENTROPY, **self.own_scores}


def random_actions(count: Callable[[Numbers], int]) -> Heuristic:
    """Every action with the same probability."""

    def act(numbers: Numbers, state: State, rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, count(numbers), len(state["ended"]))

    return Heuristic(act)
