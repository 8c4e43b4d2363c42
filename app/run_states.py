"""Run states: which commands are possible in each state, the state that follows, and reasons."""

from typing import Any, Literal

from app.errors import Conflict
from engine.training.reason import Reason

Status = Literal["queued", "running", "paused", "finished", "stopped", "diverged", "failed"]
Command = Literal["start", "pause", "step", "stop", "reset"]

STATUSES: tuple[Status, ...] = ("queued", "running", "paused", "finished", "stopped", "diverged", "failed")
COMMANDS: tuple[Command, ...] = ("start", "pause", "step", "stop", "reset")
ENDED: frozenset[Status] = frozenset({"finished", "stopped", "diverged", "failed"})

# Commands that end the step commands that arrived before them.
INTERRUPTING: frozenset[Command] = frozenset({"start", "pause", "stop", "reset"})
# A failed run may have weights that cannot be loaded.
EDITABLE: tuple[Status, ...] = tuple(status for status in STATUSES if status != "failed")

# None: the command is a conflict in this state. `start` leads to running, or to queued without capacity.
TABLE: dict[Status, dict[Command, Status | None]] = {
    "queued": {"start": "queued", "pause": "paused", "step": None, "stop": "stopped", "reset": "paused"},
    "running": {"start": "running", "pause": "paused", "step": None, "stop": "stopped", "reset": "paused"},
    "paused": {"start": "running", "pause": "paused", "step": "paused", "stop": "stopped", "reset": "paused"},
    "finished": {"start": None, "pause": "finished", "step": None, "stop": "finished", "reset": "paused"},
    "stopped": {"start": "running", "pause": "stopped", "step": None, "stop": "stopped", "reset": "paused"},
    "diverged": {"start": None, "pause": "diverged", "step": None, "stop": "diverged", "reset": "paused"},
    "failed": {"start": None, "pause": "failed", "step": None, "stop": "failed", "reset": "paused"},
}


def expected(command: Command) -> tuple[Status, ...]:
    """Returns the states in which `command` is possible."""
    return tuple(status for status in STATUSES if TABLE[status][command] is not None)


def following(status: Status, command: Command, raised: bool = False) -> Status:
    """Returns the state after `command`. Raises Conflict naming the current state and the expected ones."""
    if status == "finished" and command == "start" and raised:
        return "running"
    target = TABLE[status][command]
    if target is None:
        message = f"This run is {status}; {command} needs it to be {' or '.join(expected(command))}."
        if status == "finished" and command == "start":
            message += " Raise epochs, or steps where they are limited, to train on."
        raise Conflict("wrong_state", message, field="status", given=status, limit=list(expected(command)))
    return target


WAITING = "waiting"  # code of the reason of a queued run
UNWATCHED = "unwatched"  # code of the reason for which a run pauses until a viewer returns
# Codes of the reasons for which a run pauses until it can be stored again.
NOT_STORED = frozenset(
    ("store_full", "disk_full", "store_missing", "store_replaced", "store_damaged", "store_read_only",
     "store_failing")
)  # fmt: skip

# The English sentence of each reason for which the service pauses a run or ends it as failed.
REASONS = {
    "store_full": "paused: the data folder cannot be written, and memory for it has run out",
    WAITING: "number {place} of {waiting} in the queue: the {training} runs that train leave no room for it",
    "disk_full": "paused: the disk of the data folder is full",
    "store_missing": "paused: the file of the store was renamed or deleted",
    "store_replaced": "paused: the file of the store was replaced by another one",
    "store_damaged": "paused: the file of the store is damaged",
    "store_read_only": "paused: the file of the store is read-only",
    "store_failing": "paused: the data folder cannot be written: {message}",
    UNWATCHED: "paused: no window has shown it for {seconds:.3g} s",
    "diagnosed": "paused: {words} ({number:.3g})",
    "diagnosed_in_layer": "paused: {words} in layer {position} ({number:.3g})",
    "halving_waits": "paused: waits at step {step} until the other runs of the experiment are there",
    "halved": "paused: it is in the worse half of the runs at step {step}, by {metric}",
    "damaged": "What is stored of this run is damaged; it can be deleted.",
    "not_loaded": "paused: it cannot be read: {message}",
    "worker_lost": "Its worker process ended {count} times without getting further.",
    "worker_hung": "A step or a command did not end; its process was replaced {count} times because of it.",
    "exception": "{type}: {message}",
}


def reason(code: str, **parameters: Any) -> Reason:
    """Returns the reason with this code of REASONS."""
    return Reason(code, REASONS[code].format_map(parameters), parameters)


def kept_reason(before: Reason | None, command: str) -> Reason | None:
    """Returns the reason after a command; after any, a paused run no longer goes on by itself."""
    is_waiting = before is not None and before.code in {UNWATCHED, *NOT_STORED}
    return None if is_waiting and command in COMMANDS else before


def diagnosed(name: str, layer: int | None, number: float) -> Reason:
    """Returns the reason of a pause for a diagnosis; the English sentence counts layers from 1."""
    words = name.replace("_", " ")
    if layer is None:
        text = REASONS["diagnosed"].format(words=words, number=number)
        return Reason("diagnosed", text, {"name": name, "number": number})
    text = REASONS["diagnosed_in_layer"].format(words=words, position=layer + 1, number=number)
    return Reason("diagnosed_in_layer", text, {"name": name, "layer": layer, "number": number})


def exception(error: Exception) -> Reason:
    """Returns the reason of a run that failed with an exception."""
    return reason("exception", type=type(error).__name__, message=str(error))
