"""Dataset rows: imported data sets in the store: their names, and which run uses which content."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.storage import statements
from app.storage.transaction import Operation


class DatasetRows:
    """The part of the store about data sets; it writes and reads by the functions of the store."""

    def __init__(
        self, put: Callable[[Operation], None], read: Callable[[Callable[[Any], Any]], Awaitable[Any]]
    ) -> None:
        self._put = put
        self._read = read

    def name(self, name: str, created: float, content: str, about: str) -> None:
        """Give a content this name, which another content may have had."""
        self._put(
            lambda connection: connection.execute(statements.PUT_DATASET, (name, created, content, about))
        )

    def forget(self, name: str) -> None:
        """Remove a name."""
        self._put(lambda connection: connection.execute(statements.DELETE_DATASET, (name,)))

    def use(self, run: str, content: str) -> None:
        """Note that a run uses data of this content."""
        self._put(lambda connection: connection.execute(statements.INSERT_USE, (run, content)))

    async def all(self) -> list[dict[str, Any]]:
        """Returns names, contents and descriptions, the newest first."""
        rows = await self._read(lambda connection: connection.execute(statements.SELECT_DATASETS).fetchall())
        return [dict(row) for row in rows]

    async def used(self) -> set[str]:
        """Returns the contents that a name or a run refers to."""
        rows = await self._read(lambda connection: connection.execute(statements.SELECT_USED).fetchall())
        return {row["content"] for row in rows}
