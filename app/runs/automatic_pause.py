"""Pausing: pauses a run when a diagnosis is made that somebody armed for it."""

import logging
from typing import Any

from app.errors import ApiError, Invalid
from app.runs.run import Run
from app.runs.scheduler import Placing
from app.workers.messages import Painted
from engine.diagnostics import DIAGNOSES
from engine.tasks.paradigms import Config, problem

FULL = "paused: the data folder cannot be written, and memory for it has run out"

log = logging.getLogger("perceptarium")


class Pausing:
    """Looks at what the painter finds in runs."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing

    def examined(self, run: Run, painted: Painted) -> None:
        """The layers of a run were looked at: pause it if what was found is armed."""
        if painted.version.attempt != run.moment.attempt:
            return
        armed = [diagnosis for diagnosis in painted.diagnoses if _armed(run, diagnosis)]
        if armed:
            self._placing.background(self._pause(run, armed[0], painted.version.step))

    def full(self, run: Run) -> None:
        """What this run tells can neither be written nor kept: it must wait."""
        if run.status == "running":
            self._placing.background(self._wait(run))

    async def _wait(self, run: Run) -> None:
        async with run.lock:
            if not run.deleted and run.status == "running":
                await self._placing.order(run, "pause", {"reason": FULL})

    async def _pause(self, run: Run, diagnosis: dict[str, Any], step: int) -> None:
        async with run.lock:
            if run.deleted or not _armed(run, diagnosis):
                return
            event = {"type": "diagnosis", "found_at": step} | diagnosis
            try:
                await self._placing.order(run, "pause", {"reason": reason(diagnosis), "event": event})
            except ApiError as error:
                log.warning("run %s could not be paused: %s", run.id, error.message)


def reason(diagnosis: dict[str, Any]) -> str:
    """Why a run was paused, in words; layers count from 1 here, as people count."""
    name, layer = diagnosis["name"].replace("_", " "), diagnosis["layer"]
    where = "" if layer is None else f" in layer {layer + 1}"
    return f"paused: {name}{where} ({diagnosis['number']:.3g})"


def _armed(run: Run, diagnosis: dict[str, Any]) -> bool:
    return run.status == "running" and diagnosis["name"] in run.pause_when


def check_diagnoses(names: list[str], config: Config) -> tuple[str, ...]:
    """The names of diagnoses, without repetitions. Raises Invalid for one that is not made of this task."""
    task = problem(config).task
    known = [name for name, diagnosis in DIAGNOSES.items() if task in diagnosis.applies_to]
    for index, name in enumerate(names):
        if name not in known:
            hint = f"there are {', '.join(known)}" if known else "there are none for this task"
            message = f"There is no such diagnosis of a {task} problem; {hint}."
            raise Invalid("invalid", message, field=f"pause_when.{index}", given=name, limit=known)
    return tuple(dict.fromkeys(names))
