"""Facts: the statistics of a training that the diagnoses check."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.losses import LOSSES

MIN_DELTA = 1e-12  # a smaller delta of the output layer counts as 0
MIN_POINTS = 12  # recorded points that a rule about the trajectory needs


@dataclass(frozen=True)
class LayerFacts:
    """Statistics of one layer over the training points."""

    activation: str
    units: int
    dead: float  # fraction of the enabled units with no output above 0 for any point
    saturated: float  # fraction of values with |f'| < 0.05
    nonfinite: float  # fraction of values whose z or f(z) is not finite
    delta: float  # root mean square of dE/dz over units and points
    largest_weight: float = 1.0  # the largest absolute weight
    equal_units: bool = False  # whether all enabled units have the same weights


class Trajectory:
    """The recorded points of a training as arrays, (points,) each.

    `heldout` are the validation losses if there are any, otherwise the test losses.
    """

    def __init__(self, points: Sequence[dict[str, Any]]) -> None:
        self.steps = np.array([point["step"] for point in points], float)
        self.train = self._column(points, "train_loss")
        validation = self._column(points, "validation_loss")
        self.heldout_part = "validation" if np.isfinite(validation).any() else "test"
        self.heldout = self._column(points, f"{self.heldout_part}_loss")

    @staticmethod
    def _column(points: Sequence[dict[str, Any]], name: str) -> np.ndarray:
        values = [np.nan if point.get(name) is None else point[name] for point in points]
        return np.array(values, float)

    def covers(self, steps: int) -> bool:
        """Whether there are at least MIN_POINTS points, all training losses are finite, and the last point is
        at step `steps` or later.
        """
        enough = len(self.steps) >= MIN_POINTS and self.steps[-1] >= steps
        return enough and bool(np.isfinite(self.train).all()) and self.train[0] > 0

    @property
    def second_half(self) -> slice:
        """The points of the second half of the steps, at least the last MIN_POINTS."""
        start = int(np.searchsorted(self.steps, self.steps[-1] / 2))
        return slice(min(start, len(self.steps) - MIN_POINTS), None)


@dataclass(frozen=True)
class Facts:
    """The input of the rules; `trajectory` is None if the recorded points are not available."""

    config: ExamplesConfig
    data: Data
    layers: tuple[LayerFacts, ...]  # the output layer last
    loss: float
    trajectory: Trajectory | None
    accuracy: float | None = None  # of the training points; None without classes
    penalty_ratio: float = 0.0  # norm of the gradient of the penalties / that of the loss

    @cached_property
    def baseline(self) -> float:
        """The training loss of predicting the mean of the targets for every point."""
        targets = self.data.train.targets.T
        means = np.repeat(targets.mean(axis=1, keepdims=True), targets.shape[1], axis=1)
        return float(LOSSES[self.config.loss.name].value(means, targets, self.config.loss.delta).mean())

    @property
    def hidden(self) -> tuple[LayerFacts, ...]:
        """The hidden layers."""
        return self.layers[:-1]

    @property
    def delta_ratios(self) -> list[float]:
        """`delta` of each hidden layer divided by that of the output layer; empty if that one is 0."""
        output = self.layers[-1].delta
        return [layer.delta / output for layer in self.hidden] if output > MIN_DELTA else []
