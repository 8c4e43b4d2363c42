"""The margin between two classes, against a search over directions and a support vector machine."""

import math
from typing import Any

import numpy as np
import pytest

from engine.analysis.margin import nearest_hull_point, widest_margin


def margin_by_search(xs: list[float], positive: list[bool], directions: int) -> float:
    """The margin of points on a line, the bias as a second input, by a search over directions."""
    best = -math.inf
    for number in range(directions):
        angle = 2 * math.pi * number / directions
        w, b = math.cos(angle), math.sin(angle)
        distances = [(1 if label else -1) * (w * x + b) for x, label in zip(xs, positive, strict=True)]
        best = max(best, min(distances))
    return best


def test_the_margin_is_the_largest_over_all_directions() -> None:
    xs, positive = [-2.0, -0.5, 1.0, 3.0], [False, False, True, True]
    margin = widest_margin(np.array(xs)[:, None], np.array(positive))
    best = margin_by_search(xs, positive, 100_000)
    assert margin.separable and best <= margin.margin <= best + 1e-4  # the search has steps of 0.00006
    assert margin.radius == pytest.approx(math.sqrt(10))


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
    margin = widest_margin(inputs, positive)
    assert margin.separable
    assert margin.margin == pytest.approx((signed @ w).min() / np.linalg.norm(w), rel=1e-3)
    assert margin.margin >= (signed @ w).min() / np.linalg.norm(w) * (1 - 1e-9)
    assert margin.normal is not None
    assert (signed @ margin.normal).min() == pytest.approx(margin.margin)


def test_shares_prove_that_no_line_separates_xor() -> None:
    inputs = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    margin = widest_margin(inputs, np.array([False, True, True, False]))
    assert margin.separable is False and margin.normal is None
    assert margin.shares.sum() == pytest.approx(1) and (margin.shares >= 0).all()
    signs = np.array([-1, 1, 1, -1])[:, None]
    combination = margin.shares @ (signs * np.hstack([inputs, np.ones((4, 1))]))
    assert combination == pytest.approx(np.zeros(3), abs=1e-12)


def test_equal_points_of_both_classes_are_not_separable() -> None:
    margin = widest_margin(np.array([[1.0, 2.0], [1.0, 2.0], [5.0, 5.0]]), np.array([True, False, True]))
    assert margin.separable is False


def test_points_of_a_single_class_have_a_margin() -> None:
    margin = widest_margin(np.array([[1.0], [2.0]]), np.array([True, True]))
    assert margin.separable and margin.margin > 0


def test_the_nearest_hull_point_is_no_farther_than_any_convex_combination() -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(30, 4)) + 0.8
    point, shares = nearest_hull_point(points)
    assert shares @ points == pytest.approx(point) and shares.sum() == pytest.approx(1)
    combinations: Any = rng.dirichlet(np.full(30, 0.2), 5000) @ points
    assert np.linalg.norm(point) <= np.linalg.norm(combinations, axis=1).min() + 1e-9
    assert (points @ point).min() == pytest.approx(point @ point)  # no point has a smaller projection
