"""Problem: a training problem as arrays in a file, the same for all engines. Needs NumPy only."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

Parameters = list[tuple[np.ndarray, np.ndarray]]  # per layer: weights (inputs, units), biases (units,)


@dataclass(frozen=True)
class Settings:
    """The settings; `error` is half_squared or crossentropy, `output` the output activation."""

    workload: str
    hidden: str
    output: str
    error: str
    optimizer: str
    learning_rate: float
    beta_1: float  # these three are 0 for SGD
    beta_2: float
    epsilon: float


@dataclass
class Problem:
    """Batches (count, batch, columns) in the order of training, and the initial parameters."""

    settings: Settings
    inputs: np.ndarray
    targets: np.ndarray
    initial: Parameters

    @property
    def epoch(self) -> int:
        """The number of batches, which have equal sizes."""
        return len(self.inputs)

    def save(self, path: Path) -> None:
        """Writes the problem to an .npz file."""
        arrays: dict[str, Any] = {"inputs": self.inputs, "targets": self.targets, **by_name(self.initial)}
        np.savez(path, settings=np.array(json.dumps(asdict(self.settings))), **arrays)

    @classmethod
    def load(cls, path: Path) -> "Problem":
        """Reads the file of `save`."""
        with np.load(path) as file:
            settings = Settings(**json.loads(str(file["settings"])))
            return cls(settings, file["inputs"], file["targets"], parameters(file))


def by_name(layers: Parameters) -> dict[str, Any]:
    """Returns the parameters with their names in a file."""
    arrays: dict[str, Any] = {}
    for index, (weights, biases) in enumerate(layers):
        arrays |= {f"weights_{index}": weights, f"biases_{index}": biases}
    return arrays


def parameters(file: np.lib.npyio.NpzFile) -> Parameters:
    """Reads the parameters from a file with the names of `by_name`."""
    count = sum(name.startswith("weights_") for name in file.files)
    return [(file[f"weights_{index}"], file[f"biases_{index}"]) for index in range(count)]
