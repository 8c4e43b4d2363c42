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

    def add_use(self, run: str, content: str) -> None:
        """Record that a run uses a content."""
        self._put(lambda connection: connection.execute(statements.INSERT_USE, (run, content)))

    async def all(self) -> list[dict[str, Any]]:
        """Returns names, contents and descriptions, newest first."""
        rows = await self._read(lambda connection: connection.execute(statements.SELECT_DATASETS).fetchall())
        return [dict(row) for row in rows]

    async def used_contents(self) -> set[str]:
        """Returns the contents that a name or a run refers to."""
        rows = await self._read(lambda connection: connection.execute(statements.SELECT_USED).fetchall())
        return {row["content"] for row in rows}
