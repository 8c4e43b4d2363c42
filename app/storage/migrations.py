"""Migrations: opens the SQLite file, creates its tables, and upgrades an older format."""

import contextlib
import sqlite3
from pathlib import Path

from app.storage import statements

LOCK_TIMEOUT = 1.0  # seconds


class StoreError(RuntimeError):
    """The file cannot be used as a store."""


def connect(path: Path) -> sqlite3.Connection:
    """Returns a connection for writing."""
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    return connection


def prepare(path: Path) -> None:
    """Create the tables, or check that this program can read the existing ones. Raises StoreError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.closing(connect(path)) as connection:
            if not connection.execute(statements.COUNT_META).fetchone()[0]:
                connection.executescript("BEGIN;" + statements.CREATE)
                connection.execute(statements.INSERT_VERSION, (str(statements.FORMAT_VERSION),))
                connection.commit()
            version = _upgrade(connection)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be used as a store: {error}") from None
    if version != statements.FORMAT_VERSION:
        raise StoreError(
            f"{path} has format {version}; this version reads format {statements.FORMAT_VERSION}"
        )


def _upgrade(connection: sqlite3.Connection) -> int:
    """Upgrade a store of an older format. Returns its format version."""
    version = int(connection.execute(statements.SELECT_VERSION).fetchone()[0])
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        while version in statements.UPGRADES:
            for statement in statements.UPGRADES[version]:
                connection.execute(statement)
            version += 1
            connection.execute(statements.UPDATE_VERSION, (str(version),))
    return version
