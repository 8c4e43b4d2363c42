"""Summary of repeated measurements: median, quartiles and range."""

from collections.abc import Sequence

import numpy as np


def summary(values: Sequence[float]) -> dict[str, float]:
    """Returns median, quartiles, range and number of the values, with four significant digits."""
    low, first, middle, third, high = np.percentile(np.asarray(values, float), (0, 25, 50, 75, 100))
    statistics = {"median": middle, "minimum": low, "first_quartile": first, "third_quartile": third}
    statistics["maximum"] = high
    return {name: short(value) for name, value in statistics.items()} | {"count": len(values)}


def short(value: float) -> float:
    """Returns the number with four significant digits."""
    return float(f"{value:.4g}")


def quartiles(summary: dict[str, float]) -> str:
    """Returns median and quartiles as text."""
    return f"{summary['median']:g} ({summary['first_quartile']:g} to {summary['third_quartile']:g})"
