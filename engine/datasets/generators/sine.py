"""Sine wave: a regression with one input and one output."""

import numpy as np

from engine.datasets.dataset import Dataset, Generated, Options
from engine.datasets.parameters import NOISE, samples


def sine(options: Options, rng: np.random.Generator) -> Generated:
    """x ~ U(-6, 6) (radians), y = sin x + N(0, noise²)."""
    x = rng.uniform(-6, 6, options.samples)
    return x[:, None], np.sin(x) + options.noise * rng.standard_normal(options.samples)


SINE: dict[str, Dataset] = {
    "sine": Dataset(
        "regression",
        ("x",),
        sine,
        {"samples": samples(), "noise": NOISE},
    ),
}
