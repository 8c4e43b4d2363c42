"""Two-dimensional data sets: moons, separable clouds, blobs, spirals with several arms, overlapping discs.

Coordinates have no unit and are between about -6 and 6, as in the data sets of the playground.
"""

import numpy as np

from engine.datasets.dataset import Dataset, Generated, Options
from engine.datasets.generators.playground import HALF_WIDTH, arms, class_sizes
from engine.datasets.parameters import CLASSES, NOISE, samples

MOON_SCALE = 3.5


def moons(options: Options, rng: np.random.Generator) -> Generated:
    """Two interleaving half circles.

    Upper moon (cos t, sin t), lower moon (1 - cos t, 0.5 - sin t), t evenly from 0 to π, each plus
    N(0, noise²), as scikit-learn's `make_moons`. Then centred and scaled by 3.5, to ±5.25 by ±2.625.
    """
    counts = class_sizes(options.samples, 2)
    label = np.repeat([0, 1], counts)
    t = np.concatenate([np.linspace(0, np.pi, n) for n in counts])
    x = np.where(label == 0, np.cos(t), 1 - np.cos(t)) - 0.5
    y = np.where(label == 0, np.sin(t), 0.5 - np.sin(t)) - 0.25
    return MOON_SCALE * (np.column_stack([x, y]) + options.noise * rng.standard_normal((len(t), 2))), label


SEPARABLE_ANGLE = np.radians(35)
SEPARABLE_SHIFT = 1.0  # distance of the separating line from the origin, so that a bias is needed
SEPARABLE_MARGIN = (0.08, 1.0)  # half the width of the margin at noise 0.5 and at noise 0


def separable(options: Options, rng: np.random.Generator) -> Generated:
    """Two clouds that are linearly separable at every noise; noise only narrows the margin between them.

    Along the line N(0, 1.5²), across it 1 ± (g + |N(0, 1.2²)|) with the sign of the class and half the width
    of the margin g = 1 - 1.84 noise (1 to 0.08); the result is rotated by 35°.
    """
    sign = np.repeat([1, -1], class_sizes(options.samples, 2))
    along, distance = 1.5 * rng.standard_normal(len(sign)), np.abs(1.2 * rng.standard_normal(len(sign)))
    min_margin, max_margin = SEPARABLE_MARGIN
    across = SEPARABLE_SHIFT + sign * (
        max_margin + (min_margin - max_margin) * options.noise / 0.5 + distance
    )
    normal = np.array([np.cos(SEPARABLE_ANGLE), np.sin(SEPARABLE_ANGLE)])
    tangent = np.array([-normal[1], normal[0]])
    return across[:, None] * normal + along[:, None] * tangent, (sign + 1) // 2


def blobs(options: Options, rng: np.random.Generator) -> Generated:
    """k round clouds with centres evenly on a circle of radius 4 and standard deviation 0.4 + 2 noise."""
    label = np.repeat(np.arange(options.classes), class_sizes(options.samples, options.classes))
    angle = 2 * np.pi * label / options.classes
    centre = 4 * np.column_stack([np.sin(angle), np.cos(angle)])
    return centre + (0.4 + 2 * options.noise) * rng.standard_normal(centre.shape), label


def spiral_arms(options: Options, rng: np.random.Generator) -> Generated:
    """k arms of 3.5 / k turns at equal angles; for k = 2 the playground's spiral.

    The radial distance between the arms is the same for all k.
    """
    counts = class_sizes(options.samples, options.classes)
    offsets = 2 * np.pi * np.arange(options.classes) / options.classes
    return arms(counts, 3.5 / options.classes, offsets, options.noise, rng), np.repeat(
        np.arange(len(counts)), counts
    )


DISC_RADIUS = 3.5
DISC_CENTRES = 2 * np.array([[0, 1], [-np.sqrt(3) / 2, -0.5], [np.sqrt(3) / 2, -0.5]])


def discs(options: Options, rng: np.random.Generator) -> Generated:
    """Points U(-6, 6); three labels, each 1 inside its disc of radius 3.5, else 0.

    The centres of the discs are on a circle of radius 2, so that every number of labels from 0 to 3 occurs.
    Labels are those of the point moved by U(-6, 6) noise, as in the data sets of the playground.
    """
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (options.samples, 2))
    labelled_at = points + rng.uniform(-HALF_WIDTH, HALF_WIDTH, points.shape) * options.noise
    offset = labelled_at[:, None, :] - DISC_CENTRES
    return points, (np.hypot(offset[..., 0], offset[..., 1]) < DISC_RADIUS).astype(np.int64)


_PLANE = ("x1", "x2")
_BINARY = {"samples": samples(), "noise": NOISE}
_MULTICLASS = {**_BINARY, "classes": CLASSES}

PLANAR: dict[str, Dataset] = {
    "moons": Dataset(
        "binary",
        _PLANE,
        moons,
        _BINARY,
        ("upper", "lower"),
    ),
    "separable": Dataset(
        "binary",
        _PLANE,
        separable,
        _BINARY,
        ("below", "above"),
    ),
    "blobs": Dataset("multiclass", _PLANE, blobs, _MULTICLASS),
    "spiral_arms": Dataset("multiclass", _PLANE, spiral_arms, _MULTICLASS),
    "discs": Dataset(
        "multilabel",
        _PLANE,
        discs,
        _BINARY,
        ("top", "left", "right"),
    ),
}
