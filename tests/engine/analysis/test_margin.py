"""The widest street between two classes, against a search over directions and a support vector machine."""

import math
from typing import Any

import numpy as np
import pytest

from engine.analysis.margin import nearest, widest_margin


def by_search(xs: list[float], positive: list[bool], directions: int) -> float:
    """The margin of points on a line, the bias as a second input: one direction after the other."""
    best = -math.inf
    for k in range(directions):
        angle = 2 * math.pi * k / directions
        w, b = math.cos(angle), math.sin(angle)
        sides = [(1 if yes else -1) * (w * x + b) for x, yes in zip(xs, positive, strict=True)]
        best = max(best, min(sides))
    return best


def test_the_margin_is_the_best_of_all_directions() -> None:
    xs, positive = [-2.0, -0.5, 1.0, 3.0], [False, False, True, True]
    found = widest_margin(np.array(xs)[:, None], np.array(positive))
    best = by_search(xs, positive, 100_000)
    assert found.separable and best <= found.margin <= best + 1e-4  # the search looks every 0.00006 only
    assert found.radius == pytest.approx(math.sqrt(10))


@pytest.mark.parametrize("seed", range(8))
def test_the_margin_is_that_of_a_hard_margin_support_vector_machine(seed: int) -> None:
    from sklearn.svm import SVC

    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(60, 1 + seed % 4))
    normal = rng.normal(size=inputs.shape[1])
    positive = inputs @ normal + 0.3 >= 0
    signed = np.hstack([inputs, np.ones((60, 1))]) * np.where(positive, 1, -1)[:, None]
    machine = SVC(kernel="linear", C=1e10, tol=1e-10)
    machine.fit(np.vstack([signed, -signed]), np.repeat([1, -1], 60))
    w = machine.coef_[0]
    found = widest_margin(inputs, positive)
    assert found.separable
    assert found.margin == pytest.approx((signed @ w).min() / np.linalg.norm(w), rel=1e-3)
    assert found.margin >= (signed @ w).min() / np.linalg.norm(w) * (1 - 1e-9)
    assert found.normal is not None
    assert (signed @ found.normal).min() == pytest.approx(found.margin)


def test_a_gate_that_no_line_separates_is_proved_so() -> None:
    inputs = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    found = widest_margin(inputs, np.array([False, True, True, False]))
    assert found.separable is False and found.normal is None
    assert found.shares.sum() == pytest.approx(1) and (found.shares >= 0).all()
    signs = np.array([-1, 1, 1, -1])[:, None]
    zero = found.shares @ (signs * np.hstack([inputs, np.ones((4, 1))]))
    assert zero == pytest.approx(np.zeros(3), abs=1e-12)


def test_points_of_both_classes_in_one_place_cannot_be_separated() -> None:
    found = widest_margin(np.array([[1.0, 2.0], [1.0, 2.0], [5.0, 5.0]]), np.array([True, False, True]))
    assert found.separable is False


def test_one_class_alone_has_a_margin() -> None:
    found = widest_margin(np.array([[1.0], [2.0]]), np.array([True, True]))
    assert found.separable and found.margin > 0


def test_the_nearest_point_is_no_farther_than_any_mixture() -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(30, 4)) + 0.8
    point, shares = nearest(points)
    assert shares @ points == pytest.approx(point) and shares.sum() == pytest.approx(1)
    mixtures: Any = rng.dirichlet(np.full(30, 0.2), 5000) @ points
    assert np.linalg.norm(point) <= np.linalg.norm(mixtures, axis=1).min() + 1e-9
    assert (points @ point).min() == pytest.approx(point @ point)  # nothing lies below the plane through it
