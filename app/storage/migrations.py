"""Migrations: opens the SQLite file, creates its tables, and brings an older format up to date."""

import contextlib
import sqlite3
from pathlib import Path

from app.storage import statements

LOCK_WAIT = 1.0


class StoreError(RuntimeError):
    """The file cannot be used; the message says why."""


def connect(path: Path) -> sqlite3.Connection:
    """Returns a connection that writes."""
    connection = sqlite3.connect(path, timeout=LOCK_WAIT, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    return connection


def prepare(path: Path) -> None:
    """Create the tables, or check that this program can read the existing ones. Raises StoreError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.closing(connect(path)) as connection:
            exists = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[
                0
            ]
            if not exists:
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
    """Upgrade a store of an older format. Returns its format."""
    version = int(connection.execute("SELECT value FROM meta WHERE key = 'format_version'").fetchone()[0])
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        while version in statements.UPGRADES:
            for statement in statements.UPGRADES[version]:
                connection.execute(statement)
            version += 1
            connection.execute("UPDATE meta SET value = ? WHERE key = 'format_version'", (str(version),))
    return version
