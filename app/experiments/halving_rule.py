"""Halving by rule: after every so many steps the worse half of the members pauses (successive halving).

Members pause by themselves at the step of the comparison. Once all are there, the better half goes on. What
is to be done is stored first, and done again if the server ends meanwhile; until all of it is done, the
experiment describes the members as they were before.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from app.errors import ApiError, Invalid
from app.experiments.experiment import Experiment
from app.experiments.reports.halving import compare_at
from app.run_states import reason
from app.runs.members import Members
from app.runs.run import Run
from app.runs.run_record import RunRecord
from app.storage.store import Store
from engine.config.models import Config
from engine.datasets.tables.library import TableLibrary
from engine.quantities import curve_names
from engine.tasks.resolve import parse

WAITS = "halving_waits"  # code of the reason for which a member waits for the others
HALVED = "halved"  # and of the one for which a member of the worse half is paused
TRAINS = ("running", "queued")

log = logging.getLogger("perceptarium")


def new_rule(every: int, metric: str | None) -> dict[str, Any]:
    """Returns the rule of a new experiment; `until` is the step of the next comparison (None: no more)."""
    return {"every": every, "metric": metric, "until": every, "rounds": []}


def with_round(halving: dict[str, Any] | None, found: dict[str, Any]) -> dict[str, Any]:
    """Returns the rule after a comparison."""
    rule = halving or {"every": None, "metric": None, "until": None, "rounds": []}
    return rule | {"rounds": [*rule["rounds"], found]}


class HalvingRules:
    """Compares the members of experiments with such a rule when all that train have reached the step."""

    def __init__(self, store: Store, members: Members) -> None:
        self._store, self._members = store, members
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def hold(self, experiment: Experiment, run: Run) -> None:
        """Describes a member that has just reached the step as before, until it is known who is missing."""
        if waits(experiment, run):
            experiment.hold([run.id])

    def check(self, experiment: Experiment) -> None:
        """Compares soon, if all are there; it is called when a member has changed, and at the start."""
        has_rule = experiment.halving is not None and experiment.halving["until"] is not None
        if not has_rule and experiment.pending is None:
            return
        if experiment.id in self._tasks:
            self._again.add(experiment.id)
        else:
            self._tasks[experiment.id] = asyncio.create_task(self._work(experiment))

    async def replace(
        self, experiment: Experiment, tables: TableLibrary, every: int | None, metric: str | None
    ) -> None:
        """Gives an experiment another rule, or none: members that wait go on, those that were halved do not.

        The next comparison is at the first multiple of `every` that no member has reached. Raises
        Invalid if no member has the metric; `tables` are the imported ones.
        """
        async with experiment.commands:
            members = await self._members.read(experiment.id)
            configs = [] if metric is None else await asyncio.to_thread(_resolved, members, tables)
            check_metric(configs, metric)
            going = [run.id for run in members if run.status in TRAINS or waits(experiment, run)]
            change = {"every": every, "metric": metric, "going": going}
            experiment.set_pending({"change": change})
            try:
                await self._carry_out(experiment)
            finally:
                if experiment.id not in self._tasks:
                    experiment.describe_again()
        self.check(experiment)

    def close(self) -> None:
        """Ends the work, before the server ends."""
        for task in self._tasks.values():
            task.cancel()

    async def _work(self, experiment: Experiment) -> None:
        try:
            while True:
                self._again.discard(experiment.id)
                await self._compare(experiment)
                if experiment.id not in self._again:
                    return
        except ApiError as error:
            log.warning("experiment %s: halving: %s", experiment.id, error.message)
        finally:
            experiment.describe_again()
            del self._tasks[experiment.id]

    async def _compare(self, experiment: Experiment) -> None:
        async with experiment.commands:
            if experiment.pending is not None:
                return await self._carry_out(experiment)
            rule, members = experiment.halving, await self._members.read(experiment.id)
            if rule is None or rule["until"] is None:
                return
            if any(_is_expected(run, rule["until"]) for run in members):
                return
            await self._plan_round(experiment, rule, [run for run in members if waits(experiment, run)])
            await self._carry_out(experiment)

    async def _plan_round(
        self, experiment: Experiment, rule: dict[str, Any], waiting: list[RunRecord]
    ) -> None:
        """Compares members, and stores which pause and which go on; the last one goes on until its end."""
        if len(waiting) < 2:
            going = [run.id for run in waiting]
            experiment.set_pending({"found": None, "going": going, "until": None})
            return
        found = await compare_at(self._store, waiting, rule["metric"], rule["until"])
        better = [run.id for run in waiting if run.id not in found["paused"]]
        next_step = rule["until"] + rule["every"] if len(better) > 1 else None
        pending = {"found": found | {"members": len(waiting)}, "going": better, "until": next_step}
        experiment.set_pending(pending)

    async def _carry_out(self, experiment: Experiment) -> None:
        """Does what is pending; members that were started or paused already stay as they are."""
        pending = experiment.pending
        assert pending is not None
        work = self._carry_out_change if "change" in pending else self._carry_out_round
        halving = await work(experiment, pending)
        experiment.set_halving(halving)
        experiment.describe_again(keep=lambda run: waits(experiment, run))

    async def _carry_out_round(self, experiment: Experiment, pending: dict[str, Any]) -> dict[str, Any]:
        rule, found = experiment.halving, pending["found"]
        assert rule is not None
        waiting = {run.id for run in await self._members.read(experiment.id) if waits(experiment, run)}
        experiment.hold(waiting)
        if found is not None:
            why = reason(HALVED, step=found["at"], metric=found["metric"].replace("_", " "))
            await self._members.keep_paused([run for run in found["paused"] if run in waiting], why)
        going = [run for run in pending["going"] if run in waiting]
        await self._members.start_until(going, pending["until"])
        if found is None:
            return rule | {"until": None}
        log.info("experiment %s: halved at step %d", experiment.id, found["at"])
        return with_round(rule, found) | {"until": pending["until"]}

    async def _carry_out_change(
        self, experiment: Experiment, pending: dict[str, Any]
    ) -> dict[str, Any] | None:
        change = pending["change"]
        going, every = set(change["going"]), change["every"]
        experiment.hold(going)
        await self._members.command(experiment.id, "pause", only=going)
        members = [run for run in await self._members.read(experiment.id) if run.status == "paused"]
        others = [run for run in members if run.id not in going and run.reason_code != HALVED]
        steps = [run.step for run in members if run.id in going] + [run.step for run in others]
        until = None if every is None else (max(steps, default=0) // every + 1) * every
        await self._members.set_until([run.id for run in others], until)
        await self._members.start_until([run.id for run in members if run.id in going], until)
        rounds = experiment.halving["rounds"] if experiment.halving is not None else []
        if every is None and not rounds:
            return None
        return {"every": every, "metric": change["metric"], "until": until, "rounds": rounds}


def waits(experiment: Experiment, run: RunRecord) -> bool:
    """Whether a member waits at the step of the next comparison."""
    rule = experiment.halving
    return rule is not None and run.reason_code == WAITS and run.step == rule["until"]


def _is_expected(run: RunRecord, until: int) -> bool:
    """Whether a member has not paused at the step yet, and will. One that a person pauses is waited for."""
    assert run.experiment is not None
    trains = run.status in TRAINS and run.step <= until
    return (trains or (run.status == "paused" and run.step < until)) and run.experiment.get("until") == until


def check_metric(configs: Iterable[Config], metric: str | None) -> None:
    """Raises Invalid if a metric is given that no run of these resolved configurations measures."""
    if metric is None:
        return
    names = list(dict.fromkeys(name for config in configs for name in curve_names(config)))
    if metric not in names:
        message = f"must be one of {', '.join(names)}"
        raise Invalid("invalid", message, field="halve.metric", given=metric, limit=names)


def _resolved(members: list[RunRecord], tables: TableLibrary) -> list[Config]:
    return [parse(run.config_dict, tables) for run in members]
