"""Reconstruction: disturbed rows, what they were, what the network makes of them, and fixed filters too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.filters import Filter, bridged, signal_to_noise, tuned
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

MEASURED = 2000  # rows of a part that signal and noise are measured on
KEPT = 4


@dataclass(frozen=True)
class Rivals:
    """The filters tuned on the training part, and per part the rows they are given: gaps bridged by lines."""

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
    `before` the rows are as the network sees them, lost values at the feature's mean; the filters are given
    rows whose gaps are bridged by straight lines.
    """
    rivals = cache.get("filters", data.digest, lambda: _rivals(checkpoint, data), KEPT)
    unseen, _ = part_of(data, "test", fallback=True)
    rows, snr = {}, {}
    for name in dict.fromkeys(("train", unseen)):
        part, count = getattr(data, name), min(MEASURED, len(getattr(data, name)))
        inputs = part.inputs[:count].astype(checkpoint.config.dtype)
        found = outputs(checkpoint.network, checkpoint.theta, inputs)
        found = found.T.astype(float) * data.target_scale + data.target_mean
        noisy, clean = part.inputs[:count] * data.feature_scale + data.feature_mean, part.truth[:count]
        snr[name] = {"before": signal_to_noise(clean, noisy), "after": signal_to_noise(clean, found)}
        for rival in rivals.filters:
            snr[name][rival.name] = signal_to_noise(clean, rival.apply(rivals.rows[name][:count]))
        first = min(options["first"], max(0, count - options["count"]))
        some = slice(first, first + options["count"])
        rows[name] = {
            "first": first,
            "noisy": noisy[some].astype(np.float32),
            "clean": clean[some].astype(np.float32),
            "reconstructed": found[some].astype(np.float32),
            "lost": rivals.lost[name][some].astype(np.uint8),
            "filtered": [rival.apply(rivals.rows[name][some]).astype(np.float32) for rival in rivals.filters],
            "kinds": _kinds(data, part.kinds, some),
            "total": len(part),
        }
    return {
        "series": data.series,
        "image": [data.image.rows, data.image.columns] if data.image else None,
        "features": data.features,
        "rows": rows,
        "snr": snr,
        "filters": [{"name": f.name, "window": f.window, "degree": f.degree} for f in rivals.filters],
    }


def _kinds(data: Data, kinds: np.ndarray | None, some: slice) -> list[str] | None:
    return None if kinds is None or not data.classes else [data.classes[kind] for kind in kinds[some]]


def _rivals(checkpoint: Checkpoint, data: Data) -> Rivals:
    """The filters and their rows; they depend on the data only."""
    config, rows, lost = checkpoint.config, {}, {}
    for number, name in enumerate(PARTS):
        clean = getattr(data, name).targets
        disturbed, gone = corrupt(clean, config.corruption, generator(config, EVALUATION, number))
        own = disturbed[:MEASURED] * data.feature_scale + data.feature_mean
        lost[name] = gone[:MEASURED]
        rows[name] = bridged(own, lost[name]) if data.series else own
    filters = tuned(rows["train"], data.train.truth[:MEASURED]) if data.series else ()
    return Rivals(filters, rows, lost)


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
