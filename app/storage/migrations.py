"""Migrations: opens the SQLite file, creates its tables, and upgrades an older format."""

import contextlib
import logging
import os
import shutil
import sqlite3
import stat
from pathlib import Path

from app.storage import statements

LOCK_TIMEOUT = 1.0  # seconds
NO_AUTO_VACUUM = 0  # the value of the pragma for files that cannot give back pages one by one

WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH

log = logging.getLogger("perceptarium")


class StoreError(RuntimeError):
    """The file cannot be used as a store."""


def connect(path: Path) -> sqlite3.Connection:
    """Returns a connection for writing."""
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    return connection


def is_read_only(path: Path) -> bool:
    """Whether file or file system forbid to write, also for an administrator, for whom modes do not hold."""
    if not path.stat().st_mode & WRITABLE or not os.access(path, os.W_OK):
        return True
    return hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Returns a connection that only reads, whose rows have names."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def prepare(path: Path) -> None:
    """Create the tables, or check that this program can read the existing ones. Raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _create_file(path)
        if is_read_only(path):
            raise StoreError(f"{path} is read-only")
        with contextlib.closing(connect(path)) as connection:
            if not connection.execute(statements.COUNT_META).fetchone()[0]:
                connection.executescript("BEGIN;" + statements.CREATE)
                connection.execute(statements.INSERT_VERSION, (str(statements.FORMAT_VERSION),))
                connection.commit()
            version = _upgrade(connection)
            if version == statements.FORMAT_VERSION:
                _enable_incremental_vacuum(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be used as a store: {error}") from None
    if version != statements.FORMAT_VERSION:
        raise StoreError(
            f"{path} has format {version}; this version reads format {statements.FORMAT_VERSION}"
        )


def _create_file(path: Path) -> None:
    """Create a file that can give space back; an existing one is left as it is."""
    if not path.exists():
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("VACUUM")  # writes the first page


def format_version(connection: sqlite3.Connection) -> int:
    """Returns the format of a store."""
    return int(connection.execute(statements.SELECT_VERSION).fetchone()[0])


def _upgrade(connection: sqlite3.Connection) -> int:
    """Upgrade a store of an older format. Returns its format version."""
    version = format_version(connection)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        while version in statements.UPGRADES:
            for statement in statements.UPGRADES[version]:
                connection.execute(statement)
            version += 1
            connection.execute(statements.UPDATE_VERSION, (str(version),))
    return version


def _enable_incremental_vacuum(connection: sqlite3.Connection, path: Path) -> None:
    """Rewrite a file of an earlier version, so that it can give space back after deletions.

    While the disk has no room for two copies, the file remains as it is: free pages are then used again.
    """
    if connection.execute("PRAGMA auto_vacuum").fetchone()[0] != NO_AUTO_VACUUM:
        return
    if shutil.disk_usage(path.parent).free < 2 * path.stat().st_size:
        log.warning("%s stays as large as it is until the disk has room to rewrite it", path)
        return
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("VACUUM")
