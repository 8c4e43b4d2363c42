"""The six two-dimensional data sets of TensorFlow Playground, by the same equations.

Source of the equations: github.com/tensorflow/playground, src/dataset.ts. U(a, b) is uniform, N(m, v) normal
with variance v; coordinates have no unit and lie within about -6..6. Where the noise moves a point before its
label is read off, the point itself stays where it is: labels near the border become wrong, the picture stays
clean. Class 1 is the playground's +1 (blue), class 0 its -1 (orange). An odd number of points gives one class
one more.
"""

import numpy as np
from numpy.typing import NDArray

from engine.datasets.dataset import Array, Dataset, Generated, Options
from engine.datasets.parameters import NOISE, samples

RADIUS = 5.0  # of circle, xor and spiral
HALF_WIDTH = 6.0  # of the square the regression sets fill


def share(total: int, classes: int) -> NDArray[np.int64]:
    """How many points each class gets: as equal as possible, the first ones more."""
    return total // classes + (np.arange(classes) < total % classes)


def _shaken(points: Array, width: float, noise: float, rng: np.random.Generator) -> Array:
    """The points moved by U(-width, width) * noise: where their labels are read off."""
    return points + rng.uniform(-width, width, points.shape) * noise


def circle(options: Options, rng: np.random.Generator) -> Generated:
    """Half at r ~ U(0, 0.5 R), half at r ~ U(0.7 R, R), R = 5; class 1 where the shaken r < 0.5 R."""
    inner, outer = share(options.samples, 2)
    r = np.concatenate([rng.uniform(0, RADIUS * 0.5, inner), rng.uniform(RADIUS * 0.7, RADIUS, outer)])
    angle = rng.uniform(0, 2 * np.pi, options.samples)
    points = np.column_stack([r * np.sin(angle), r * np.cos(angle)])
    where = _shaken(points, RADIUS, options.noise, rng)
    return points, (np.hypot(where[:, 0], where[:, 1]) < RADIUS * 0.5).astype(np.int64)


def xor(options: Options, rng: np.random.Generator) -> Generated:
    """U(-5, 5) in both directions, pushed 0.3 away from the axes; class 1 where the shaken x1 * x2 >= 0."""
    points = rng.uniform(-RADIUS, RADIUS, (options.samples, 2))
    points += np.where(points > 0, 0.3, -0.3)
    where = _shaken(points, RADIUS, options.noise, rng)
    return points, (where[:, 0] * where[:, 1] >= 0).astype(np.int64)


def gauss(options: Options, rng: np.random.Generator) -> Generated:
    """N((2, 2), v) is class 1, N((-2, -2), v) class 0, with variance v = 0.5 + 7 noise (0.5..4)."""
    upper, lower = share(options.samples, 2)
    label = np.repeat([1, 0], [upper, lower])
    centre = np.where(label == 1, 2.0, -2.0)[:, None]
    spread = np.sqrt(0.5 + 7 * options.noise)
    return centre + spread * rng.standard_normal((options.samples, 2)), label


def arms(
    counts: NDArray[np.int64], turns: float, offsets: Array, noise: float, rng: np.random.Generator
) -> Array:
    """Points on spiral arms, arm after arm: (sum of counts, 2).

    The i-th of an arm's n points has r = 5 i/n, t = turns * 2π i/n + offset and lies at
    (r sin t + U(-1, 1) noise, r cos t + U(-1, 1) noise).
    """
    along = np.concatenate([np.arange(n) / n for n in counts if n])
    r, t = RADIUS * along, turns * 2 * np.pi * along + np.repeat(offsets, counts)
    return np.column_stack([r * np.sin(t), r * np.cos(t)]) + rng.uniform(-1, 1, (len(r), 2)) * noise


def spiral(options: Options, rng: np.random.Generator) -> Generated:
    """Two arms of 1.75 turns: class 1 begins at offset 0, class 0 at π (see `arms`)."""
    counts = share(options.samples, 2)
    return arms(counts, 1.75, np.array([0, np.pi]), options.noise, rng), np.repeat([1, 0], counts)


def plane(options: Options, rng: np.random.Generator) -> Generated:
    """Points U(-6, 6); target (x1 + x2) / 10 at the shaken point, not clamped: -1.2..1.2 without noise."""
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (options.samples, 2))
    return points, _shaken(points, HALF_WIDTH, options.noise, rng).sum(axis=1) / 10


HILLS = np.array([[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]])


def multi_gauss(options: Options, rng: np.random.Generator) -> Generated:
    """Points U(-6, 6); target from six hills and hollows at the shaken point.

    Each hill contributes sign * max(0, 1 - distance / 2); the strongest (largest absolute) is the target.
    """
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (options.samples, 2))
    where = _shaken(points, HALF_WIDTH, options.noise, rng)
    distance = np.hypot(where[:, :1] - HILLS[:, 0], where[:, 1:] - HILLS[:, 1])
    height = np.maximum(0.0, 1 - distance / 2)
    strongest = height.argmax(axis=1)
    return points, HILLS[strongest, 2] * height[np.arange(len(points)), strongest]


_PLANE = ("x1", "x2")
_BINARY = {"samples": samples(), "noise": NOISE}
_REGRESSION = {"samples": samples(1200), "noise": NOISE}  # the playground's own number of points

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
    ),
    "plane": Dataset("regression", _PLANE, plane, _REGRESSION),
    "multi_gauss": Dataset("regression", _PLANE, multi_gauss, _REGRESSION),
}
