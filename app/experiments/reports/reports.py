"""Reports: what is computed from the members of an experiment and their stored histories."""

import asyncio
import contextlib
from typing import Any

from app.datasets import Datasets
from app.errors import NotFound
from app.experiments.experiment import Experiment
from app.experiments.reports import summary
from app.experiments.reports.curves import MemberHistory, curves_of
from app.experiments.reports.diagnoses import diagnose
from app.experiments.reports.ends import EndsReports
from app.experiments.reports.histories import have_same_loss, history_of, loss_functions
from app.experiments.reports.learning_curve import learning_curve
from app.runs.members import Members
from app.runs.queries import RunQueries
from app.runs.run_record import RunRecord
from app.storage.store import Store


class Reports:
    """The reports about the experiments of a server."""

    def __init__(self, store: Store, members: Members, queries: RunQueries, datasets: Datasets) -> None:
        self._store, self._members, self._queries, self._datasets = store, members, queries, datasets
        self.ends = EndsReports(members, queries)

    async def summarize(
        self,
        experiment: Experiment,
        metric: str | None,
        at: str | int,
        goal: float | None,
        distances: bool,
    ) -> dict[str, Any]:
        """Returns statistics of a loss or metric at `final`, `best` or a step. Raises Invalid.

        At a step, the last point up to it counts. With a `goal`, also the step at which each member first was
        as good. With `distances`, at `final`, also how different the ends are.
        """
        members = await self._members.read(experiment.id)
        latest = [run.latest for run in members]
        metric = summary.chosen_metric(latest, metric, have_same_loss(members))
        described: dict[str, dict[str, Any]] = {
            run.id: {"status": run.status, "point": run.latest} for run in members
        }
        for run in members if at != "final" or goal is not None else ():
            columns = await history_of(self._store, run)
            step = None if isinstance(at, str) else at
            if at != "final":
                described[run.id]["point"] = await asyncio.to_thread(summary.point_of, columns, metric, step)
            if goal is not None:
                described[run.id]["reached"] = summary.first_reaching(columns, metric, goal)
        groups, losses = summary.groups_of(members), loss_functions(members)
        found = await asyncio.to_thread(summary.summarize, groups, described, metric, losses)
        compared = await self.ends.distances(members) if distances and at == "final" else None
        head = {"id": experiment.id, "at": at, "goal": goal, "metrics": summary.names_of(latest)}
        return head | found | {"distances": compared}

    async def curves(
        self, experiment: Experiment, metric: str | None, points: int, by: str
    ) -> dict[str, Any]:
        """Returns the curves of all members at at most so many common steps or times. Raises Invalid."""
        members = await self._members.read(experiment.id)
        latest = [run.latest for run in members]
        metric = summary.chosen_metric(latest, metric, have_same_loss(members))
        histories = [MemberHistory(run.id, await self._history(run, by)) for run in members]
        groups = summary.groups_of(members)
        found = await asyncio.to_thread(curves_of, groups, histories, metric, points, by)
        return {"id": experiment.id, "metrics": summary.names_of(latest)} | found

    async def _history(self, run: RunRecord, by: str) -> dict[str, Any]:
        if by == "seconds":
            return await self._store.history(run.id, run.attempt, None, None)
        return await history_of(self._store, run)

    async def diagnoses(self, experiment: Experiment) -> dict[str, Any]:
        """Returns the most important problem of each member, such as units that are dead."""
        members = await self._members.read(experiment.id)
        return {"id": experiment.id, "members": await diagnose(experiment, members, self._queries)}

    async def rounding(self, experiment: Experiment) -> dict[str, Any]:
        """Returns how one member of each batch differs from a single training of the same steps."""
        members = await self._members.read(experiment.id)
        by_batch: dict[Any, list[str]] = {}
        for run in members:
            if run.experiment is not None and run.experiment.get("mode") == "batched":
                by_batch.setdefault(run.experiment.get("batch"), []).append(run.id)
        checked = []
        for run_id in [runs[0] for runs in by_batch.values()]:
            with contextlib.suppress(NotFound):  # it was deleted meanwhile
                checked.append(await self._queries.rounding(await self._queries.get(run_id)))
        batched = sum(map(len, by_batch.values()))
        found = [each for each in checked if each is not None]
        return {"id": experiment.id, "batched": batched, "alone": len(members) - batched, "checked": found}

    async def learning_curve(self, experiment: Experiment, metric: str | None) -> dict[str, Any]:
        """Returns errors by the number of training examples. Raises Conflict and Invalid."""
        members = await self._members.read(experiment.id)
        found = await asyncio.to_thread(learning_curve, members, metric, self._datasets)
        return {"id": experiment.id} | found
