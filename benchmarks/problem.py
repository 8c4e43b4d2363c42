"""One training problem as plain arrays in a file, the same for every engine. Needs NumPy only."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

Parameters = list[tuple[np.ndarray, np.ndarray]]  # per layer: weights (inputs, units), biases (units,)


@dataclass(frozen=True)
class Settings:
    """What is trained and how; `error` is half_squared or crossentropy, `output` the last activation."""

    workload: str
    hidden: str
    output: str
    error: str
    optimizer: str
    learning_rate: float
    beta_1: float  # these three are 0 where there is nothing to remember
    beta_2: float
    epsilon: float


@dataclass
class Problem:
    """Batches (count, batch, columns) in the order they are trained on, and the initial parameters."""

    settings: Settings
    inputs: np.ndarray
    targets: np.ndarray
    initial: Parameters

    @property
    def epoch(self) -> int:
        """Batches there are, all of the same size."""
        return len(self.inputs)

    def save(self, path: Path) -> None:
        """Write everything to one .npz file."""
        arrays: dict[str, Any] = {"inputs": self.inputs, "targets": self.targets, **named(self.initial)}
        np.savez(path, settings=np.array(json.dumps(asdict(self.settings))), **arrays)

    @classmethod
    def load(cls, path: Path) -> "Problem":
        """What `save` wrote."""
        with np.load(path) as file:
            settings = Settings(**json.loads(str(file["settings"])))
            return cls(settings, file["inputs"], file["targets"], parameters(file))


def named(layers: Parameters) -> dict[str, Any]:
    """Parameters under the names they have in a file."""
    found: dict[str, Any] = {}
    for index, (weights, biases) in enumerate(layers):
        found |= {f"weights_{index}": weights, f"biases_{index}": biases}
    return found


def parameters(file: np.lib.npyio.NpzFile) -> Parameters:
    """Parameters from a file that holds them under the names of `named`."""
    count = sum(name.startswith("weights_") for name in file.files)
    return [(file[f"weights_{index}"], file[f"biases_{index}"]) for index in range(count)]
