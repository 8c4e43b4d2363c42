"""TrainState: everything that changes during a training."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.network import DisabledUnits, Network, initial
from engine.operations import aligned
from engine.optimizers import OPTIMIZERS

FLUSH_BELOW = 1e-30
# Names in the saved episodes of policy gradient: the prefix of the scores of the last finished batch, and the
# state of the generator before the episodes in progress.
SCORED, GENERATOR = "scored.", "generator"
WORD = (1 << 64) - 1


@dataclass
class EarlyStoppingState:
    """The state of early stopping: the best loss, its step and epoch, and the epochs since."""

    best: float = float("inf")
    best_step: int = 0
    best_epoch: int = 0
    waited: int = 0  # epochs without an improvement
    best_theta: np.ndarray | None = None

    def copy(self) -> "EarlyStoppingState":
        """Returns a copy that shares `best_theta`, which is never changed in place."""
        return EarlyStoppingState(self.best, self.best_step, self.best_epoch, self.waited, self.best_theta)


@dataclass
class TrainState:
    """The state of one training.

    The rows of `memory` are theta and the state vectors of the optimizer. `order` is the permutation of the
    samples in the current epoch, `position` the number of processed samples; at position 0 the next step
    shuffles first.
    """

    memory: np.ndarray
    shuffle: np.random.Generator
    dropout: np.random.Generator
    order: np.ndarray
    position: int = 0
    step: int = 0
    epoch: int = 0
    attempt: int = 0
    stopping: EarlyStoppingState = field(default_factory=EarlyStoppingState)
    frozen: np.ndarray | None = None  # True for single frozen parameters; None: no parameter
    disabled: DisabledUnits = ()  # per hidden layer the disabled units
    episodes: dict[str, np.ndarray] = field(default_factory=dict)  # current episodes of policy gradient
    optimizer_start: int = 0  # the step before which the optimizer state was 0
    continued_from: int | None = None  # the step at which a fork with other settings began
    mode: str = "single"  # or "batched": trained in an ensemble, equal to single up to rounding

    @property
    def theta(self) -> np.ndarray:
        """All parameters as flat vector."""
        return self.memory[0]

    @property
    def optimizer_state(self) -> list[np.ndarray]:
        """The state vectors of the optimizer, (size,) each."""
        return list(self.memory[1:])

    def align(self) -> None:
        """Copies `memory` so that every row starts at a multiple of 64 bytes, for faster vector calls."""
        rows, size = self.memory.shape
        line = 64 // self.memory.itemsize
        copy = aligned((rows, -(-size // line) * line), self.memory.dtype)[:, :size]
        np.copyto(copy, self.memory)
        self.memory = copy

    def finite(self) -> bool:
        """Returns whether parameters and optimizer state are all finite."""
        return bool(np.isfinite(self.memory).all())

    def flush_denormals(self) -> None:
        """Sets values of the optimizer state below 1e-30 to 0.

        They do not change a step, but as denormal numbers they would double its time. Called at the end of
        epochs, so that results do not depend on the number of steps per call. A value that decays by a tenth
        per step (Adam's first moment) becomes denormal 175 steps after it falls below 1e-30.
        """
        if len(self.memory) > 1:
            vectors = self.memory[1:]
            vectors[np.abs(vectors) < FLUSH_BELOW] = 0

    def scores(self) -> dict[str, np.ndarray]:
        """Returns the scores of the last finished batch of episodes, as they are saved in `episodes`."""
        return {name: array for name, array in self.episodes.items() if name.startswith(SCORED)}

    def return_to_episode_start(self, episodes: dict[str, np.ndarray]) -> None:
        """Gives the generator of episodes the state that it had before these episodes, if they have begun."""
        if GENERATOR in episodes:
            set_generator(self.shuffle, episodes[GENERATOR])

    def save(self) -> dict[str, Any]:
        """Returns a copy of everything that training changes, for `restore`."""
        return {
            "memory": self.memory.copy(),
            "order": self.order.copy(),
            "stopping": self.stopping.copy(),
            "shuffle": self.shuffle.bit_generator.state,
            "dropout": self.dropout.bit_generator.state,
            "episodes": {name: array.copy() for name, array in self.episodes.items()},
            "counters": (self.position, self.step, self.epoch, self.attempt),
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Restores a saved state in place, as recorded steps refer to these arrays."""
        np.copyto(self.memory, saved["memory"])
        np.copyto(self.order, saved["order"])
        self.stopping = saved["stopping"].copy()
        self.shuffle.bit_generator.state = saved["shuffle"]
        self.dropout.bit_generator.state = saved["dropout"]
        self.episodes = {name: array.copy() for name, array in saved["episodes"].items()}
        self.position, self.step, self.epoch, self.attempt = saved["counters"]


def generator_to_array(generator: np.random.Generator) -> np.ndarray:
    """The state of a PCG64 generator as 6 unsigned integers of 64 bits."""
    state: dict[str, Any] = dict(generator.bit_generator.state)
    words = [state["state"][name] >> shift & WORD for name in ("state", "inc") for shift in (0, 64)]
    return np.array([*words, state["has_uint32"], state["uinteger"]], np.uint64)


def set_generator(generator: np.random.Generator, words: np.ndarray) -> None:
    """Give a PCG64 generator the state of `generator_to_array`."""
    low, high, increment_low, increment_high, has_uint32, uinteger = (int(word) for word in words)
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": high << 64 | low, "inc": increment_high << 64 | increment_low},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }


def fresh(network: Network, config: ExamplesConfig, samples: int, attempt: int = 0) -> TrainState:
    """Returns the state at step 0; weights, shuffling and dropout have separate generators."""
    weights, shuffle, dropout = (
        np.random.Generator(np.random.PCG64(seed)) for seed in np.random.SeedSequence(config.seed).spawn(3)
    )
    vectors = 1 + OPTIMIZERS[config.optimizer.name].state_vectors
    memory = np.zeros((vectors, network.size), config.dtype)
    memory[0] = initial(network, config, weights)
    return TrainState(memory, shuffle, dropout, np.arange(samples), attempt=attempt)
