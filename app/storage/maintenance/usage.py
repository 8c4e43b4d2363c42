"""Usage: how many bytes the parts of a data folder take."""

import contextlib
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from app.storage.maintenance.folder import JOURNALS, contents, existing_store, table_files
from app.storage.migrations import connect_to_read, format_version

# Number and bytes of the rows of each part of the store; the parts that older formats lack are empty.
PARTS = {
    "checkpoints": "SELECT count(*), coalesce(sum(size), 0) FROM checkpoints",
    "checkpoints for recovery": "SELECT count(*), coalesce(sum(length(state)), 0) FROM recovery",
    "beginnings of forks": "SELECT count(*), coalesce(sum(length(state)), 0) FROM beginnings",
    "measured points": "SELECT count(*), coalesce(sum(length(columns)), 0) FROM points",
    "events": "SELECT count(*), coalesce(sum(length(event)), 0) FROM events",
}
COUNT_RUNS = "SELECT count(*) FROM runs"


@dataclass
class Part:
    """A part of the folder: number of rows or tables, and bytes."""

    count: int
    bytes: int


@dataclass
class Usage:
    """What takes how much: `store` is the whole file, `free` what a compaction would give back.

    `tables` are the imported data sets by name, `drawn` the other tables that runs use, `found` those
    that neither a name nor a run refers to.
    """

    format: int
    runs: int
    store: int
    journal: int
    free: int
    parts: dict[str, Part]
    tables: dict[str, int] = field(default_factory=dict)
    drawn: Part = field(default_factory=lambda: Part(0, 0))
    found: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Bytes of all parts."""
        tables = sum(self.tables.values()) + self.drawn.bytes + sum(self.found.values())
        return self.store + self.journal + tables


def usage(folder: Path) -> Usage:
    """Returns what the parts of a data folder take, also while a server uses it.

    Raises MaintenanceError if it has no store, sqlite3.Error if that cannot be read.
    """
    path = existing_store(folder)
    with contextlib.closing(connect_to_read(path)) as connection:
        page_size = connection.execute("PRAGMA page_size").fetchone()[0]
        found = Usage(
            format_version(connection),
            connection.execute(COUNT_RUNS).fetchone()[0],
            path.stat().st_size,
            sum(_size(path.with_name(path.name + suffix)) for suffix in JOURNALS),
            connection.execute("PRAGMA freelist_count").fetchone()[0] * page_size,
            {name: _part(connection, statement) for name, statement in PARTS.items()},
        )
        named, used = contents(connection)
    _add_tables(found, table_files(folder).sizes(), named, used)
    return found


def _add_tables(found: Usage, sizes: dict[str, int], named: dict[str, str], used: set[str]) -> None:
    for content, size in sizes.items():
        if content in named:
            found.tables[named[content]] = size
        elif content in used:
            found.drawn.count += 1
            found.drawn.bytes += size
        else:
            found.found[content] = size


def _part(connection: sqlite3.Connection, statement: str) -> Part:
    try:
        return Part(*connection.execute(statement).fetchone())
    except sqlite3.OperationalError:  # the table does not exist in this format
        return Part(0, 0)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
