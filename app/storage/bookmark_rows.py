"""Bookmark rows: the steps of runs to which users gave a name."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from app.storage import statements
from app.storage.transaction import Operation


class Bookmark(NamedTuple):
    """A name for a step of an attempt; `created` is when it was put, in seconds since 1970."""

    name: str
    attempt: int
    step: int
    note: str
    created: float


class BookmarkRows:
    """The rows of bookmarks; `put` and `read` are functions of the store.

    They are deleted with their run, and with their attempt.
    """

    def __init__(
        self, put: Callable[[Operation], None], read: Callable[[Callable[[Any], Any]], Awaitable[Any]]
    ) -> None:
        self._put = put
        self._read = read

    def put(self, run: str, bookmark: Bookmark) -> None:
        """Record a bookmark; it replaces one of the same name."""
        values = (run, *bookmark)
        self._put(lambda connection: connection.execute(statements.PUT_BOOKMARK, values))

    def delete(self, run: str, name: str) -> None:
        """Delete a bookmark."""
        self._put(lambda connection: connection.execute(statements.DELETE_BOOKMARK, (run, name)))

    async def all(self, run: str) -> dict[str, Bookmark]:
        """Returns the bookmarks of a run by name."""
        rows = await self._read(
            lambda connection: connection.execute(statements.SELECT_BOOKMARKS, (run,)).fetchall()
        )
        return {row["name"]: Bookmark(*row) for row in rows}
