"""Command answers: the REST answers after a change, and the refusal of a change of a failed run."""

from typing import Any

from app.errors import Conflict
from app.run_states import EDITABLE
from app.runs.run import Run
from app.workers.messages import Transition


def answer_after(run: Run, transition: Transition | None) -> dict[str, Any]:
    """Returns the answer after a change; its `seq` is that of the change's event, if it has one."""
    if transition is None or transition.event is None:
        return run.answer()
    return run.answer() | {"seq": run.event_seq}


def answer_with_event(run: Run, transition: Transition | None) -> dict[str, Any]:
    """Returns the answer after a change with its `event`."""
    assert transition is not None and transition.event is not None
    return answer_after(run, transition) | {"event": transition.event}


def refuse_failed(run: Run, purpose: str) -> None:
    """Raises Conflict if the run has failed."""
    if run.status == "failed":
        message = f"This run has failed; reset it to {purpose}."
        raise Conflict("wrong_state", message, field="status", given=run.status, limit=list(EDITABLE))
