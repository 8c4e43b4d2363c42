"""Measured points: losses and metrics of the current weights, and the steps at which they are measured."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.network import Network
from engine.losses import LOSSES, Matched
from engine.metrics import decide, measure, measure_each
from engine.training.compiled.forward import BLOCK_BYTES, Forward, logits, samples_within
from engine.training.compiled.plan import matched_loss

ENSEMBLE_BLOCKS = 8  # times BLOCK_BYTES for one pass of many networks
MAX_MEASURED = 2000  # of larger parts only the first points, whose order is random, are measured
PARTS = ("train", "validation", "test")
Point = dict[str, Any]


def measured_sizes(data: Data) -> dict[str, int]:
    """Returns the number of measured points of each part, by name."""
    return {name: min(MAX_MEASURED, len(getattr(data, name))) for name in PARTS}


class MeasurementSchedule:
    """Selects the steps at which a point is recorded: every k-th.

    k is the largest power of two up to step/16, but at most K, the smallest power of two that is at least
    5 · (points measured) / (batch size): measuring then takes less than about a tenth of the time. From step
    4,096 K on, k is the largest power of two up to step/4096, so that long runs have few points. k depends
    only on configuration and step, so that a rerun has the same points.
    """

    def __init__(self, points: int, batch_size: int) -> None:
        self.ceiling = 1 << max(0, -(-5 * points // batch_size) - 1).bit_length()

    def spacing(self, step: int) -> int:
        """Returns k at this step."""
        return max(min(_power(step // 16), self.ceiling), _power(step // 4096))

    def next_after(self, step: int) -> int:
        """Returns the first step after `step` at which a point is recorded."""
        spacing = self.spacing(step)
        return (step // spacing + 1) * spacing


def _power(number: int) -> int:
    """Returns the largest power of two up to `number`, at least 1."""
    return 1 << max(0, number.bit_length() - 1)


class Evaluator:
    """Measures networks of one architecture on one data set; `networks` is (K,) for K networks."""

    def __init__(
        self, network: Network, config: ExamplesConfig, data: Data, networks: tuple[int, ...] = ()
    ) -> None:
        self.network, self.config, self.data = network, config, data
        self.sizes = measured_sizes(data)
        parts = [getattr(data, name) for name in PARTS]
        sizes = list(self.sizes.values())
        inputs = [part.inputs[:n] for part, n in zip(parts, sizes, strict=True)]
        self._inputs = np.concatenate(inputs).astype(config.dtype)
        targets = [part.targets[:n].T for part, n in zip(parts, sizes, strict=True)]
        self._targets = [np.ascontiguousarray(columns, config.dtype) for columns in targets]
        self._truth = [part.truth[:n] for part, n in zip(parts, sizes, strict=True)]
        self._columns = np.vstack([self._inputs.T, np.ones(len(self._inputs), config.dtype)])
        count = len(self._inputs)
        size = BLOCK_BYTES * (ENSEMBLE_BLOCKS if networks else 1)
        fits = count * (networks[0] if networks else 1) <= samples_within(network, size)
        dtype = np.dtype(config.dtype)
        self._forward = Forward(network, count, dtype, True, networks) if fits else None
        self._matched = matched_loss(config)
        self._weights = network.weight_mask()

    def point(self, theta: np.ndarray, step: int, epoch: int, config: ExamplesConfig | None = None) -> Point:
        """Returns losses without dropout and penalty, the penalty, and metrics in the units of the data.

        The penalty is that of `config`, or of the configuration of the evaluator.
        """
        with np.errstate(all="ignore"):
            z, a = self._logits(theta)
            point = self._describe(self._losses(z, a), self._metrics(a), step, epoch)
        return point | {"penalty": self._penalty(theta, config or self.config)}

    def points(
        self, thetas: np.ndarray, step: int, epoch: int, configs: Sequence[ExamplesConfig]
    ) -> list[Point]:
        """Returns the points of K networks, (K, size), with the penalties of their configurations."""
        with np.errstate(all="ignore"):
            if self._forward is None:
                pairs = zip(thetas, configs, strict=True)
                return [self.point(theta, step, epoch, config) for theta, config in pairs]
            z, a = self._logits(thetas)
            losses = [part or [None] * len(thetas) for part in self._losses(z, a)]
            metrics = self._metrics_of_each(a)
            return [
                self._describe([part[k] for part in losses], metrics[k], step, epoch)
                | {"penalty": self._penalty(theta, config)}
                for k, (theta, config) in enumerate(zip(thetas, configs, strict=True))
            ]

    def _describe(
        self, losses: Sequence[float | None], metrics: dict[str, float], step: int, epoch: int
    ) -> Point:
        """Returns the point with a penalty of 0."""
        of_parts = {f"{name}_loss": loss for name, loss in zip(self.sizes, losses, strict=True)}
        return {"step": step, "epoch": epoch, **of_parts, "penalty": 0.0, "metrics": metrics}

    def _metrics(self, a: np.ndarray) -> dict[str, float]:
        """Returns the metrics of all parts from the outputs (outputs, points) of one network."""
        data, start = self.data, 0
        metrics: dict[str, float] = {}
        for (name, size), truth in zip(self.sizes.items(), self._truth, strict=True):
            if size:
                predicted = decide(data, a[:, start : start + size].T)
                values = measure(data.task, truth, predicted, data.classes, data.positive)
                metrics |= {f"{name}_{metric}": value for metric, value in values.items()}
            start += size
        return metrics

    def _metrics_of_each(self, a: np.ndarray) -> list[dict[str, float]]:
        """Returns `_metrics` of each of K networks, from outputs (K, outputs, points)."""
        data, start = self.data, 0
        found: list[dict[str, float]] = [{} for _ in a]
        for (name, size), truth in zip(self.sizes.items(), self._truth, strict=True):
            if size:
                rows = a[:, :, start : start + size].transpose(0, 2, 1).reshape(len(a) * size, -1)
                predicted = decide(data, rows)
                predicted = predicted.reshape(len(a), size, *predicted.shape[1:])
                measured = measure_each(data.task, truth, predicted, data.classes, data.positive)
                for metrics, values in zip(found, measured, strict=True):
                    metrics |= {f"{name}_{metric}": value for metric, value in values.items()}
            start += size
        return found

    def loss(self, theta: np.ndarray, name: str) -> float:
        """Returns the mean loss of one part: `train`, `validation` or `test`."""
        index = PARTS.index(name)
        start = sum(list(self.sizes.values())[:index])
        with np.errstate(all="ignore"):
            z, a = logits(self.network, theta, self._inputs[start : start + self.sizes[name]])
            loss = self._loss(z, a, self._targets[index])
        assert isinstance(loss, float)
        return loss

    def _logits(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns z and a of the output layer for all points, in one pass if they fit into a block."""
        if self._forward is None:
            return logits(self.network, theta, self._inputs)
        buffers, last = self._forward.run_columns(theta, self._columns), len(self.network.layers) - 1
        return buffers.preactivation(last), buffers.output(last)

    def _losses(self, z: np.ndarray, a: np.ndarray) -> list[Any]:
        """Returns the mean loss of each part (a list for K networks), or None for an empty part."""
        losses, start = [], 0
        for y in self._targets:
            columns = slice(start, start + y.shape[1])
            losses.append(self._loss(z[..., columns], a[..., columns], y))
            start = columns.stop
        return losses

    def _loss(self, z: np.ndarray, a: np.ndarray, y: np.ndarray) -> Any:
        if not y.shape[1]:
            return None
        losses = sample_losses(self.config, self._matched, z, a, y)
        return (np.add.reduce(losses, -1, np.float64) / losses.shape[-1]).tolist()

    def _penalty(self, theta: np.ndarray, config: ExamplesConfig) -> float:
        if not (config.l1 or config.l2):
            return 0.0
        weights = theta[self._weights].astype(np.float64)
        return float(config.l1 * np.abs(weights).sum() + 0.5 * config.l2 * (weights**2).sum())


def sample_losses(
    config: ExamplesConfig, matched: Matched | None, z: np.ndarray, a: np.ndarray, y: np.ndarray
) -> np.ndarray:
    """Returns the loss of each sample, (samples,), from arrays (outputs, samples).

    It is computed from the logits `z` if loss and output activation match.
    """
    if matched:
        return matched.value(z, y)
    return LOSSES[config.loss.name].value(a, y, config.loss.delta)
