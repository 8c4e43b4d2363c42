"""Store file: the connection that writes. It moves the journal into the file, and gives free pages back."""

import contextlib
import sqlite3
import threading
from pathlib import Path
from time import monotonic

from app.storage.faulty_parts import write_each
from app.storage.file_watch import FileWatch
from app.storage.migrations import connect
from app.storage.store_problem import StoreProblem, is_of_the_data
from app.storage.transaction import Batch

# The journal is moved into the file after so many bytes, or seconds after the first of them.
MAX_JOURNAL, JOURNAL_SECONDS = 4 * 1024**2, 10.0
# Free pages that remain in the file for new data, and pages that are given back at once (each 4 KiB).
SPARE_PAGES, PAGES_AT_ONCE = 256, 2048


class StoreFile:
    """The file for one thread; only `verify`, `problem` and `close` raise no sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path)
        self._connection.execute("PRAGMA wal_autocheckpoint = 0")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._watch = FileWatch(path, self._connection)
        self._journal_bytes = 0
        self._journal_since = monotonic()
        self._watch.verify()

    @property
    def is_lost(self) -> bool:
        """Whether the file must not be written any more."""
        return self._watch.is_lost is not None

    def problem(self) -> StoreProblem | None:
        """Returns what is wrong with the file; None if it can be written."""
        return self._watch.problem()

    def verify(self) -> None:
        """Looks for damaged pages."""
        self._watch.verify()

    def write(self, batch: Batch) -> Exception | None:
        """Writes a batch in one transaction. Returns why parts of it are missing; None if it is complete."""
        before = self._connection.total_changes
        failure = None
        try:
            with self._connection:
                batch.execute(self._connection)
        except Exception as error:
            if not is_of_the_data(error):
                raise
            failure = write_each(batch, self._connection)
        if self._connection.total_changes != before:
            self._journal_since = self._journal_since if self._journal_bytes else monotonic()
            self._journal_bytes += max(1, batch.size)
        return failure

    def tidy(self, idle: bool) -> None:
        """Moves the journal into the file when it is due; `idle`: also gives some free pages back."""
        free = self._connection.execute("PRAGMA freelist_count").fetchone()[0] - SPARE_PAGES
        if idle and free > 0:
            # `execute` would end after the first page.
            self._connection.executescript(f"PRAGMA incremental_vacuum({min(free, PAGES_AT_ONCE)})")
            self._checkpoint()
        elif self._journal_bytes and (
            self._journal_bytes > MAX_JOURNAL or monotonic() > self._journal_since + JOURNAL_SECONDS
        ):
            self._checkpoint()

    def close(self, closed: threading.Event) -> None:
        """Moves everything into the one file, removes the journal, and sets `closed`.

        If another process reads the store, the journal remains, and the next start reads both. A file that
        was replaced or damaged by another program is left as it is: the thread then waits for the end of the
        process, because SQLite would write when it closes the connection.
        """
        if self.is_lost:
            self._put_journal_aside()
            closed.set()
            threading.Event().wait()
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.execute("PRAGMA journal_mode = DELETE")
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        closed.set()

    def _checkpoint(self) -> None:
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        self._journal_bytes = 0
        self._watch.remember()

    def _put_journal_aside(self) -> None:
        """The journal belongs to the file as it was: with another one it would destroy that."""
        for suffix in ("-wal", "-shm"):
            path = self._path.with_name(self._path.name + suffix)
            with contextlib.suppress(OSError):
                path.replace(path.with_name(path.name + "-before"))
