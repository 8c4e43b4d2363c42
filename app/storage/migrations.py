"""Migrations: opens the SQLite file, creates its tables, and brings an older format up to date."""

import contextlib
import sqlite3
from pathlib import Path

from app.storage import statements

LOCK_WAIT = 1.0


class StoreError(RuntimeError):
    """The file cannot be used; the message says why."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that writes."""
    connection = sqlite3.connect(path, timeout=LOCK_WAIT, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    return connection


def prepare(path: Path) -> None:
    """Create the tables, or check that this program can read those that are there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.closing(connect(path)) as connection:
            known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0]
            if not known:
                connection.executescript("BEGIN;" + statements.CREATE)
                connection.execute(statements.INSERT_VERSION, (str(statements.FORMAT_VERSION),))
                connection.commit()
            found = _upgraded(connection)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be used as a store: {error}") from None
    if found != statements.FORMAT_VERSION:
        raise StoreError(f"{path} has format {found}; this version reads format {statements.FORMAT_VERSION}")


def _upgraded(connection: sqlite3.Connection) -> int:
    """The store's format, after an older one was brought up to date."""
    found = int(connection.execute("SELECT value FROM meta WHERE key = 'format_version'").fetchone()[0])
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        while found in statements.UPGRADES:
            for statement in statements.UPGRADES[found]:
                connection.execute(statement)
            found += 1
            connection.execute("UPDATE meta SET value = ? WHERE key = 'format_version'", (str(found),))
    return found
