"""Data folder: where the store and the table files are in it, and the error for a folder without them."""

import sqlite3
from pathlib import Path

from app.storage import statements
from app.storage.migrations import StoreError
from app.storage.table_files import FOLDER, TableFiles

STORE = "runs.sqlite3"
JOURNALS = ("-wal", "-shm")  # suffixes of the files that SQLite keeps beside a store that is in use


class MaintenanceError(RuntimeError):
    """A command about a data folder cannot be carried out; the message says why."""


# What the commands of maintenance may raise: errors that are explained in one line.
ERRORS = (MaintenanceError, StoreError, OSError, sqlite3.Error)


def store_path(folder: Path) -> Path:
    """Returns the path of the store."""
    return folder / STORE


def table_files(folder: Path) -> TableFiles:
    """Returns the table files of the folder."""
    return TableFiles(folder / FOLDER)


def existing_store(folder: Path) -> Path:
    """Returns the path of the store. Raises MaintenanceError if the folder has none."""
    path = store_path(folder)
    if not path.is_file():
        raise MaintenanceError(f"{folder} has no store ({STORE})")
    return path


def contents(connection: sqlite3.Connection) -> tuple[dict[str, str], set[str]]:
    """Returns the names of data sets by content, and all contents that a name or a run refers to."""
    try:
        named = {content: name for name, _, content, _ in connection.execute(statements.SELECT_DATASETS)}
        return named, {row[0] for row in connection.execute(statements.SELECT_USED)}
    except sqlite3.OperationalError:  # the first formats had no imported data
        return {}, set()


def in_use(folder: Path, command: str) -> MaintenanceError:
    """Returns the error for a command that needs a folder that no server uses."""
    return MaintenanceError(f"{folder} is in use by a server; stop it first, then {command}")
