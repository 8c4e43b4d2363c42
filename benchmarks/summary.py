"""What is reported of a handful of measurements: the median and how far they spread."""

from collections.abc import Sequence

import numpy as np


def summary(values: Sequence[float]) -> dict[str, float]:
    """Median, least, quartiles and number of the values, to four significant digits."""
    low, first, middle, third, high = np.percentile(np.asarray(values, float), (0, 25, 50, 75, 100))
    named = {"median": middle, "minimum": low, "first_quartile": first, "third_quartile": third}
    named["maximum"] = high
    return {name: short(value) for name, value in named.items()} | {"count": len(values)}


def short(value: float) -> float:
    """A number with four significant digits."""
    return float(f"{value:.4g}")
