"""TrainState: everything that changes while a network learns, and nothing else does."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.network import DisabledUnits, Network, initial
from engine.operations import aligned
from engine.optimizers import OPTIMIZERS

FADED = 1e-30


@dataclass
class StoppingMemory:
    """What early stopping remembers between epochs."""

    best: float = float("inf")
    best_step: int = 0
    best_epoch: int = 0
    waited: int = 0
    best_theta: np.ndarray | None = None

    def copy(self) -> "StoppingMemory":
        """An independent copy; `best_theta` is replaced, never changed, so it can be shared."""
        return StoppingMemory(self.best, self.best_step, self.best_epoch, self.waited, self.best_theta)


@dataclass
class TrainState:
    """The state of one training.

    `memory` holds theta in its first row and the optimizer's slots in the others. `order` is the epoch's
    permutation and `position` how many of its samples are done; at position 0 the next step shuffles first.
    """

    memory: np.ndarray
    shuffle: np.random.Generator
    dropout: np.random.Generator
    order: np.ndarray
    position: int = 0
    step: int = 0
    epoch: int = 0
    attempt: int = 0
    stopping: StoppingMemory = field(default_factory=StoppingMemory)
    frozen: np.ndarray | None = None  # True at single parameters that must stay; None: there are none
    disabled: DisabledUnits = ()  # per hidden layer the disabled units
    playing: dict[str, np.ndarray] = field(default_factory=dict)  # a policy's episodes, as far as played
    mode: str = "single"  # or "batched": trained side by side with others, equal to single up to rounding

    @property
    def theta(self) -> np.ndarray:
        """All parameters, flat."""
        return self.memory[0]

    @property
    def slots(self) -> list[np.ndarray]:
        """The optimizer's vectors, each as long as theta."""
        return list(self.memory[1:])

    def settle(self) -> None:
        """Move `memory` to where vector calls are fastest: every row begins at a multiple of 64 bytes."""
        rows, size = self.memory.shape
        line = 64 // self.memory.itemsize
        house = aligned((rows, -(-size // line) * line), self.memory.dtype)[:, :size]
        np.copyto(house, self.memory)
        self.memory = house

    def finite(self) -> bool:
        """Whether parameters and optimizer slots are all finite."""
        return bool(np.isfinite(self.memory).all())

    def flush(self) -> None:
        """Set to 0 what has faded below 1e-30 in the optimizer's slots.

        Such numbers change no step, but as denormals they would make each one twice as slow. Called at the
        end of epochs, so that how a training is cut does not matter. What fades by a tenth with every step
        (Adam's first moment) takes 175 steps from there to the denormals.
        """
        if len(self.memory) > 1:
            slots = self.memory[1:]
            slots[np.abs(slots) < FADED] = 0

    def save(self) -> dict[str, Any]:
        """An independent copy of everything, for `restore`."""
        return {
            "memory": self.memory.copy(),
            "order": self.order.copy(),
            "stopping": self.stopping.copy(),
            "shuffle": self.shuffle.bit_generator.state,
            "dropout": self.dropout.bit_generator.state,
            "playing": {name: array.copy() for name, array in self.playing.items()},
            "counters": (self.position, self.step, self.epoch, self.attempt),
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Return to a saved state, in place: prepared plans hold references to these arrays."""
        np.copyto(self.memory, saved["memory"])
        np.copyto(self.order, saved["order"])
        self.stopping = saved["stopping"].copy()
        self.shuffle.bit_generator.state = saved["shuffle"]
        self.dropout.bit_generator.state = saved["dropout"]
        self.playing = {name: array.copy() for name, array in saved["playing"].items()}
        self.position, self.step, self.epoch, self.attempt = saved["counters"]


def fresh(network: Network, config: ExamplesConfig, samples: int, attempt: int = 0) -> TrainState:
    """The state at step 0. Weights, shuffling and dropout draw from three generators of their own."""
    weights, shuffle, dropout = (
        np.random.Generator(np.random.PCG64(seed)) for seed in np.random.SeedSequence(config.seed).spawn(3)
    )
    memory = np.zeros((1 + OPTIMIZERS[config.optimizer.name].slots, network.size), config.dtype)
    memory[0] = initial(network, config, weights)
    return TrainState(memory, shuffle, dropout, np.arange(samples), attempt=attempt)
