"""Wishes: request bodies about runs, read and checked; the configuration in them is the engine's to check."""

from dataclasses import dataclass
from typing import Any

from app.errors import Invalid, refuse_others
from engine.diagnostics import DIAGNOSES
from engine.tasks.paradigms import Config, problem

MAX_SPEED = 1e9
STEP_LIMITS = {"step": 1_000_000, "epoch": 10_000}


@dataclass(frozen=True)
class Creation:
    """A run to be made."""

    config: dict[str, Any]
    start: bool
    replaces: str | None
    speed: float | None
    speed_given: bool


def read_creation(raw: dict[str, Any]) -> Creation:
    """How a run is to begin, and its configuration. Raises Invalid."""
    config = dict(raw)
    start, replaces = config.pop("start", True), config.pop("replaces", None)
    if not isinstance(start, bool):
        raise Invalid("invalid", "must be true or false", field="start", given=start)
    if replaces is not None and not isinstance(replaces, str):
        raise Invalid("invalid", "must be the id of a run", field="replaces", given=replaces)
    speed_given = "speed" in config
    speed = read_speed(config.pop("speed")) if speed_given else None
    return Creation(config, start, replaces, speed, speed_given)


def read_speed(speed: Any) -> float | None:
    """Steps per second; None for "max". Raises Invalid."""
    if speed == "max":
        return None
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0 < speed <= MAX_SPEED:
        message = f"must be “max” or a number of steps per second above 0, up to {MAX_SPEED:g}"
        raise Invalid("invalid", message, field="speed", given=speed, limit=[0, MAX_SPEED])
    return float(speed)


def read_pause_when(names: Any, config: Config) -> tuple[str, ...]:
    """The diagnoses that are to pause a run, each once, of those made of its problem. Raises Invalid."""
    task = problem(config).task
    known = [name for name, diagnosis in DIAGNOSES.items() if task in diagnosis.applies_to]
    if not isinstance(names, list):
        raise Invalid("invalid", "must be a list of diagnoses", field="pause_when", given=names, limit="list")
    for place, name in enumerate(names):
        if name not in known:
            there = f"there are {', '.join(known)}" if known else "none is made there"
            message = f"There is no such diagnosis of a {task} problem; {there}."
            raise Invalid("invalid", message, field=f"pause_when.{place}", given=name, limit=known)
    return tuple(dict.fromkeys(names))


def read_step(raw: dict[str, Any]) -> dict[str, Any]:
    """How far a step goes: unit and count. Raises Invalid."""
    refuse_others(raw, "unit", "count")
    unit, count = raw.get("unit", "step"), raw.get("count", 1)
    if not isinstance(unit, str) or unit not in STEP_LIMITS:
        raise Invalid(
            "invalid", "must be “step” or “epoch”", field="unit", given=unit, limit=list(STEP_LIMITS)
        )
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= STEP_LIMITS[unit]:
        message = f"must be a whole number from 1 to {STEP_LIMITS[unit]}"
        raise Invalid("invalid", message, field="count", given=count, limit=[1, STEP_LIMITS[unit]])
    return {"unit": unit, "count": count}


def read_inputs(raw: dict[str, Any]) -> list[Any]:
    """The samples of a prediction. Raises Invalid."""
    refuse_others(raw, "inputs")
    inputs = raw.get("inputs")
    if not isinstance(inputs, list):
        raise Invalid("invalid", "must be a list of samples", field="inputs", given=inputs, limit="list")
    return inputs


def refuse_empty(raw: dict[str, Any], *known: str) -> None:
    """A body of which nothing can follow is an error. Raises Invalid."""
    if not raw:
        message = f"The body must have at least one of {', '.join(known)}."
        raise Invalid("invalid", message, given=raw, limit=list(known))
