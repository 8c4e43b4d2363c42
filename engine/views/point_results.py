"""Results of single points: residuals, the points with the largest losses, one sample."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.summary import summary
from engine.config.errors import ConfigError
from engine.datasets import Data
from engine.datasets.dataset import Part
from engine.views.options import index_of, named, output_names

WORST = 20
BINS = 40


@dataclass(frozen=True)
class EvaluatedPoints:
    """The first points of a part with the network's `outputs` (samples, outputs), `losses` (samples,) and
    the decisions made from the outputs.
    """

    part: Part
    outputs: np.ndarray
    losses: np.ndarray
    decided: np.ndarray

    @property
    def truth(self) -> np.ndarray:
        """The truths of these points."""
        return self.part.truth[: len(self.outputs)]


def residuals(data: Data, points: EvaluatedPoints) -> list[dict[str, Any]]:
    """Per target: true minus predicted, in the data's own units."""
    count = len(points.outputs)
    columns = zip(
        output_names(data),
        points.truth.reshape(count, -1).T,
        points.decided.reshape(count, -1).T,
        strict=True,
    )
    return [_residual(label, true, predicted) for label, true, predicted in columns]


def _residual(label: str, true: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    spread = summary(true - predicted, BINS)
    return {
        "label": label,
        "predicted": predicted,
        "true": true,
        "histogram": {name: spread[name] for name in ("counts", "low", "high")},
        "mean": spread["mean"],
        "spread": spread["spread"],
    }


def worst(data: Data, points: EvaluatedPoints) -> list[dict[str, Any]]:
    """The points with the largest losses, the largest first, for images with their `pixels`. NaN counts as
    the largest loss.
    """
    badness = np.where(np.isnan(points.losses), np.inf, points.losses)
    rows = np.argsort(-badness, kind="stable")[:WORST]
    targets, predictions = named(data, points.truth[rows]), named(data, points.decided[rows])
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
    """The outputs of one point by name. Raises ConfigError if the results do not include the point."""
    if index is None:
        return None
    row, count = index_of(points.part, index), len(points.outputs)
    if row >= count:
        raise ConfigError("index", f"results are over the first {count:,} points", row, [0, count - 1])
    outputs, targets = points.outputs[row].tolist(), points.part.targets[row].tolist()
    return {
        "index": row,
        "outputs": [
            {"label": label, "value": output, "target": target}
            for label, output, target in zip(output_names(data), outputs, targets, strict=True)
        ],
        "loss": float(points.losses[row]),
        "target": named(data, points.truth[row : row + 1])[0],
        "prediction": named(data, points.decided[row : row + 1])[0],
    }
