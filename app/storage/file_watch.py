"""File watch: notices that the file of an open store was renamed, replaced, changed or made read-only.

SQLite keeps files open by their descriptors and does not notice any of it. Only the writer changes the file,
and only when it moves the journal into it; after each time it calls `remember`. Another change of the file
comes from another program: if that did not use SQLite, the pages that this process keeps in memory no longer
fit those in the file.
"""

import contextlib
import os
import sqlite3
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from app.storage.migrations import connect_to_read, is_read_only
from app.storage.store_problem import StoreProblem, problem

MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 100
VERIFY_SECONDS = 2.0  # after so long, the verification of a large file ends without a result


class _State(NamedTuple):
    """What is known of the file after its last change by this process."""

    identity: tuple[int, int]  # device and number of the file
    change: tuple[int, int]  # size and time of the last change
    header: bytes
    version: int  # of the data; changes when another connection writes


class FileWatch:
    """Compares the file with what it was; `connection` is the one that writes, for use in its thread."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._journal = path.with_name(path.name + "-wal")
        self._connection = connection
        self._state = self._read()
        self._journal_number = self._journal.stat().st_ino
        self.is_lost: StoreProblem | None = None  # a problem that only a restart can end

    def remember(self) -> None:
        """The writer has changed the file."""
        with contextlib.suppress(OSError, sqlite3.Error):
            self._state = self._read()

    def problem(self) -> StoreProblem | None:
        """Returns what is wrong with the file; None if it can be used."""
        if self.is_lost is not None:
            return self.is_lost
        try:
            return self._compare()
        except OSError:  # it was renamed or deleted, perhaps since the comparison began
            return problem("store_missing")

    def _compare(self) -> StoreProblem | None:
        current, journal = self._path.stat(), self._journal.stat()
        if (current.st_dev, current.st_ino) != self._state.identity:
            return problem("store_replaced")
        if journal.st_ino != self._journal_number:
            return problem("store_missing")
        if is_read_only(self._path):
            return problem("store_read_only")
        if (current.st_size, current.st_mtime_ns) != self._state.change:
            self.is_lost = self._foreign_change()
        return self.is_lost

    def verify(self) -> StoreProblem | None:
        """Reads the file as far as the time suffices; returns the problem if pages are damaged."""
        deadline = monotonic() + VERIFY_SECONDS
        try:
            with contextlib.closing(connect_to_read(self._path)) as connection:
                connection.set_progress_handler(lambda: monotonic() > deadline, 10_000)
                found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError:  # the time has run out
            return None
        except sqlite3.DatabaseError:
            found = "damaged"
        if found != "ok":
            self.is_lost = problem("store_damaged")
        return self.is_lost

    def _foreign_change(self) -> StoreProblem | None:
        before = self._state
        try:
            self._state = self._read()
        except sqlite3.Error:
            return problem("store_damaged")
        if not self._state.header.startswith(MAGIC):
            return problem("store_damaged")
        if self._state.header != before.header and self._state.version == before.version:
            return problem("store_replaced")
        return self.verify()

    def _read(self) -> _State:
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        with self._path.open("rb") as file:
            found = os.fstat(file.fileno())
            header = file.read(HEADER_BYTES)
        identity, change = (found.st_dev, found.st_ino), (found.st_size, found.st_mtime_ns)
        return _State(identity, change, header, version)
