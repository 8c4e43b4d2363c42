"""Dataset rows: the names of imported data sets in the store, and the contents that runs use."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.storage import statements
from app.storage.transaction import Operation


class DatasetRows:
    """The rows of data sets; `put` and `read` are functions of the store."""

    def __init__(
        self, put: Callable[[Operation], None], read: Callable[[Callable[[Any], Any]], Awaitable[Any]]
    ) -> None:
        self._put = put
        self._read = read

    def put_name(self, name: str, created: float, content: str, about: str) -> None:
        """Assign a name to a content; replaces the content that the name had."""
        self._put(
            lambda connection: connection.execute(statements.PUT_DATASET, (name, created, content, about))
        )

    def delete_name(self, name: str) -> None:
        """Delete a name."""
        self._put(lambda connection: connection.execute(statements.DELETE_DATASET, (name,)))

    def put_use(self, run: str, content: str, attempt: int, size: int) -> None:
        """Record that a run uses a content up to an attempt; `size`: bytes, if it was drawn into the run."""
        values = (run, content, attempt, size)
        self._put(lambda connection: connection.execute(statements.PUT_USE, values))

    def delete_use(self, run: str, content: str) -> None:
        """Record that a run uses a content no longer."""
        self._put(lambda connection: connection.execute(statements.DELETE_USE, (run, content)))

    async def all(self) -> list[dict[str, Any]]:
        """Returns names, contents and descriptions, newest first."""
        rows = await self._read(lambda connection: connection.execute(statements.SELECT_DATASETS).fetchall())
        return [dict(row) for row in rows]

    async def uses(self) -> list[tuple[str, str, int, int]]:
        """Returns run, content, attempt and bytes of every use."""
        rows = await self._read(lambda connection: connection.execute(statements.SELECT_USES).fetchall())
        return [tuple(row) for row in rows]

    async def drawn_bytes(self, run: str) -> int:
        """Returns the bytes of the points that were drawn into a run."""
        rows = await self._read(
            lambda connection: connection.execute(statements.SELECT_DRAWN_BYTES, (run,)).fetchall()
        )
        size: int = rows[0][0]
        return size
