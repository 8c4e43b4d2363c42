"""Bookmarks: the use cases that name steps of runs, read the names and delete them."""

from collections.abc import Callable
from time import time
from typing import Any

from app.errors import Conflict, NotFound
from app.names import MAX_NAME, refuse_invalid_name
from app.runs.history.recorded_states import RecordedStates, refuse_step
from app.runs.run import Run
from app.storage.bookmark_rows import Bookmark
from app.storage.store import Store

BEST = "best"  # the bookmark of the best measured point of the current attempt, which is not stored
MAX_BOOKMARKS, MAX_NOTE = 1000, 1000
BOOKMARK_LIMITS = {"bookmarks": MAX_BOOKMARKS, "bookmark_name": MAX_NAME, "bookmark_note": MAX_NOTE}


class Bookmarks:
    """Reads and changes the bookmarks of runs; `on_frame` tells the viewers of a run of a new frame."""

    def __init__(self, store: Store, recorded: RecordedStates, on_frame: Callable[[Run], None]) -> None:
        self._store = store
        self._recorded = recorded
        self._on_frame = on_frame

    def all(self, run: Run) -> list[dict[str, Any]]:
        """Returns the bookmarks in the order of attempt and step, with that of the best point."""
        answers = [_answer(bookmark) for bookmark in run.bookmarks.values()]
        if run.best is not None:
            answers.append(_best(run, run.best[0]))
        return sorted(answers, key=lambda each: (each["attempt"], each["step"], each["name"]))

    def read(self, run: Run, name: str) -> dict[str, Any]:
        """Returns a bookmark. Raises NotFound."""
        answers = {answer["name"]: answer for answer in self.all(run)}
        if name not in answers:
            raise _no_such_bookmark(name, list(answers))
        return answers[name]

    async def put(
        self, run: Run, name: str, step: int, attempt: int | None, note: str
    ) -> tuple[dict[str, Any], bool]:
        """Store a bookmark, in place of one of the same name; `attempt` None is the current one.

        Returns it, and whether the name is new. Raises Conflict, Invalid or NotFound and changes nothing.
        """
        _refuse_best(name)
        refuse_invalid_name(name)
        self._store.check()
        row = await self._recorded.attempt(run, attempt)
        refuse_step(run, row, step)
        # The attempt may have been deleted with its bookmarks during the await, or the run.
        if run.deleted or row["attempt"] not in (run.attempt, *run.earlier_attempts):
            raise NotFound("no_such_attempt", "This attempt was deleted.", field="attempt", given=attempt)
        is_new = name not in run.bookmarks
        if is_new and len(run.bookmarks) >= MAX_BOOKMARKS:
            message = f"A run may have at most {MAX_BOOKMARKS} bookmarks; delete one first."
            raise Conflict("too_many_bookmarks", message, field="name", given=name, limit=MAX_BOOKMARKS)
        self._store.check()
        bookmark = Bookmark(name, row["attempt"], step, note, time())
        run.bookmarks[name] = bookmark
        self._store.bookmarks.put(run.id, bookmark)
        await self._store.flush()
        self._notify(run)
        return _answer(bookmark), is_new

    async def delete(self, run: Run, name: str) -> None:
        """Delete a bookmark. Raises Conflict or NotFound."""
        _refuse_best(name)
        if name not in run.bookmarks:
            raise _no_such_bookmark(name, list(run.bookmarks))
        self._store.check()
        del run.bookmarks[name]
        self._store.bookmarks.delete(run.id, name)
        await self._store.flush()
        self._notify(run)

    def _notify(self, run: Run) -> None:
        """Tell viewers that the bookmarks changed."""
        if not run.deleted:
            run.notify({"type": "bookmarks"})
            self._on_frame(run)


def _answer(bookmark: Bookmark) -> dict[str, Any]:
    return bookmark._asdict() | {"automatic": False}


def _best(run: Run, step: int) -> dict[str, Any]:
    place = {"name": BEST, "attempt": run.attempt, "step": step}
    return place | {"note": "", "created": None, "automatic": True}


def _no_such_bookmark(name: str, names: list[str]) -> NotFound:
    message = "This run has no such bookmark."
    return NotFound("no_such_bookmark", message, field="name", given=name, limit=names)


def _refuse_best(name: str) -> None:
    if name.casefold() == BEST:
        message = f"“{BEST}” is the bookmark of the best measured point; it cannot be changed or deleted."
        raise Conflict("reserved_name", message, field="name", given=name, limit=[BEST])
