"""Minima: which losses are of one."""

import numpy as np
import pytest

from engine.analysis.members.minima import group_minima


def test_losses_that_differ_by_a_factor_of_four_are_of_different_minima_the_lowest_first() -> None:
    assert group_minima([0.348, 0.003, 0.347, 0.0029, 1.5]) == [[3, 1], [2, 0], [4]]
    assert group_minima([0.003, 0.35]) == [[0], [1]]
    assert group_minima([0.1, 0.3]) == [[0, 1]]
    assert group_minima([]) == [] and group_minima([0.2]) == [[0]]


def test_narrow_groups_are_different_minima_though_they_are_near() -> None:
    near = [0.3470, 0.3471, 0.3473, 0.3475, 0.4770, 0.4772, 0.4773]
    assert group_minima(near) == [[0, 1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("count", [8, 24, 64, 512])
def test_evenly_and_randomly_spread_losses_are_one_minimum(count: int) -> None:
    assert len(group_minima(np.geomspace(0.01, 1, count).tolist())) == 1


def test_losses_of_one_wide_distribution_are_one_minimum() -> None:
    random = np.random.default_rng(1)
    for count in (24, 64, 512):
        found = [len(group_minima(random.uniform(0.1, 0.5, count).tolist())) for _ in range(20)]
        assert found == [1] * 20


def test_losses_near_zero_are_one_minimum_however_much_they_differ() -> None:
    assert group_minima([0.0, 1e-30, 1e-13, 9e-4]) == [[0, 1, 2, 3]]
    assert group_minima([1e-6, 0.4, 2e-4, 0.41]) == [[0, 2], [1, 3]]
