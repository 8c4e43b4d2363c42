"""Reconstruction: corrupted rows, the originals, the network's outputs, and fixed filters beside them."""

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
from engine.views.options import part_of
from engine.views.view import Tab, View

MAX_MEASURED = 2000  # rows of a part that signal and noise are measured on
MAX_KEPT = 4


@dataclass(frozen=True)
class FilteredRows:
    """The filters tuned on the training part, and per part their input rows (gaps bridged by lines) and the
    lost values.
    """

    filters: tuple[Filter, ...]
    rows: dict[str, np.ndarray]
    lost: dict[str, np.ndarray]


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """`rows` of the training and of the unseen part, each `noisy`, `clean`, `reconstructed` (n, features) and
    `lost` (0/1) in the data's own units, from row `first` on; `snr` per part in dB: `before`, `after`, and
    for series of each filter in `filters`, which were tuned on the training part.

    Signal to noise: 10 log₁₀ Σ (x - x̄)² / Σ (x̂ - x)², x̄ the row's mean, over up to 2,000 rows. For
    `before` lost values are at the feature's mean, as in the network's inputs; the filters get rows whose
    gaps are bridged by straight lines.
    """
    filtered = cache.get("filters", data.digest, lambda: _filtered_rows(checkpoint, data), MAX_KEPT)
    unseen, _ = part_of(data, "test", fallback=True)
    rows, snr = {}, {}
    for name in dict.fromkeys(("train", unseen)):
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
    """The shown rows of a part, and its signal to noise."""
    part, count = getattr(data, name), min(MAX_MEASURED, len(getattr(data, name)))
    noisy, clean = part.inputs[:count] * data.feature_scale + data.feature_mean, part.truth[:count]
    reconstructed = _reconstructed(checkpoint, data, part.inputs[:count])
    snr = {"before": signal_to_noise(clean, noisy), "after": signal_to_noise(clean, reconstructed)}
    for f in filtered.filters:
        snr[f.name] = signal_to_noise(clean, f.apply(filtered.rows[name][:count]))
    first = min(options["first"], max(0, count - options["count"]))
    shown = slice(first, first + options["count"])
    rows = {
        "first": first,
        "noisy": noisy[shown].astype(np.float32),
        "clean": clean[shown].astype(np.float32),
        "reconstructed": reconstructed[shown].astype(np.float32),
        "lost": filtered.lost[name][shown].astype(np.uint8),
        "filtered": [f.apply(filtered.rows[name][shown]).astype(np.float32) for f in filtered.filters],
        "kinds": _classes(data, part.labels, shown),
        "total": len(part),
    }
    return rows, snr


def _reconstructed(checkpoint: Checkpoint, data: Data, inputs: np.ndarray) -> np.ndarray:
    """The network's outputs (rows, features) in the data's own units."""
    values = outputs(checkpoint.network, checkpoint.theta, inputs.astype(checkpoint.config.dtype))
    return np.asarray(values.T.astype(float) * data.target_scale + data.target_mean)


def _classes(data: Data, kinds: np.ndarray | None, shown: slice) -> list[str] | None:
    return None if kinds is None or not data.classes else [data.classes[kind] for kind in kinds[shown]]


def _filtered_rows(checkpoint: Checkpoint, data: Data) -> FilteredRows:
    """They depend on the data only."""
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
