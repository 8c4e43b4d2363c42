"""What a diagnosis is made from, and what it says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.config.task_names import FROM_EXAMPLES
from engine.datasets import Data
from engine.losses import LOSSES

LEAST_POINTS = 12  # of the way so far, before anything is said of it


@dataclass(frozen=True)
class LayerFacts:
    """One layer over the training points: how its values and gradients stand."""

    activation: str
    units: int
    dead: float  # share of units (that are not switched off) with no output above 0 on any point
    saturated: float  # share of values with |f'| < 0.05
    nonfinite: float  # share of values whose z or f(z) is no finite number
    delta: float  # root mean square of dE/dz over units and points


class Way:
    """The recorded points of a training so far, as arrays."""

    def __init__(self, points: Sequence[dict[str, Any]]) -> None:
        self.steps = np.array([point["step"] for point in points], float)
        self.train = self._column(points, "train_loss")
        held = self._column(points, "validation_loss")
        self.held_name = "validation" if np.isfinite(held).any() else "test"
        self.held = held if np.isfinite(held).any() else self._column(points, "test_loss")

    @staticmethod
    def _column(points: Sequence[dict[str, Any]], name: str) -> np.ndarray:
        values = [np.nan if point.get(name) is None else point[name] for point in points]
        return np.array(values, float)

    def covers(self, steps: int) -> bool:
        """Whether it has enough points, all finite, and at least so many steps."""
        enough = len(self.steps) >= LEAST_POINTS and self.steps[-1] >= steps
        return enough and bool(np.isfinite(self.train).all()) and self.train[0] > 0

    @property
    def later(self) -> slice:
        """The points of the second half of the steps, at least the last LEAST_POINTS."""
        begin = int(np.searchsorted(self.steps, self.steps[-1] / 2))
        return slice(min(begin, len(self.steps) - LEAST_POINTS), None)


@dataclass(frozen=True)
class Facts:
    """All that the rules look at; `way` None where the recorded points are not at hand."""

    config: ExamplesConfig
    data: Data
    layers: tuple[LayerFacts, ...]  # the output layer last
    loss: float
    way: Way | None

    @cached_property
    def baseline(self) -> float:
        """The training loss of always answering the targets' mean: what learning nothing costs."""
        targets = self.data.train.targets.T
        means = np.repeat(targets.mean(axis=1, keepdims=True), targets.shape[1], axis=1)
        return float(LOSSES[self.config.loss.name].value(means, targets, self.config.loss.delta).mean())

    @property
    def hidden(self) -> tuple[LayerFacts, ...]:
        """Without the output layer."""
        return self.layers[:-1]


@dataclass(frozen=True)
class Found:
    """An illness: in which layer (None: of the whole), its number, and an experiment that may help."""

    number: float
    text: str
    changes: dict[str, Any]
    layer: int | None = None


@dataclass(frozen=True)
class Diagnosis:
    """One rule: `rule` says what must hold, with its bounds; `judge` gives what was found, or nothing."""

    rule: str
    judge: Callable[[Facts], Iterable[Found]]
    needs_path: bool = False
    bounds: Mapping[str, float] = field(default_factory=dict)  # the numbers in the rule
    applies_to: tuple[str, ...] = FROM_EXAMPLES


def each_layer(config: ExamplesConfig, changes: dict[str, Any], only: int | None = None) -> dict[str, Any]:
    """A partial configuration that changes all hidden layers, or `only` one."""
    count = len(config.layers)
    return {"layers": [changes if only in (None, index) else {} for index in range(count)]}


def activation(name: str) -> dict[str, Any]:
    """A layer's change of activation, with its default parameter."""
    return {"activation": name, "alpha": None}


START_ANEW = {"initializer": {"name": "auto", "scale": None}}
