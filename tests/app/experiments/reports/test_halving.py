"""Halving: which members are the worse half."""

from app.experiments.reports.halving import Trained, worse_half


def test_the_worse_half_has_the_higher_losses_and_is_rounded_down() -> None:
    members = [Trained("a", 0.3), Trained("b", 0.1), Trained("c", 0.5), Trained("d", 0.2), Trained("e", 0.4)]
    assert worse_half(members, "test_loss") == ["c", "e"]


def test_of_scores_the_lower_ones_are_worse() -> None:
    members = [Trained("a", 0.3), Trained("b", 0.9), Trained("c", 0.5), Trained("d", 0.7)]
    assert worse_half(members, "test_accuracy") == ["a", "c"]


def test_of_scores_of_environments_of_which_lower_ones_are_better_the_higher_ones_are_worse() -> None:
    members = [Trained("a", 4.8), Trained("b", 1.2)]
    assert worse_half(members, "slowdown_mean") == ["a"]
    assert worse_half(members, "return_mean") == ["b"]


def test_a_member_without_a_finite_value_is_the_worst_and_of_equal_ones_the_later_is_worse() -> None:
    members = [Trained("a", 0.1), Trained("b", None), Trained("c", 0.1), Trained("d", 0.1)]
    assert worse_half(members, "train_loss") == ["b", "d"]
