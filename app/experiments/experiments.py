"""Experiments: creates, lists, reads, starts, pauses, stops and deletes them."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import Any

from app.datasets import Datasets
from app.errors import NotFound
from app.experiments import answers
from app.experiments.experiment import Experiment
from app.experiments.experiment_viewer import ExperimentViewer, MemberPictures
from app.experiments.halving_rule import HalvingRules, check_metric, new_rule, waits, with_round
from app.experiments.modes import modes
from app.experiments.plan import new_members, plan
from app.experiments.reports import halving, summary
from app.experiments.reports.reports import Reports
from app.run_states import Command
from app.runs.run import Run
from app.runs.service import Runs
from app.storage.store import Store
from app.workers.messages import ViewKey

log = logging.getLogger("perceptarium")


class Experiments:
    """All experiments of a server; their members are runs."""

    def __init__(self, store: Store, runs: Runs, datasets: Datasets) -> None:
        self._store = store
        self._members, self._workers = runs.members, runs.workers
        self._budgets = runs.shared_budgets
        self._pictures = MemberPictures(runs.queries, runs.unwatched, runs.view_scheduler)
        self._datasets = datasets
        self.reports = Reports(store, self._members, runs.queries, datasets)
        self._halving = HalvingRules(store, self._members)
        self._by_id: dict[str, Experiment] = {}
        runs.observe(self._on_change)

    async def open(self) -> None:
        """Reads the stored experiments, before the runs continue."""
        for row in await self._store.experiments.all():
            try:
                self._by_id[row.id] = Experiment.from_row(row, self._store)
            except ValueError as error:
                log.warning("experiment %s is damaged: %r", row.id, error)

    def resume(self) -> None:
        """Continues the comparisons of halving, once the runs go on."""
        for experiment in self._by_id.values():
            self._halving.check(experiment)

    def stop(self) -> None:
        """Ends the comparisons of halving, before the runs end."""
        self._halving.close()

    def close(self) -> None:
        """Releases the unused numbers of frames, after the runs have ended."""
        for experiment in self._by_id.values():
            experiment.release()

    async def create(
        self,
        config: Any,
        vary: Any,
        sample: str,
        members: int | None,
        steps: int | None,
        name: str,
        start: bool,
        halve: tuple[int, str | None] | None = None,
    ) -> dict[str, Any]:
        """Creates an experiment with all its members, and starts them if `start`; returns its answer.

        Everything is checked before anything is created. Raises Invalid.
        """
        self._store.check()
        planned = await plan(config, vary, sample, members, steps, self._datasets)
        check_metric((member.resolved for member in planned), halve and halve[1])
        limit, rule = {} if steps is None else {"steps": steps}, halve and new_rule(*halve)
        experiment = Experiment(
            name=name, config=config | limit, vary=vary, sample=sample, halving=rule, store=self._store
        )
        self._store.experiments.create(experiment.row())
        self._by_id[experiment.id] = experiment
        ways = await asyncio.to_thread(modes, [member.resolved for member in planned], self._workers)
        new = new_members(experiment, planned, ways)
        try:
            await self._members.create(new, start)
        except BaseException:
            self._forget(experiment)
            raise
        log.info("experiment %s: created with %d runs", experiment.id, len(new))
        return answers.summary(experiment, await self._members.read(experiment.id))

    def get(self, experiment_id: str, field: str = "id") -> Experiment:
        """Returns the experiment of this id. Raises NotFound, which names the field."""
        experiment = self._by_id.get(experiment_id)
        if experiment is None:
            message = "There is no experiment of this id."
            raise NotFound("no_such_experiment", message, field=field, given=experiment_id)
        return experiment

    async def newest(self, limit: int, before: str | None) -> list[dict[str, Any]]:
        """Returns the newest experiments among those older than `before`. Raises NotFound."""
        if before is not None and before not in self._by_id:
            message = "There is no experiment of this id."
            raise NotFound("no_such_experiment", message, field="before", given=before)
        await self._store.settle()
        counts, best = await self._store.experiments.counts(), await self._store.experiments.best()
        listed = list(self._by_id.values())
        if before is not None:
            listed = listed[: listed.index(self._by_id[before])]
        newest = listed[: -limit - 1 : -1]
        return [
            answers.summary_of(each, each.described_counts(counts.get(each.id, {})), best.get(each.id))
            for each in newest
        ]

    async def read(self, experiment: Experiment) -> dict[str, Any]:
        """Returns everything about an experiment; the frames after `seq` say what changes."""
        members = await self._members.read(experiment.id)
        answer = answers.summary(experiment, members)
        budget = self._budgets.of_experiment(experiment.id)
        return answer | {
            "config": experiment.config,
            "halving": experiment.halving,
            "seq": experiment.log.last,
            "members": [answers.describe(experiment, run) for run in members],
            "groups": summary.groups_of(members),
            "checkpoints": {"bytes": budget.total, "budget": budget.budget},
        }

    async def halve(self, experiment: Experiment, metric: str | None) -> dict[str, Any]:
        """Pauses the worse half of the members that train; returns the answer once it is in effect.

        They are compared at the last step that all of them have reached. Raises Conflict or Invalid.
        """
        self._store.check()
        async with experiment.commands:
            members = await self._members.read(experiment.id)
            halved = await halving.compare(self._store, members, metric)
            compared = len(halving.candidates(members))
            experiment.hold(halved["paused"])
            try:
                await self._members.command(experiment.id, "pause", only=set(halved["paused"]))
                experiment.set_halving(with_round(experiment.halving, halved | {"members": compared}))
            finally:
                experiment.describe_again()
        return answers.summary(experiment, await self._members.read(experiment.id)) | halved

    async def change_rule(self, experiment: Experiment, halve: tuple[int, str | None] | None) -> None:
        """Gives an experiment another rule of halving (None: none); returns once it is in effect.

        Raises Invalid.
        """
        self._store.check()
        await self._halving.replace(experiment, self._datasets, *(halve or (None, None)))

    async def command(self, experiment: Experiment, command: Command) -> dict[str, Any]:
        """Starts, pauses or stops all members that can be; returns the answer once it is in effect.

        Members that wait to be compared are not started.
        """
        async with experiment.commands:
            members = await self._members.read(experiment.id)
            chosen = {run.id for run in members if command != "start" or not waits(experiment, run)}
            await self._members.command(experiment.id, command, chosen)
        self._halving.check(experiment)
        return answers.summary(experiment, await self._members.read(experiment.id))

    async def delete(self, experiment: Experiment, keep: bool) -> None:
        """Deletes an experiment with its members; with `keep` they remain, as runs of their own."""
        await (self._members.release if keep else self._members.delete)(experiment.id)
        self._forget(experiment)
        await self._store.flush()
        log.info("experiment %s: deleted", experiment.id)

    @contextlib.contextmanager
    def viewer(self, experiment: Experiment, after: int, compact: bool) -> Iterator[ExperimentViewer]:
        """A viewer of the frames after `after`, while it is open."""
        viewer = ExperimentViewer(experiment, after, compact)
        experiment.viewers.add(viewer)
        try:
            yield viewer
        finally:
            experiment.viewers.discard(viewer)
            viewer.request(None, 0.0)

    async def watch(
        self,
        experiment: Experiment,
        viewer: ExperimentViewer,
        view: ViewKey | None,
        fps: float,
        runs: frozenset[str] | None = None,
    ) -> None:
        """Sends a view (None: no view) of members to a viewer, at most `fps` times a second.

        Of all members, or of those among `runs`.
        """
        viewer.request(view, fps, runs)
        if view is not None:
            members = [member.id for member in await self._members.read(experiment.id)]
            await self._pictures.watch(viewer, members if runs is None else runs.intersection(members))

    # ---- implementation

    def _forget(self, experiment: Experiment) -> None:
        self._by_id.pop(experiment.id, None)
        self._store.experiments.delete(experiment.id)
        self._budgets.drop_experiment(experiment.id)
        for viewer in experiment.viewers:
            viewer.end()

    def _on_change(self, run: Run) -> None:
        experiment = self._by_id.get(run.experiment["id"]) if run.experiment is not None else None
        if experiment is not None:
            self._halving.hold(experiment, run)
            experiment.log_member(run)
            if run.deleted or run.status != "running":
                self._halving.check(experiment)
