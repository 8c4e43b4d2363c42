"""Automatic pause: pauses a run when a diagnosis of its `pause_when` applies."""

import logging
from typing import Any

from app.errors import ApiError, Invalid
from app.run_states import diagnosed
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.workers.messages import ViewResult
from engine.diagnostics import DIAGNOSES
from engine.tasks.paradigms import Config, problem

log = logging.getLogger("perceptarium")


class AutomaticPause:
    """Pauses runs because of the diagnoses in their views."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def on_view(self, run: Run, result: ViewResult) -> None:
        """Pauses the run if a view of newest weights has a diagnosis that is in its `pause_when`."""
        if result.key.at is not None or result.version.attempt != run.attempt:
            return
        diagnosis = next((entry for entry in result.diagnoses if _pauses(run, entry)), None)
        if diagnosis is not None:
            self._scheduler.background(self._pause_for(run, diagnosis, result.version.step))

    async def _pause_for(self, run: Run, diagnosis: dict[str, Any], step: int) -> None:
        async with run.queue.turn():
            if run.deleted or not _pauses(run, diagnosis):
                return
            event = {"type": "diagnosis", "found_at": step} | diagnosis
            pause_reason = diagnosed(diagnosis["name"], diagnosis["layer"], diagnosis["number"])
            try:
                await self._scheduler.execute(run, "pause", {"reason": pause_reason, "event": event})
            except ApiError as error:
                log.warning("could not be paused: %s", error.message, extra={"run": run.id})


def _pauses(run: Run, diagnosis: dict[str, Any]) -> bool:
    return run.status == "running" and diagnosis["name"] in run.pause_when


def check_diagnoses(names: list[str], config: Config) -> tuple[str, ...]:
    """Returns the names without repetitions. Raises Invalid if a diagnosis does not apply to the task."""
    task = problem(config).task
    applicable = [name for name, diagnosis in DIAGNOSES.items() if task in diagnosis.applies_to]
    for index, name in enumerate(names):
        if name not in applicable:
            hint = f"there are {', '.join(applicable)}" if applicable else "there are none for this task"
            message = f"There is no such diagnosis of a {task} problem; {hint}."
            raise Invalid("invalid", message, field=f"pause_when.{index}", given=name, limit=applicable)
    return tuple(dict.fromkeys(names))
