"""Attempt deletion: earlier attempts of a run are deleted with their bookmarks, and an event says which."""

from typing import Literal

from app.runs.run import Run
from app.table_uses import TableUses


def delete_attempts(
    run: Run, attempts: list[int], budget: int, scope: Literal["run", "experiment", "server"], uses: TableUses
) -> int:
    """Delete earlier attempts that exceed a budget of the run, its experiment or the server; log the event.

    Points that were drawn in these attempts are deleted as well; attempts that are deleted already are
    ignored. Returns the bytes that became free.
    """
    freed = 0
    deleted = [attempt for attempt in attempts if attempt in run.earlier_attempts]
    for attempt in deleted:
        freed += run.earlier_attempts.pop(attempt)
        run.store.attempts.delete(run.id, attempt)
    drawn = uses.drop_attempts(run.id, deleted)
    run.drawn_bytes -= drawn
    bookmarks = [name for name, bookmark in run.bookmarks.items() if bookmark.attempt in deleted]
    for name in bookmarks:
        del run.bookmarks[name]  # the store deletes it with the attempt
    event = {"type": "attempts_deleted", "attempts": deleted, "bookmarks": bookmarks}
    if deleted:
        run.log_event(event | {"budget": budget, "scope": scope})
    return freed + drawn
