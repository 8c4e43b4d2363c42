"""Attempt deletion: earlier attempts of a run are deleted, and an event says which."""

from typing import Literal

from app.runs.run import Run


def delete_attempts(run: Run, attempts: list[int], budget: int, scope: Literal["run", "server"]) -> int:
    """Delete earlier attempts that exceed the budget of the run or of the server, and log the event.

    Attempts that are deleted already are ignored. Returns the bytes that became free.
    """
    freed = 0
    deleted = [attempt for attempt in attempts if attempt in run.earlier_attempts]
    for attempt in deleted:
        freed += run.earlier_attempts.pop(attempt)
        run.store.attempts.delete(run.id, attempt)
    if deleted:
        run.log_event({"type": "attempts_deleted", "attempts": deleted, "budget": budget, "scope": scope})
    return freed
