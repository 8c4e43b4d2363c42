"""Halving by rule: after every so many steps the worse half of the members pauses (successive halving).

Members pause by themselves at the step of the comparison. Once all are there, the better half goes on.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from app.errors import ApiError
from app.experiments.experiment import Experiment
from app.experiments.reports.halving import compare_at
from app.run_states import reason
from app.runs.members import Members
from app.runs.run_record import RunRecord
from app.storage.store import Store

WAITS = "halving_waits"  # code of the reason for which a member waits for the others

log = logging.getLogger("perceptarium")


def new_rule(every: int, metric: str | None) -> dict[str, Any]:
    """Returns the rule of a new experiment; `until` is the step of the next comparison (None: no more)."""
    return {"every": every, "metric": metric, "until": every, "rounds": []}


class HalvingRules:
    """Compares the members of experiments with such a rule when all that train have reached the step."""

    def __init__(self, store: Store, members: Members) -> None:
        self._store, self._members = store, members
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def check(self, experiment: Experiment) -> None:
        """Compares soon, if all are there; it is called when a member has changed, and at the start."""
        if experiment.halving is None or experiment.halving["until"] is None:
            return
        if experiment.id in self._tasks:
            self._again.add(experiment.id)
        else:
            self._tasks[experiment.id] = asyncio.create_task(self._work(experiment))

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
            del self._tasks[experiment.id]

    async def _compare(self, experiment: Experiment) -> None:
        async with experiment.commands:
            rule, members = experiment.halving, await self._members.read(experiment.id)
            if (
                rule is None
                or rule["until"] is None
                or any(_is_expected(run, rule["until"]) for run in members)
            ):
                return
            waiting = [run for run in members if run.reason_code == WAITS and run.step == rule["until"]]
            if len(waiting) < 2:
                return await self._finish(experiment, rule, waiting)
            await self._halve(experiment, rule, waiting)

    async def _finish(
        self, experiment: Experiment, rule: dict[str, Any], waiting: Sequence[RunRecord]
    ) -> None:
        """The last member goes on until its end."""
        experiment.set_halving(rule | {"until": None})
        await self._members.start_until([run.id for run in waiting], None)

    async def _halve(
        self, experiment: Experiment, rule: dict[str, Any], waiting: Sequence[RunRecord]
    ) -> None:
        found = await compare_at(self._store, waiting, rule["metric"], rule["until"])
        better = [run.id for run in waiting if run.id not in found["paused"]]
        next_step = rule["until"] + rule["every"] if len(better) > 1 else None
        rounds = [*rule["rounds"], found | {"members": len(waiting)}]
        experiment.set_halving(rule | {"until": next_step, "rounds": rounds})
        why = reason("halved", step=found["at"], metric=found["metric"].replace("_", " "))
        await self._members.keep_paused(found["paused"], why)
        await self._members.start_until(better, next_step)
        log.info("experiment %s: halved at step %d", experiment.id, found["at"])


def _is_expected(run: RunRecord, until: int) -> bool:
    """Whether a member has not paused at the step yet, and will. One that a person pauses is waited for."""
    assert run.experiment is not None
    trains = run.status in ("running", "queued") and run.step <= until
    return (trains or (run.status == "paused" and run.step < until)) and run.experiment.get("until") == until
