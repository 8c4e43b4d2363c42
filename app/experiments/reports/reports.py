"""Reports: what is computed from the members of an experiment and their stored histories."""

import asyncio
from typing import Any

from app.datasets import Datasets
from app.experiments.experiment import Experiment
from app.experiments.reports import summary
from app.experiments.reports.curves import MemberHistory, curves_of
from app.experiments.reports.learning_curve import learning_curve
from app.runs.members import Members
from app.storage.store import Store


class Reports:
    """The reports about the experiments of a server."""

    def __init__(self, store: Store, members: Members, datasets: Datasets) -> None:
        self._store, self._members, self._datasets = store, members, datasets

    async def summarize(
        self, experiment: Experiment, metric: str | None, at: str | int, goal: float | None = None
    ) -> dict[str, Any]:
        """Returns statistics of a loss or metric at `final`, `best` or a step. Raises Invalid.

        At a step, the last point up to it counts. With a `goal`, also the step at which each member first was
        as good.
        """
        members = await self._members.read(experiment.id)
        latest = [run.latest for run in members]
        metric = summary.chosen_metric(latest, metric)
        described: dict[str, dict[str, Any]] = {
            run.id: {"status": run.status, "point": run.latest} for run in members
        }
        for run in members if at != "final" or goal is not None else ():
            columns = await self._store.history(run.id, run.attempt, None, None)
            step = None if isinstance(at, str) else at
            if at != "final":
                described[run.id]["point"] = await asyncio.to_thread(summary.point_of, columns, metric, step)
            if goal is not None:
                described[run.id]["reached"] = summary.first_reaching(columns, metric, goal)
        found = await asyncio.to_thread(summary.summarize, summary.groups_of(members), described, metric)
        return {"id": experiment.id, "at": at, "goal": goal, "metrics": summary.names_of(latest)} | found

    async def curves(self, experiment: Experiment, metric: str | None, points: int) -> dict[str, Any]:
        """Returns the curves of all members on at most so many common steps. Raises Invalid."""
        members = await self._members.read(experiment.id)
        latest = [run.latest for run in members]
        metric = summary.chosen_metric(latest, metric)
        histories = [
            MemberHistory(run.id, await self._store.history(run.id, run.attempt, None, None))
            for run in members
        ]
        found = await asyncio.to_thread(curves_of, summary.groups_of(members), histories, metric, points)
        return {"id": experiment.id, "metrics": summary.names_of(latest)} | found

    async def learning_curve(self, experiment: Experiment, metric: str | None) -> dict[str, Any]:
        """Returns errors by the number of training examples. Raises Conflict and Invalid."""
        members = await self._members.read(experiment.id)
        found = await asyncio.to_thread(learning_curve, members, metric, self._datasets)
        return {"id": experiment.id} | found
