"""Neighbour purity and principal components, compared with scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from engine.analysis.directions import principal_components
from engine.analysis.neighbours import BLOCK, neighbour_purity


def clouds(count: int, distance: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points of three classes around centres on a line."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, count)
    return rng.standard_normal((count, 4)) + distance * labels[:, None], labels


@pytest.mark.parametrize(("count", "neighbours"), [(40, 10), (2 * BLOCK + 7, 10), (5, 10), (60, 1)])
def test_the_purity_is_that_of_the_neighbours_of_scikit_learn(count: int, neighbours: int) -> None:
    points, labels = clouds(count, 0.7)
    nearest = min(neighbours, count - 1)
    _, found = NearestNeighbors(n_neighbors=nearest + 1).fit(points).kneighbors(points)
    expected = (labels[found[:, 1:]] == labels[:, None]).mean()
    assert neighbour_purity(points, labels, neighbours) == pytest.approx(expected, abs=1e-12)


def test_the_purity_is_1_for_separate_classes_and_that_of_chance_without_a_relation() -> None:
    points, labels = clouds(600, 50)
    assert neighbour_purity(points, labels) == 1
    shuffled = np.random.default_rng(1).permutation(labels)
    assert neighbour_purity(points, shuffled) == pytest.approx(1 / 3, abs=0.04)


def test_there_is_no_purity_of_one_point_or_of_infinite_ones() -> None:
    assert neighbour_purity(np.zeros((1, 2)), np.zeros(1)) is None
    assert neighbour_purity(np.array([[0.0, np.nan], [1, 2]]), np.zeros(2)) is None


def test_principal_components_are_those_of_scikit_learn() -> None:
    points, _ = clouds(200, 0.7)
    reference = PCA(3).fit(points)
    mean, directions, explained = principal_components(points, 3)
    np.testing.assert_allclose(explained, reference.explained_variance_ratio_, rtol=1e-10)
    expected = np.abs(reference.transform(points))
    np.testing.assert_allclose(np.abs((points - mean) @ directions.T), expected, atol=1e-10)


def test_points_of_one_place_have_no_explained_variance() -> None:
    assert principal_components(np.ones((4, 3)), 2)[2].tolist() == [0, 0]
