"""More two-dimensional data sets: moons, separable clouds, blobs, spirals of several arms, overlapping discs.

Coordinates have no unit and lie within about -6..6, like those of the playground's sets.
"""

import numpy as np

from engine.datasets.dataset import Dataset, Generated, Options
from engine.datasets.generators.playground import HALF_WIDTH, arms, share
from engine.datasets.parameters import CLASSES, NOISE, samples

MOON_SCALE = 3.5


def moons(options: Options, rng: np.random.Generator) -> Generated:
    """Two interleaving half circles.

    Upper moon (cos t, sin t), lower moon (1 - cos t, 0.5 - sin t), t evenly from 0 to π, each plus
    N(0, noise²): scikit-learn's `make_moons`. Then centred and stretched 3.5 times, to ±5.25 by ±2.625.
    """
    counts = share(options.samples, 2)
    label = np.repeat([0, 1], counts)
    t = np.concatenate([np.linspace(0, np.pi, n) for n in counts])
    x = np.where(label == 0, np.cos(t), 1 - np.cos(t)) - 0.5
    y = np.where(label == 0, np.sin(t), 0.5 - np.sin(t)) - 0.25
    return MOON_SCALE * (np.column_stack([x, y]) + options.noise * rng.standard_normal((len(t), 2))), label


SEPARABLE_ANGLE = np.radians(35)
SEPARABLE_SHIFT = 1.0  # how far the line lies from the origin: it needs a bias
SEPARABLE_GAP = (0.08, 1.0)  # half the width of the empty street at noise 0.5 and at noise 0


def separable(options: Options, rng: np.random.Generator) -> Generated:
    """Two clouds that a straight line separates, whatever the noise: it only narrows the street between them.

    Along the line N(0, 1.5²), across it 1 ± (g + |N(0, 1.2²)|) with the sign of the class and the half width
    g = 1 - 1.84 noise of the street, 1 to 0.08; the whole turned by 35°.
    """
    sign = np.repeat([1, -1], share(options.samples, 2))
    along, away = 1.5 * rng.standard_normal(len(sign)), np.abs(1.2 * rng.standard_normal(len(sign)))
    narrow, wide = SEPARABLE_GAP
    across = SEPARABLE_SHIFT + sign * (wide + (narrow - wide) * options.noise / 0.5 + away)
    normal = np.array([np.cos(SEPARABLE_ANGLE), np.sin(SEPARABLE_ANGLE)])
    tangent = np.array([-normal[1], normal[0]])
    return across[:, None] * normal + along[:, None] * tangent, (sign + 1) // 2


def blobs(options: Options, rng: np.random.Generator) -> Generated:
    """k round clouds, their centres evenly on a circle of radius 4, standard deviation 0.4 + 2 noise."""
    label = np.repeat(np.arange(options.classes), share(options.samples, options.classes))
    angle = 2 * np.pi * label / options.classes
    centre = 4 * np.column_stack([np.sin(angle), np.cos(angle)])
    return centre + (0.4 + 2 * options.noise) * rng.standard_normal(centre.shape), label


def spiral_arms(options: Options, rng: np.random.Generator) -> Generated:
    """k arms of 3.5 / k turns, evenly around the centre.

    The arms' radial distance thus stays that of the playground's spiral, which is the case k = 2.
    """
    counts = share(options.samples, options.classes)
    offsets = 2 * np.pi * np.arange(options.classes) / options.classes
    return arms(counts, 3.5 / options.classes, offsets, options.noise, rng), np.repeat(
        np.arange(len(counts)), counts
    )


DISC_RADIUS = 3.5
DISC_CENTRES = 2 * np.array([[0, 1], [-np.sqrt(3) / 2, -0.5], [np.sqrt(3) / 2, -0.5]])


def discs(options: Options, rng: np.random.Generator) -> Generated:
    """Points U(-6, 6); three labels, each 1 inside its disc of radius 3.5, else 0.

    The discs' centres lie on a circle of radius 2, so any number of labels from none to all three occurs.
    As in the playground's sets, labels are read off at the point moved by U(-6, 6) noise.
    """
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (options.samples, 2))
    where = points + rng.uniform(-HALF_WIDTH, HALF_WIDTH, points.shape) * options.noise
    away = where[:, None, :] - DISC_CENTRES
    return points, (np.hypot(away[..., 0], away[..., 1]) < DISC_RADIUS).astype(np.int64)


_PLANE = ("x1", "x2")
_TWO = {"samples": samples(), "noise": NOISE}
_SEVERAL = {**_TWO, "classes": CLASSES}

PLANAR: dict[str, Dataset] = {
    "moons": Dataset(
        "binary",
        _PLANE,
        moons,
        _TWO,
        ("upper", "lower"),
    ),
    "separable": Dataset(
        "binary",
        _PLANE,
        separable,
        _TWO,
        ("below", "above"),
    ),
    "blobs": Dataset("multiclass", _PLANE, blobs, _SEVERAL),
    "spiral_arms": Dataset("multiclass", _PLANE, spiral_arms, _SEVERAL),
    "discs": Dataset(
        "multilabel",
        _PLANE,
        discs,
        _TWO,
        ("top", "left", "right"),
    ),
}
