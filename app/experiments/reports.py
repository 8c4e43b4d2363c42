"""Reports: what is computed from the members of an experiment and their stored histories."""

import asyncio
from collections.abc import Sequence
from typing import Any

from app.experiments import summary
from app.experiments.curves import MemberHistory, curves_of
from app.runs.run_record import RunRecord
from app.storage.store import Store


async def summarize(
    store: Store, members: Sequence[RunRecord], metric: str | None, at: str | int, goal: float | None
) -> dict[str, Any]:
    """Returns statistics of a loss or metric at `final`, `best` or the last point up to a step.

    With a `goal`, also the step at which each member first was as good. Raises Invalid.
    """
    latest = [run.latest for run in members]
    metric = summary.chosen_metric(latest, metric)
    described: dict[str, dict[str, Any]] = {
        run.id: {"status": run.status, "point": run.latest} for run in members
    }
    for run in members if at != "final" or goal is not None else ():
        columns = await store.history(run.id, run.attempt, None, None)
        step = None if isinstance(at, str) else at
        if at != "final":
            described[run.id]["point"] = await asyncio.to_thread(summary.point_of, columns, metric, step)
        if goal is not None:
            described[run.id]["reached"] = summary.first_reaching(columns, metric, goal)
    statistics = await asyncio.to_thread(summary.summarize, summary.groups_of(members), described, metric)
    return {"at": at, "goal": goal, "metrics": summary.names_of(latest)} | statistics


async def curves(
    store: Store, members: Sequence[RunRecord], metric: str | None, points: int
) -> dict[str, Any]:
    """Returns the curves of all members on at most so many common steps. Raises Invalid."""
    latest = [run.latest for run in members]
    metric = summary.chosen_metric(latest, metric)
    histories = [
        MemberHistory(run.id, await store.history(run.id, run.attempt, None, None)) for run in members
    ]
    found = await asyncio.to_thread(curves_of, summary.groups_of(members), histories, metric, points)
    return {"metrics": summary.names_of(latest)} | found
