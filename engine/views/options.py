"""Options that select a part of the data, a point, a layer or a weight, with their validation."""

from dataclasses import dataclass

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
    """One weight, or with source -1 one bias; `place` is where it lies in the flat vector."""

    layer: int
    unit: int
    source: int
    place: int


def part_of(data: Data, name: str, fallback: bool = False) -> tuple[str, Part]:
    """A part and its name; an empty test part gives way to the training part where `fallback` allows."""
    part: Part = getattr(data, name)
    if len(part):
        return name, part
    if fallback and name == "test":
        return "train", data.train
    raise ConfigError("part", f"this run has no {name} points", given=name)


def layer_of(network: Network, chosen: int | None, field: str = "layer") -> int:
    """The index of the chosen layer, by default the output's."""
    most = len(network.layers) - 1
    if chosen is None:
        return most
    return _within(field, chosen, 0, most)


def weight_of(network: Network, layer: int | None, unit: int, source: int, suffix: str = "") -> Weight:
    """The chosen weight; options carry `suffix` in their names."""
    index = layer_of(network, layer, "layer" + suffix)
    owner = network.layers[index]
    _within("unit" + suffix, unit, 0, owner.units - 1)
    _within("source" + suffix, source, -1, owner.inputs - 1)
    return Weight(index, unit, source, owner.position(unit, None if source < 0 else source))


def index_of(part: Part, index: int) -> int:
    """The index of a point of the part."""
    return _within("index", index, 0, len(part) - 1)


def _within(field: str, given: int, low: int, high: int) -> int:
    if not low <= given <= high:
        raise ConfigError(field, f"must be from {low} to {high}", given=given, limit=[low, high])
    return given


def layer_name(network: Network, index: int) -> str:
    """`hidden 1`, ..., `output`."""
    return "output" if index == len(network.layers) - 1 else f"hidden {index + 1}"


def named(data: Data, decided: np.ndarray) -> list:
    """Truths or predictions as a person reads them: numbers, class names, lists of labels; None undecided."""
    if data.task in NUMBERS:
        return [float(row) if np.ndim(row) == 0 else row.tolist() for row in decided]
    names = data.classes or []
    if data.task == "multilabel":
        return [[name for name, yes in zip(names, row, strict=True) if yes == 1] for row in decided.tolist()]
    return [None if index == UNDECIDED else names[int(index)] for index in decided.tolist()]


def output_names(data: Data) -> list[str]:
    """What each output stands for: the class said yes to, the class or label, or the target."""
    if data.task == RECONSTRUCTION:
        return list(data.features)
    if data.task == "regression":
        return ["target"] if data.outputs == 1 else [f"target {index}" for index in range(data.outputs)]
    names = data.classes or []
    return [names[1]] if data.task == "binary" else list(names)
