"""The six two-dimensional data sets of TensorFlow Playground.

Equations: github.com/tensorflow/playground, src/dataset.ts. U(a, b) is uniform, N(m, v) normal with variance
v; coordinates have no unit and are between about -6 and 6. The noisy position of a point determines only its
label or target; the stored point has no noise, so that labels near the border are wrong. Class 1 is the
playground's +1 (blue), class 0 its -1 (orange).
"""

import numpy as np
from numpy.typing import NDArray

from engine.datasets.dataset import Array, Dataset, Generated, Options
from engine.datasets.parameters import NOISE, samples

RADIUS = 5.0  # of circle, xor and spiral
HALF_WIDTH = 6.0  # of the square of the regression data sets


def class_sizes(total: int, classes: int) -> NDArray[np.int64]:
    """Returns the number of points of each class; the first classes get the remainder."""
    return total // classes + (np.arange(classes) < total % classes)


def _noisy(points: Array, width: float, noise: float, rng: np.random.Generator) -> Array:
    """Returns points + noise * U(-width, width): the positions that determine the labels."""
    return points + rng.uniform(-width, width, points.shape) * noise


def circle(options: Options, rng: np.random.Generator) -> Generated:
    """Radius r ~ U(0, 0.5 R) or r ~ U(0.7 R, R), R = 5, half each; class 1 where the noisy r < 0.5 R."""
    inner, outer = class_sizes(options.samples, 2)
    r = np.concatenate([rng.uniform(0, RADIUS * 0.5, inner), rng.uniform(RADIUS * 0.7, RADIUS, outer)])
    angle = rng.uniform(0, 2 * np.pi, options.samples)
    points = np.column_stack([r * np.sin(angle), r * np.cos(angle)])
    noisy = _noisy(points, RADIUS, options.noise, rng)
    return points, (np.hypot(noisy[:, 0], noisy[:, 1]) < RADIUS * 0.5).astype(np.int64)


def xor(options: Options, rng: np.random.Generator) -> Generated:
    """U(-5, 5) in both directions, moved 0.3 away from the axes; class 1 where the noisy x1 * x2 >= 0."""
    points = rng.uniform(-RADIUS, RADIUS, (options.samples, 2))
    points += np.where(points > 0, 0.3, -0.3)
    noisy = _noisy(points, RADIUS, options.noise, rng)
    return points, (noisy[:, 0] * noisy[:, 1] >= 0).astype(np.int64)


def gauss(options: Options, rng: np.random.Generator) -> Generated:
    """N((2, 2), v) is class 1, N((-2, -2), v) class 0, with variance v = 0.5 + 7 noise (0.5..4)."""
    upper, lower = class_sizes(options.samples, 2)
    label = np.repeat([1, 0], [upper, lower])
    centre = np.where(label == 1, 2.0, -2.0)[:, None]
    spread = np.sqrt(0.5 + 7 * options.noise)
    return centre + spread * rng.standard_normal((options.samples, 2)), label


def arms(
    counts: NDArray[np.int64], turns: float, offsets: Array, noise: float, rng: np.random.Generator
) -> Array:
    """Returns the points of one spiral arm after the other, (sum of counts, 2).

    Point i of an arm of n points: r = 5 i/n, t = turns * 2π i/n + offset,
    (r sin t + U(-1, 1) noise, r cos t + U(-1, 1) noise).
    """
    along = np.concatenate([np.arange(n) / n for n in counts if n])
    r, t = RADIUS * along, turns * 2 * np.pi * along + np.repeat(offsets, counts)
    return np.column_stack([r * np.sin(t), r * np.cos(t)]) + rng.uniform(-1, 1, (len(r), 2)) * noise


def spiral(options: Options, rng: np.random.Generator) -> Generated:
    """Two arms of 1.75 turns: class 1 with offset 0, class 0 with π (see `arms`)."""
    counts = class_sizes(options.samples, 2)
    return arms(counts, 1.75, np.array([0, np.pi]), options.noise, rng), np.repeat([1, 0], counts)


def plane(options: Options, rng: np.random.Generator) -> Generated:
    """Points U(-6, 6); target (x1 + x2) / 10 at the noisy point, not clipped (-1.2..1.2 without noise)."""
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (options.samples, 2))
    return points, _noisy(points, HALF_WIDTH, options.noise, rng).sum(axis=1) / 10


PEAKS = np.array([[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]])


def multi_gauss(options: Options, rng: np.random.Generator) -> Generated:
    """Points U(-6, 6); the target is the value of the nearest of six peaks at the noisy point.

    Each peak has the value sign * max(0, 1 - distance / 2); the one of largest absolute value is the target.
    """
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (options.samples, 2))
    noisy = _noisy(points, HALF_WIDTH, options.noise, rng)
    distance = np.hypot(noisy[:, :1] - PEAKS[:, 0], noisy[:, 1:] - PEAKS[:, 1])
    height = np.maximum(0.0, 1 - distance / 2)
    strongest = height.argmax(axis=1)
    return points, PEAKS[strongest, 2] * height[np.arange(len(points)), strongest]


_PLANE = ("x1", "x2")
_BINARY = {"samples": samples(), "noise": NOISE}
_REGRESSION = {"samples": samples(1200), "noise": NOISE}  # the playground's number of points

PLAYGROUND: dict[str, Dataset] = {
    "circle": Dataset(
        "binary",
        _PLANE,
        circle,
        _BINARY,
        ("outside", "inside"),
    ),
    "xor": Dataset(
        "binary",
        _PLANE,
        xor,
        _BINARY,
        ("different signs", "same sign"),
    ),
    "gauss": Dataset(
        "binary",
        _PLANE,
        gauss,
        _BINARY,
        ("lower left", "upper right"),
    ),
    "spiral": Dataset(
        "binary",
        _PLANE,
        spiral,
        _BINARY,
        ("second arm", "first arm"),
        display_order=(1, 0),
    ),
    "plane": Dataset("regression", _PLANE, plane, _REGRESSION),
    "multi_gauss": Dataset("regression", _PLANE, multi_gauss, _REGRESSION),
}
