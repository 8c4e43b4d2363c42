"""Playing: the episodes of one step, as far as they have been played, as named arrays."""

from typing import Any

import numpy as np

from engine.config.policy_gradient import PolicyConfig
from engine.environments import State
from engine.layers.network import Network
from engine.tasks.policy_gradient import problem, world
from engine.training.compiled.forward import Forward

TINY = 1e-30
WORLD, RECORD = "world.", "record."  # prefixes of the environment's arrays and of what was recorded


def entropy(policy: np.ndarray) -> np.ndarray:
    """H = -Σ π ln π in nats, over the first axis (actions, K) → (K,)."""
    return -(policy * np.log(np.maximum(policy, TINY))).sum(axis=0)


def sampled(policy: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One action per column of (actions, K), drawn with its probabilities; K numbers are drawn from `rng`."""
    below = policy.cumsum(axis=0)
    return np.minimum((rng.random(policy.shape[1]) * below[-1] >= below).sum(axis=0), len(policy) - 1)


class Playing:
    """Plays K episodes side by side with the policy of the present weights, and records every moment.

    All chance, the beginnings' and the actions', comes from one generator, in an order that does not depend
    on how the play is cut.
    """

    def __init__(self, config: PolicyConfig, network: Network) -> None:
        self.config, self.network = config, network
        self.environment, self.numbers = world(config)
        asked = problem(config)
        self._columns = [asked.inputs.index(name) for name in asked.features]
        shape = (self.environment.longest(self.numbers), config.episodes)
        self._forward = Forward(network, config.episodes, np.dtype(config.dtype))
        self._record: State = {
            "observations": np.zeros((*shape, len(self._columns)), config.dtype),
            "actions": np.zeros(shape, np.int64),
            "rewards": np.zeros(shape),
            "passed": np.zeros(shape, np.int64),
            "alive": np.zeros(shape, bool),
            "entropy": np.zeros(shape),
        }
        self.world: State = {}
        self.moments = 0

    def begin(self, rng: np.random.Generator) -> None:
        """New episodes."""
        self.world = self.environment.begin(self.numbers, rng, self.config.episodes, self.beginnings)
        self.moments = 0

    @property
    def beginnings(self) -> int:
        """Into how many groups that begin alike the episodes fall."""
        assert self.config.beginnings is not None
        return self.config.beginnings

    @property
    def over(self) -> bool:
        """Whether all episodes have ended."""
        return bool(self.world) and bool(self.world["ended"].all())

    @property
    def under_way(self) -> bool:
        """Whether there are episodes that have begun."""
        return bool(self.world)

    def drop(self) -> None:
        """Forget the episodes under way."""
        self.world, self.moments = {}, 0

    def play(self, theta: np.ndarray, rng: np.random.Generator, most: int) -> int:
        """At most `most` moments, fewer if all episodes end before; returns how many there were."""
        first, record = self.moments, self._record
        while self.moments - first < most and not self.over:
            t = self.moments
            record["alive"][t] = ~self.world["ended"]
            record["observations"][t] = self.environment.observe(self.numbers, self.world)[:, self._columns]
            policy = self._forward.run(theta, record["observations"][t]).output(len(self.network.layers) - 1)
            record["entropy"][t] = entropy(policy)
            record["actions"][t] = sampled(policy, rng)
            turn = self.environment.step(self.numbers, self.world, record["actions"][t])
            record["rewards"][t], record["passed"][t] = turn.reward, turn.passed
            self.moments += 1
        return self.moments - first

    def recorded(self) -> State:
        """What was recorded so far, (moments, K, ...) each; views, valid until more is played."""
        return {name: array[: self.moments] for name, array in self._record.items()}

    def scores(self) -> State:
        """Per episode of those that are over: return (undiscounted), length in decisions, mean entropy, and
        the environment's own scores.
        """
        record = self.recorded()
        lengths = record["alive"].sum(axis=0)
        return {
            "return": record["rewards"].sum(axis=0),
            "length": lengths.astype(float),
            "entropy": (record["entropy"] * record["alive"]).sum(axis=0) / lengths,
            **self.environment.score(self.numbers, self.world),
        }

    def save(self) -> State:
        """Everything needed to go on, as named arrays that share memory with the play."""
        if not self.under_way:
            return {}
        held = {WORLD + name: array for name, array in self.world.items()}
        return held | {RECORD + name: array for name, array in self.recorded().items()}

    def restore(self, saved: dict[str, Any]) -> None:
        """Take up what `save` gave; nothing there means that no episodes have begun."""
        self.drop()
        for name, array in saved.items():
            if name.startswith(WORLD):
                self.world[name.removeprefix(WORLD)] = array.copy()
            elif name.startswith(RECORD):
                self.moments = len(array)
                self._record[name.removeprefix(RECORD)][: self.moments] = array
