"""Summary statistics of many values: mean, standard deviation, histogram, effective rank."""

from typing import Any

import numpy as np


def summary(values: np.ndarray, bins: int) -> dict[str, Any]:
    """`mean` and `spread` (standard deviation) of all values, and `counts` (bins,) of the finite ones in bins
    of equal width from `low` to `high`; the last bin includes its upper edge.
    """
    flat = values.ravel()
    with np.errstate(all="ignore"):
        mean, spread = float(flat.mean(dtype=np.float64)), float(flat.std(dtype=np.float64))
    if not np.isfinite(mean):
        flat = flat[np.isfinite(flat)]
    low, high = (float(flat.min()), float(flat.max())) if flat.size else (0.0, 0.0)
    half = 0.5 * high - 0.5 * low  # halved, because the full range may overflow
    has_width = half > np.finfo(flat.dtype).tiny
    scaled = (0.5 * flat - 0.5 * low) * (1 / half) * bins if has_width else np.zeros(flat.size)
    counts = np.bincount(np.minimum(scaled, bins - 1).astype(np.intp), minlength=bins)
    return {"mean": mean, "spread": spread, "counts": counts, "low": low, "high": high}


def effective_rank(values: np.ndarray) -> float:
    """exp(-Σ p ln p), p the singular values divided by their sum (Roy & Vetterli 2007); 0 if all are 0, NaN
    if a value is not finite.

    The singular values are computed from the eigenvalues of the smaller Gram matrix.
    """
    matrix = values.astype(np.float64)
    product = matrix @ matrix.T if len(matrix) <= matrix.shape[1] else matrix.T @ matrix
    if not np.isfinite(product).all():
        return float("nan")
    singular = np.sqrt(np.maximum(np.linalg.eigvalsh(product), 0))
    total = singular.sum()
    if not total > 0:
        return 0.0
    p = singular[singular > 0] / total
    return float(np.exp(-(p * np.log(p)).sum()))
