"""Automatic pause: pauses a run when a diagnosis of its `pause_when` is made, or when the store is full."""

import logging
from typing import Any

from app.errors import ApiError, Invalid
from app.run_states import diagnosed, reason
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.workers.messages import ViewResult
from engine.diagnostics import DIAGNOSES
from engine.tasks.paradigms import Config, problem

log = logging.getLogger("perceptarium")


class AutomaticPause:
    """Looks at the diagnoses in views, and pauses runs."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def on_view(self, run: Run, result: ViewResult) -> None:
        """Pause the run if the view has a diagnosis for which it is to pause."""
        if result.version.attempt != run.attempt:
            return
        diagnosis = next((found for found in result.diagnoses if _pauses(run, found)), None)
        if diagnosis is not None:
            self._scheduler.background(self._pause_for(run, diagnosis, result.version.step))

    def on_store_full(self, run: Run) -> None:
        """Pause the run: its points can neither be written nor kept in memory."""
        if run.status == "running":
            self._scheduler.background(self._pause_until_written(run))

    async def _pause_until_written(self, run: Run) -> None:
        async with run.queue.turn():
            if not run.deleted and run.status == "running":
                await self._scheduler.execute(run, "pause", {"reason": reason("store_full")})

    async def _pause_for(self, run: Run, diagnosis: dict[str, Any], step: int) -> None:
        async with run.queue.turn():
            if run.deleted or not _pauses(run, diagnosis):
                return
            event = {"type": "diagnosis", "found_at": step} | diagnosis
            why = diagnosed(diagnosis["name"], diagnosis["layer"], diagnosis["number"])
            try:
                await self._scheduler.execute(run, "pause", {"reason": why, "event": event})
            except ApiError as error:
                log.warning("run %s could not be paused: %s", run.id, error.message)


def _pauses(run: Run, diagnosis: dict[str, Any]) -> bool:
    return run.status == "running" and diagnosis["name"] in run.pause_when


def check_diagnoses(names: list[str], config: Config) -> tuple[str, ...]:
    """Returns the names without repetitions. Raises Invalid if a diagnosis does not apply to the task."""
    task = problem(config).task
    known = [name for name, diagnosis in DIAGNOSES.items() if task in diagnosis.applies_to]
    for index, name in enumerate(names):
        if name not in known:
            hint = f"there are {', '.join(known)}" if known else "there are none for this task"
            message = f"There is no such diagnosis of a {task} problem; {hint}."
            raise Invalid("invalid", message, field=f"pause_when.{index}", given=name, limit=known)
    return tuple(dict.fromkeys(names))
