"""Reconstruction: corrupted rows, the originals, the network's outputs, and the outputs of filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.filters import Filter, interpolate_gaps, signal_to_noise, tuned_filters
from engine.config.parameter import Parameter
from engine.config.task_names import RECONSTRUCTION
from engine.datasets import Data
from engine.tasks.autoencoder import PARTS
from engine.tasks.corruption import EVALUATION, corrupt, generator
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.cache import ViewCache
from engine.views.options import select_part
from engine.views.view import Tab, View

MAX_MEASURED = 2000  # rows of a part from which the signal-to-noise ratio is computed
MAX_CACHED = 4  # data sets


@dataclass(frozen=True)
class FilteredRows:
    """The filters tuned on the training part, and per part their input rows, with gaps interpolated, and the
    mask of lost values.
    """

    filters: tuple[Filter, ...]
    rows: dict[str, np.ndarray]
    lost: dict[str, np.ndarray]


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """`rows` of the training part and the test part, from row `first`: `noisy`, `clean`, `reconstructed`
    (n, features) and the mask `lost`, in the units of the data. `snr` in dB per part: `before`, `after`, and
    for series of each of the `filters`, which are tuned on the training part.

    The signal-to-noise ratio is 10 log₁₀ Σ (x - x̄)² / Σ (x̂ - x)², x̄ the mean of the row, over up to 2,000
    rows. For `before` lost values are replaced by the feature's mean, as in the network's inputs; for the
    filters they are interpolated linearly.
    """
    filtered = cache.get("filters", data.digest, lambda: _filtered_rows(checkpoint, data), MAX_CACHED)
    test, _ = select_part(data, "test", fallback=True)
    rows, snr = {}, {}
    for name in dict.fromkeys(("train", test)):
        rows[name], snr[name] = _part(checkpoint, data, name, filtered, options)
    return {
        "series": data.series,
        "image": [data.image.rows, data.image.columns] if data.image else None,
        "features": data.features,
        "rows": rows,
        "snr": snr,
        "filters": [{"name": f.name, "window": f.window, "degree": f.degree} for f in filtered.filters],
    }


def _part(
    checkpoint: Checkpoint, data: Data, name: str, filtered: FilteredRows, options: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, float]]:
    """The selected rows of a part, and its signal-to-noise ratios."""
    part, count = getattr(data, name), min(MAX_MEASURED, len(getattr(data, name)))
    noisy, clean = part.inputs[:count] * data.feature_scale + data.feature_mean, part.truth[:count]
    reconstructed = _reconstructed(checkpoint, data, part.inputs[:count])
    snr = {"before": signal_to_noise(clean, noisy), "after": signal_to_noise(clean, reconstructed)}
    for f in filtered.filters:
        snr[f.name] = signal_to_noise(clean, f.apply(filtered.rows[name][:count]))
    first = min(options["first"], max(0, count - options["count"]))
    selected = slice(first, first + options["count"])
    rows = {
        "first": first,
        "noisy": noisy[selected].astype(np.float32),
        "clean": clean[selected].astype(np.float32),
        "reconstructed": reconstructed[selected].astype(np.float32),
        "lost": filtered.lost[name][selected].astype(np.uint8),
        "filtered": [f.apply(filtered.rows[name][selected]).astype(np.float32) for f in filtered.filters],
        "kinds": _classes(data, part.labels, selected),
        "total": len(part),
    }
    return rows, snr


def _reconstructed(checkpoint: Checkpoint, data: Data, inputs: np.ndarray) -> np.ndarray:
    """The network's outputs (rows, features) in the units of the data."""
    values = outputs(checkpoint.network, checkpoint.theta, inputs.astype(checkpoint.config.dtype))
    return np.asarray(values.T.astype(float) * data.target_scale + data.target_mean)


def _classes(data: Data, labels: np.ndarray | None, selected: slice) -> list[str] | None:
    return None if labels is None or not data.classes else [data.classes[label] for label in labels[selected]]


def _filtered_rows(checkpoint: Checkpoint, data: Data) -> FilteredRows:
    """The filters and their inputs, which depend only on the data and its corruption."""
    config, rows, lost = checkpoint.config, {}, {}
    for number, name in enumerate(PARTS):
        clean = getattr(data, name).targets
        corrupted, missing = corrupt(clean, config.corruption, generator(config, EVALUATION, number))
        inputs = corrupted[:MAX_MEASURED] * data.feature_scale + data.feature_mean
        lost[name] = missing[:MAX_MEASURED]
        rows[name] = interpolate_gaps(inputs, lost[name]) if data.series else inputs
    filters = tuned_filters(rows["train"], data.train.truth[:MAX_MEASURED]) if data.series else ()
    return FilteredRows(filters, rows, lost)


RECONSTRUCTION_VIEW = View(
    compute,
    {
        "first": Parameter(0, 0, 199_999, integer=True),
        "count": Parameter(3, 1, 12, integer=True),
    },
    applies_to=(RECONSTRUCTION,),
    fps=10.0,
    uses_cache=True,
    tab=Tab("output", 20),
)
