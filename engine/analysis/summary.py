"""Many values in a few numbers: mean, spread, histogram, rank."""

from typing import Any

import numpy as np


def summary(values: np.ndarray, bins: int) -> dict[str, Any]:
    """Mean and spread of all values, and the counts of the finite ones in equally wide bins from `low` to
    `high`, the last with its upper edge.
    """
    flat = values.ravel()
    with np.errstate(all="ignore"):
        mean, spread = float(flat.mean(dtype=np.float64)), float(flat.std(dtype=np.float64))
    if not np.isfinite(mean):
        flat = flat[np.isfinite(flat)]
    low, high = (float(flat.min()), float(flat.max())) if flat.size else (0.0, 0.0)
    half = 0.5 * high - 0.5 * low  # halves, because the range itself may be beyond the largest number
    wide = half > np.finfo(flat.dtype).tiny
    places = (0.5 * flat - 0.5 * low) * (1 / half) * bins if wide else np.zeros(flat.size)
    counts = np.bincount(np.minimum(places, bins - 1).astype(np.intp), minlength=bins)
    return {"mean": mean, "spread": spread, "counts": counts, "low": low, "high": high}


def effective_rank(values: np.ndarray) -> float:
    """exp(-Σ p ln p), p the singular values divided by their sum (Roy & Vetterli 2007); 0 where all are 0.

    From the eigenvalues of the smaller of the two products of the matrix with itself.
    """
    exact = values.astype(np.float64)
    product = exact @ exact.T if len(exact) <= exact.shape[1] else exact.T @ exact
    if not np.isfinite(product).all():
        return float("nan")
    singular = np.sqrt(np.maximum(np.linalg.eigvalsh(product), 0))
    total = singular.sum()
    if not total > 0:
        return 0.0
    p = singular[singular > 0] / total
    return float(np.exp(-(p * np.log(p)).sum()))
