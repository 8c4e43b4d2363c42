"""Rollout: plays and records the episodes of one optimizer step."""

from typing import Any

import numpy as np

from engine.config.policy_gradient import PolicyConfig
from engine.environments import State
from engine.layers.network import Network
from engine.tasks.policy_gradient import environment_of, problem
from engine.training.compiled.forward import Forward
from engine.training.state import GENERATOR, generator_to_array, set_generator

MIN_PROBABILITY = 1e-30
# Prefixes in the names of saved arrays, part of the checkpoint format: environment state, recorded steps.
ENVIRONMENT, RECORD = "world.", "record."


def entropy(policy: np.ndarray) -> np.ndarray:
    """Returns H = -Σ π ln π in nats, (K,), of a policy (actions, K)."""
    return -(policy * np.log(np.maximum(policy, MIN_PROBABILITY))).sum(axis=0)


def sample_actions(policy: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Returns one action per column of (actions, K), with its probabilities; draws K numbers from `rng`."""
    cumulative = policy.cumsum(axis=0)
    return np.minimum(
        (rng.random(policy.shape[1]) * cumulative[-1] >= cumulative).sum(axis=0), len(policy) - 1
    )


class Rollout:
    """Plays K episodes in parallel with the policy of the current weights, and records every time step.

    Initial states and actions are drawn from one generator. Their order does not depend on the number of time
    steps per call.
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
        self._generator: np.ndarray | None = None  # its state before the current episodes

    def begin(self, rng: np.random.Generator) -> None:
        """Begins new episodes."""
        self._generator = generator_to_array(rng)
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
        """Removes the current episodes: the step that they were played for is done."""
        self.environment_state, self.time_steps, self._generator = {}, 0, None

    def discard(self, rng: np.random.Generator) -> None:
        """Removes the current episodes as if they had not begun: `rng` returns to its state before them."""
        if self._generator is not None:
            set_generator(rng, self._generator)
        self.drop()

    def play(self, theta: np.ndarray, rng: np.random.Generator, limit: int) -> int:
        """Plays at most `limit` time steps, until all episodes have ended. Returns their number."""
        first, record = self.time_steps, self._record
        while self.time_steps - first < limit and not self.over:
            t = self.time_steps
            record["alive"][t] = ~self.environment_state["ended"]
            record["observations"][t] = self.environment.observe(self.numbers, self.environment_state)[
                :, self._columns
            ]
            policy = self._forward.run(theta, record["observations"][t]).output(len(self.network.layers) - 1)
            record["entropy"][t] = entropy(policy)
            record["actions"][t] = sample_actions(policy, rng)
            outcome = self.environment.step(self.numbers, self.environment_state, record["actions"][t])
            record["rewards"][t], record["passed"][t] = outcome.reward, outcome.duration
            self.time_steps += 1
        return self.time_steps - first

    def recorded(self) -> State:
        """Returns the recorded time steps, (T, K, ...) each, as views, valid until the next `play`."""
        return {name: array[: self.time_steps] for name, array in self._record.items()}

    def scores(self) -> State:
        """Returns per episode, (K,): undiscounted return, decisions, mean entropy, environment scores."""
        record = self.recorded()
        lengths = record["alive"].sum(axis=0)
        return {
            "return": record["rewards"].sum(axis=0),
            "length": lengths.astype(float),
            "entropy": (record["entropy"] * record["alive"]).sum(axis=0) / lengths,
            **self.environment.score(self.numbers, self.environment_state),
        }

    def save(self) -> State:
        """Returns the state of the rollout as named arrays that share its memory."""
        if not self.begun:
            return {}
        state = {ENVIRONMENT + name: array for name, array in self.environment_state.items()}
        state |= {RECORD + name: array for name, array in self.recorded().items()}
        return state if self._generator is None else state | {GENERATOR: self._generator}

    def restore(self, saved: dict[str, Any]) -> None:
        """Restores the state from the arrays of `save`; without arrays, no episodes have begun."""
        self.drop()
        self._generator = saved.get(GENERATOR)
        for name, array in saved.items():
            if name.startswith(ENVIRONMENT):
                self.environment_state[name.removeprefix(ENVIRONMENT)] = array.copy()
            elif name.startswith(RECORD):
                self.time_steps = len(array)
                self._record[name.removeprefix(RECORD)][: self.time_steps] = array
