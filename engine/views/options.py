"""Options that select a part of the data, a point, a layer or a weight, with their validation."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import NUMBERS, RECONSTRUCTION
from engine.datasets import Data, Part
from engine.layers.network import Network
from engine.metrics import UNDECIDED

PARTS = ("train", "validation", "test")
LAYER = Parameter(None, 0, 128, integer=True)
UNIT = Parameter(0, 0, 1023, integer=True)
SOURCE = Parameter(0, -1, 1023, integer=True)


@dataclass(frozen=True)
class Weight:
    """One weight, or with source -1 one bias; `position` is its index in the flat parameter vector."""

    layer: int
    unit: int
    source: int
    position: int


def select_part(data: Data, name: str, fallback: bool = False) -> tuple[str, Part]:
    """The name and the points of a part; with `fallback` the training part if the test part is empty.

    Raises ConfigError if the part is empty.
    """
    part: Part = getattr(data, name)
    if len(part):
        return name, part
    if fallback and name == "test":
        return "train", data.train
    raise ConfigError("part", f"this run has no {name} points", given=name)


def first_rows(name: str, part: Part, samples: int) -> dict[str, Any]:
    """The fields that say which points a view is over: the first `samples` of the `part_size` of `part`."""
    return {"part": name, "samples": samples, "part_size": len(part)}


def layer_index(network: Network, index: int | None, field: str = "layer") -> int:
    """The index of a layer, by default of the output layer. Raises ConfigError if there is no such layer."""
    last = len(network.layers) - 1
    if index is None:
        return last
    return _check_range(field, index, 0, last)


def select_weight(network: Network, layer: int | None, unit: int, source: int, suffix: str = "") -> Weight:
    """The weight with these indices; the names of the options end with `suffix` in errors.

    Raises ConfigError if an index is out of range.
    """
    index = layer_index(network, layer, "layer" + suffix)
    dense = network.layers[index]
    _check_range("unit" + suffix, unit, 0, dense.units - 1)
    _check_range("source" + suffix, source, -1, dense.inputs - 1)
    return Weight(index, unit, source, dense.position(unit, None if source < 0 else source))


def point_index(part: Part, index: int) -> int:
    """The index of a point of the part. Raises ConfigError if it is out of range."""
    return _check_range("index", index, 0, len(part) - 1)


def _check_range(field: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ConfigError(field, f"must be from {low} to {high}", given=value, limit=[low, high])
    return value


def layer_name(network: Network, index: int) -> str:
    """`hidden 1`, ..., `output`."""
    return "output" if index == len(network.layers) - 1 else f"hidden {index + 1}"


def display_values(data: Data, values: np.ndarray) -> list:
    """Targets or predictions for display: numbers, class names or lists of labels; None if undecided."""
    if data.task in NUMBERS:
        return [float(row) if np.ndim(row) == 0 else row.tolist() for row in values]
    names = data.classes or []
    if data.task == "multilabel":
        return [
            [name for name, label in zip(names, row, strict=True) if label == 1] for row in values.tolist()
        ]
    return [None if index == UNDECIDED else names[int(index)] for index in values.tolist()]


def output_names(data: Data) -> list[str]:
    """The name of each output: the positive class, the class or label, or the target."""
    if data.task == RECONSTRUCTION:
        return list(data.features)
    if data.task == "regression":
        return ["target"] if data.outputs == 1 else [f"target {index}" for index in range(data.outputs)]
    names = data.classes or []
    return [names[1]] if data.task == "binary" else list(names)
