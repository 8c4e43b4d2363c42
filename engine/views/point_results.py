"""Results of single points: residuals, the points with the largest losses, and one selected point."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.summary import summary
from engine.config.errors import ConfigError
from engine.datasets import Data
from engine.datasets.dataset import Part
from engine.views.options import display_values, output_names, point_index

MAX_WORST = 20
BINS = 40


@dataclass(frozen=True)
class EvaluatedPoints:
    """The first points of a part with the network's `outputs` (samples, outputs), `losses` (samples,) and
    the `decisions` (classes, labels or numbers) made from the outputs.
    """

    part: Part
    outputs: np.ndarray
    losses: np.ndarray
    decisions: np.ndarray

    @property
    def truth(self) -> np.ndarray:
        """The targets of these points, in the form of `decisions`."""
        return self.part.truth[: len(self.outputs)]


def residuals(data: Data, points: EvaluatedPoints) -> list[dict[str, Any]]:
    """Per target: true minus predicted, in the units of the data."""
    count = len(points.outputs)
    columns = zip(
        output_names(data),
        points.truth.reshape(count, -1).T,
        points.decisions.reshape(count, -1).T,
        strict=True,
    )
    return [_residual(label, truth, predicted) for label, truth, predicted in columns]


def _residual(label: str, truth: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    statistics = summary(truth - predicted, BINS)
    return {
        "label": label,
        "predicted": predicted,
        "true": truth,
        "histogram": {name: statistics[name] for name in ("counts", "low", "high")},
        "mean": statistics["mean"],
        "spread": statistics["spread"],
    }


def worst(data: Data, points: EvaluatedPoints) -> list[dict[str, Any]]:
    """The points with the largest losses in descending order, for images with their `pixels`.

    NaN counts as the largest loss.
    """
    losses = np.where(np.isnan(points.losses), np.inf, points.losses)
    rows = np.argsort(-losses, kind="stable")[:MAX_WORST]
    targets, predictions = (
        display_values(data, points.truth[rows]),
        display_values(data, points.decisions[rows]),
    )
    return [
        {
            "index": row,
            "loss": float(points.losses[row]),
            "outputs": points.outputs[row],
            "target": target,
            "prediction": prediction,
            **({"pixels": points.part.raw[row].astype(np.uint8)} if data.image else {}),
        }
        for row, target, prediction in zip(rows.tolist(), targets, predictions, strict=True)
    ]


def sample(data: Data, points: EvaluatedPoints, index: int | None) -> dict[str, Any] | None:
    """One point with its outputs by name. Raises ConfigError if it is not among the evaluated points."""
    if index is None:
        return None
    row, count = point_index(points.part, index), len(points.outputs)
    if row >= count:
        raise ConfigError("index", f"only the first {count:,} points are evaluated", row, [0, count - 1])
    outputs, targets = points.outputs[row].tolist(), points.part.targets[row].tolist()
    return {
        "index": row,
        "outputs": [
            {"label": label, "value": output, "target": target}
            for label, output, target in zip(output_names(data), outputs, targets, strict=True)
        ],
        "loss": float(points.losses[row]),
        "target": display_values(data, points.truth[row : row + 1])[0],
        "prediction": display_values(data, points.decisions[row : row + 1])[0],
    }
