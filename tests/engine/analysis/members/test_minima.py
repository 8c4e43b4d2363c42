"""Minima: which losses are of one."""

from engine.analysis.members.minima import group_minima


def test_losses_that_differ_by_more_than_a_factor_of_two_are_of_different_minima() -> None:
    assert group_minima([0.348, 0.003, 0.347, 0.0029, 0.9]) == [[3, 1], [2, 0], [4]]
    assert group_minima([1.0, 1.9, 3.7]) == [[0, 1, 2]]
    assert group_minima([0.0, 1e-30, 1e-13]) == [[0, 1, 2]]
    assert group_minima([]) == []
