"""Store problem: why nothing can be written now, as a stable code with parameters and an English sentence."""

import sqlite3
from typing import Any, NamedTuple

SENTENCES = {
    "store_full": "the data folder cannot be written, and memory for it has run out",
    "disk_full": "the disk of the data folder is full",
    "store_missing": "the file of the store was renamed or deleted",
    "store_replaced": "the file of the store was replaced by another one; a restart of the server opens it",
    "store_damaged": "the file of the store is damaged; restore a backup of it",
    "store_read_only": "the file of the store is read-only",
    "store_failing": "the data folder cannot be written: {message}",
}
# Primary result codes of SQLite.
CODES = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "store_read_only",
    sqlite3.SQLITE_CORRUPT: "store_damaged",
    sqlite3.SQLITE_NOTADB: "store_damaged",
}


class StoreProblem(NamedTuple):
    """A code of SENTENCES with its parameters."""

    code: str
    parameters: dict[str, Any]

    @property
    def sentence(self) -> str:
        """The problem as an English sentence, which begins with a lower-case letter."""
        return SENTENCES[self.code].format_map(self.parameters)


def problem(code: str, **parameters: Any) -> StoreProblem:
    """Returns the problem of a code of SENTENCES."""
    return StoreProblem(code, parameters)


def of_error(error: sqlite3.Error) -> StoreProblem:
    """Returns the problem that an error of SQLite says."""
    number = getattr(error, "sqlite_errorcode", None)
    code = CODES.get(number & 0xFF) if number is not None else None
    return problem("store_failing", message=str(error)) if code is None else problem(code)


def is_of_the_data(error: Exception) -> bool:
    """Returns whether the data are the cause of a failure, so that to write them again is of no use."""
    if isinstance(error, sqlite3.OperationalError):
        return False
    return not isinstance(error, sqlite3.DatabaseError) or of_error(error).code == "store_failing"
