"""Halving: which members are the worse half."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from app.experiments.reports.halving import Trained, compare_at, worse_half
from app.history_columns import from_points


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


def test_members_are_compared_by_what_they_have_at_the_step_at_which_they_wait(
    run_async: Callable[[Any], Any],
) -> None:
    recorded = {"a": [0.9, 0.2], "b": [0.8, 0.3]}  # at steps 0 and 640: b is worse
    waiting = {"a": 0.4, "b": 0.1}  # at step 666: a is worse

    async def history(run: str, *_: Any) -> Any:
        return from_points([point(step, loss) for step, loss in zip((0, 640), recorded[run], strict=True)])

    members: Any = [
        SimpleNamespace(id=run, attempt=0, latest=point(666, loss), config_dict={"loss": {"name": "auto"}})
        for run, loss in waiting.items()
    ]
    store: Any = SimpleNamespace(history=history)
    found = run_async(compare_at(store, members, None, 666))
    assert found == {"metric": "test_loss", "at": 666, "paused": ["a"]}
    assert run_async(compare_at(store, members, None, 650))["paused"] == ["b"]


def point(step: int, loss: float) -> dict[str, Any]:
    """A measured point."""
    losses = {"train_loss": loss, "validation_loss": None, "test_loss": loss}
    return {"step": step, "epoch": 0, **losses, "penalty": 0.0, "metrics": {}}
