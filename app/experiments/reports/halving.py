"""Halving: which members of an experiment are the worse half (successive halving)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.errors import Conflict
from app.experiments.reports.histories import have_same_loss, history_of
from app.experiments.reports.summary import chosen_metric, is_higher_better, point_of, value_of
from app.runs.run_record import RunRecord
from app.storage.store import Store


class Trained(NamedTuple):
    """The id of a run, and its loss or metric at the step of the comparison; None if it is not finite."""

    run: str
    value: float | None


async def compare(store: Store, members: Sequence[RunRecord], metric: str | None) -> dict[str, Any]:
    """Returns the metric, the step at which the members that train were compared, and which are to pause.

    Raises Conflict or Invalid.
    """
    training = candidates(members)
    step = min(run.latest["step"] for run in training if run.latest is not None)
    return await compare_at(store, training, metric, step)


async def compare_at(
    store: Store, members: Sequence[RunRecord], metric: str | None, step: int
) -> dict[str, Any]:
    """Returns the metric, the step of the comparison, and which members are to pause. Raises Invalid."""
    metric = chosen_metric([run.latest for run in members], metric, have_same_loss(members))
    trained = []
    for run in members:
        columns = await history_of(store, run, step)
        trained.append(Trained(run.id, value_of(point_of(columns, metric, step), metric)))
    return {"metric": metric, "at": step, "paused": worse_half(trained, metric)}


def candidates(members: Sequence[RunRecord]) -> list[RunRecord]:
    """Returns the members that train, also those that wait after their first steps.

    Raises Conflict if there are fewer than two.
    """
    found = [run for run in members if run.status == "running" or (run.status == "queued" and run.step > 0)]
    found = [run for run in found if run.latest is not None]
    if len(found) < 2:
        message = "Halving compares the runs that train, and needs at least two of them."
        raise Conflict("too_few_members", message, field="members", given=len(found), limit=2)
    return found


def worse_half(members: Sequence[Trained], metric: str) -> list[str]:
    """Returns the ids of the worse half, rounded down, the worst first.

    A member without a finite value is the worst; of equal ones the later one is worse. This is one round of
    successive halving (Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter
    Optimization", 2016): all members are compared after equally many steps.
    """
    sign = 1 if is_higher_better(metric) else -1

    def rank(item: tuple[int, Trained]) -> tuple[Any, ...]:
        number, member = item
        return (member.value is not None, sign * (member.value or 0.0), -number)

    ordered = sorted(enumerate(members), key=rank)
    return [member.run for _, member in ordered[: len(members) // 2]]
