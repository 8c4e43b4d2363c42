"""Rollout: the episodes of one step, as far as they have been played, as named arrays."""

from typing import Any

import numpy as np

from engine.config.policy_gradient import PolicyConfig
from engine.environments import State
from engine.layers.network import Network
from engine.tasks.policy_gradient import environment_of, problem
from engine.training.compiled.forward import Forward

MIN_PROBABILITY = 1e-30
# Prefixes of the names of saved arrays: the state of the environment, and the recorded time steps.
ENVIRONMENT, RECORD = "world.", "record."


def entropy(policy: np.ndarray) -> np.ndarray:
    """H = -Σ π ln π in nats, over the first axis (actions, K) → (K,)."""
    return -(policy * np.log(np.maximum(policy, MIN_PROBABILITY))).sum(axis=0)


def sampled(policy: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One action per column of (actions, K), drawn with its probabilities; K numbers are drawn from `rng`."""
    cumulative = policy.cumsum(axis=0)
    return np.minimum(
        (rng.random(policy.shape[1]) * cumulative[-1] >= cumulative).sum(axis=0), len(policy) - 1
    )


class Rollout:
    """Plays K episodes side by side with the policy of the current weights, and records every time step.

    Initial states and actions are drawn from one generator, in an order that does not depend on how many time
    steps each call plays.
    """

    def __init__(self, config: PolicyConfig, network: Network) -> None:
        self.config, self.network = config, network
        self.environment, self.numbers = environment_of(config)
        inputs, features = problem(config).inputs, problem(config).features
        self._columns = [inputs.index(name) for name in features]
        shape = (self.environment.max_decisions(self.numbers), config.episodes)
        self._forward = Forward(network, config.episodes, np.dtype(config.dtype))
        self._record: State = {
            "observations": np.zeros((*shape, len(self._columns)), config.dtype),
            "actions": np.zeros(shape, np.int64),
            "rewards": np.zeros(shape),
            "passed": np.zeros(shape, np.int64),
            "alive": np.zeros(shape, bool),
            "entropy": np.zeros(shape),
        }
        self.environment_state: State = {}
        self.time_steps = 0

    def begin(self, rng: np.random.Generator) -> None:
        """Begin new episodes."""
        self.environment_state = self.environment.initial_state(
            self.numbers, rng, self.config.episodes, self.beginnings
        )
        self.time_steps = 0

    @property
    def beginnings(self) -> int:
        """The number of different initial states; episodes with the same one are compared."""
        assert self.config.beginnings is not None
        return self.config.beginnings

    @property
    def over(self) -> bool:
        """Whether all episodes have ended."""
        return bool(self.environment_state) and bool(self.environment_state["ended"].all())

    @property
    def begun(self) -> bool:
        """Whether episodes have begun."""
        return bool(self.environment_state)

    def drop(self) -> None:
        """Discard the current episodes."""
        self.environment_state, self.time_steps = {}, 0

    def play(self, theta: np.ndarray, rng: np.random.Generator, limit: int) -> int:
        """Play at most `limit` time steps, fewer if all episodes end before. Returns how many."""
        first, record = self.time_steps, self._record
        while self.time_steps - first < limit and not self.over:
            t = self.time_steps
            record["alive"][t] = ~self.environment_state["ended"]
            record["observations"][t] = self.environment.observe(self.numbers, self.environment_state)[
                :, self._columns
            ]
            policy = self._forward.run(theta, record["observations"][t]).output(len(self.network.layers) - 1)
            record["entropy"][t] = entropy(policy)
            record["actions"][t] = sampled(policy, rng)
            outcome = self.environment.step(self.numbers, self.environment_state, record["actions"][t])
            record["rewards"][t], record["passed"][t] = outcome.reward, outcome.duration
            self.time_steps += 1
        return self.time_steps - first

    def recorded(self) -> State:
        """The time steps recorded so far, (T, K, ...) each: views, valid until more is played."""
        return {name: array[: self.time_steps] for name, array in self._record.items()}

    def scores(self) -> State:
        """Per episode, (K,): undiscounted return, length in decisions, mean entropy, environment scores."""
        record = self.recorded()
        lengths = record["alive"].sum(axis=0)
        return {
            "return": record["rewards"].sum(axis=0),
            "length": lengths.astype(float),
            "entropy": (record["entropy"] * record["alive"]).sum(axis=0) / lengths,
            **self.environment.score(self.numbers, self.environment_state),
        }

    def save(self) -> State:
        """Everything needed to continue, as named arrays that share memory with the rollout."""
        if not self.begun:
            return {}
        state = {ENVIRONMENT + name: array for name, array in self.environment_state.items()}
        return state | {RECORD + name: array for name, array in self.recorded().items()}

    def restore(self, saved: dict[str, Any]) -> None:
        """Continue from the arrays of `save`; none means that no episodes have begun."""
        self.drop()
        for name, array in saved.items():
            if name.startswith(ENVIRONMENT):
                self.environment_state[name.removeprefix(ENVIRONMENT)] = array.copy()
            elif name.startswith(RECORD):
                self.time_steps = len(array)
                self._record[name.removeprefix(RECORD)][: self.time_steps] = array
