"""Table uses: which runs use which tables. A table that neither a run nor a name uses any longer is deleted.

Tables that no name and no run referred to when the server started are kept: the store may be a new one.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple

from app.errors import Unavailable
from app.storage.dataset_rows import DatasetRows
from app.storage.table_files import TableFiles


class Use(NamedTuple):
    """The last attempt that uses a table, and its bytes if it has points that were drawn into the run."""

    attempt: int
    bytes: int


class TableUses:
    """The tables that runs use; `is_named` returns whether a data set has a content, `flush` as in Store."""

    def __init__(
        self,
        rows: DatasetRows,
        files: TableFiles,
        is_named: Callable[[str], bool],
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        self._rows = rows
        self._files = files
        self._is_named = is_named
        self._flush = flush
        self._uses: dict[str, dict[str, Use]] = {}  # by run and content
        self._runs: dict[str, set[str]] = {}  # by content
        self._unused: set[str] = set()  # contents that may have to be deleted
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Read what the runs in the store use."""
        for run, content, attempt, size in await self._rows.uses():
            self._remember(run, content, Use(attempt, size))

    async def close(self) -> None:
        """Wait for pending deletions."""
        await asyncio.gather(*self._tasks)

    def is_used(self, content: str) -> bool:
        """Whether a run uses a table."""
        return content in self._runs

    def add(self, run: str, content: str, attempt: int, drawn: bool = False) -> int:
        """Record that an attempt of a run uses a table; `drawn`: its points were drawn into the run.

        Returns the bytes by which the drawn points of the run grow.
        """
        before = self._uses.get(run, {}).get(content, Use(attempt, 0))
        size = before.bytes or (self._files.size(content) if drawn else 0)
        self._remember(run, content, Use(max(attempt, before.attempt), size))
        self._rows.put_use(run, content, *self._uses[run][content])
        return size - before.bytes

    def drop_attempts(self, run: str, attempts: Collection[int]) -> int:
        """The attempts were deleted: tables that no later one uses are not needed. Returns their bytes."""
        dropped = {
            content: use for content, use in self._uses.get(run, {}).items() if use.attempt in attempts
        }
        for content in dropped:
            self._rows.delete_use(run, content)
        self._release(run, dropped)
        return sum(use.bytes for use in dropped.values())

    def drop_run(self, run: str) -> None:
        """The run was deleted, in the store also its uses."""
        self._release(run, dict(self._uses.get(run, {})))

    def delete_if_unused(self, content: str) -> None:
        """Delete the table with the next deletion if then neither a run nor a name uses it."""
        self._unused.add(content)

    async def delete_unused(self) -> None:
        """Delete tables that are used no longer, once that is stored. Raises Unavailable."""
        unused, self._unused = self._unused, set()
        try:
            await self._flush()
        except BaseException:
            self._unused |= unused
            raise
        # What was released during the flush is not stored yet: after a kill, it would be needed.
        for content in unused - self._unused:
            if not self._runs.get(content) and not self._is_named(content):
                self._files.delete(content)

    # ---- implementation

    def _remember(self, run: str, content: str, use: Use) -> None:
        self._uses.setdefault(run, {})[content] = use
        self._runs.setdefault(content, set()).add(run)

    def _release(self, run: str, dropped: dict[str, Use]) -> None:
        for content in dropped:
            del self._uses[run][content]
            self._runs[content].discard(run)
            if not self._runs[content]:
                del self._runs[content]
        if not self._uses.get(run, True):
            del self._uses[run]
        if dropped:
            self._unused |= set(dropped)
            task = asyncio.get_running_loop().create_task(self._delete_in_background())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _delete_in_background(self) -> None:
        with contextlib.suppress(Unavailable):  # then the next deletion deletes these as well
            await self.delete_unused()
