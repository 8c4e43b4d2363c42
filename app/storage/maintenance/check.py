"""Check: finds what is damaged in a data folder, and deletes it on request."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app import encoding
from app.storage import statements
from app.storage.maintenance.folder import MaintenanceError, contents, existing_store, in_use, table_files
from app.storage.maintenance.folder_lock import lock
from app.storage.migrations import connect, connect_to_read, format_version, prepare
from app.storage.stored_states import is_intact
from app.storage.table_files import TableFiles
from engine.config.errors import ConfigError
from engine.tasks.resolve import parse

JSON_COLUMNS = ("latest", "reason_parameters", "best", "parent", "pause_when")
SELECT_ROWS = "SELECT * FROM runs ORDER BY number"
SELECT_STATES = "SELECT run, attempt, step, size, state, checksum FROM checkpoints"
CHECKSUMS_SINCE = 11  # the first format whose checkpoints have checksums


@dataclass(frozen=True)
class Problem:
    """Something damaged: `key` is the run's id, (run, attempt, step) of a checkpoint, or a content."""

    kind: Literal["store", "run", "checkpoint", "table"]
    key: Any
    text: str


def check(folder: Path) -> list[Problem]:
    """Returns everything that is damaged, also while a server uses the folder. Raises MaintenanceError."""
    path = existing_store(folder)
    problems: list[Problem] = []
    try:
        with contextlib.closing(connect_to_read(path)) as connection:
            _refuse_newer_format(path, connection)
            # Each check may find that the file cannot be read on: what was found until then is reported.
            for found in _in_store(connection, table_files(folder)):
                problems.append(found)
    except sqlite3.Error as error:
        problems.append(Problem("store", None, f"the store cannot be read: {error}"))
    return problems


def delete(folder: Path, problems: list[Problem]) -> None:
    """Delete damaged runs, checkpoints and tables of a folder that no server uses.

    Raises MaintenanceError, StoreError or sqlite3.Error.
    """
    with lock(folder) as locked:
        if not locked:
            raise in_use(folder, "delete what is damaged")
        prepare(existing_store(folder))  # the statements need the tables of the present format
        with contextlib.closing(connect(existing_store(folder))) as connection, connection:
            for problem in problems:
                _delete(connection, table_files(folder), problem)


def _refuse_newer_format(path: Path, connection: sqlite3.Connection) -> None:
    """What this version cannot read would look damaged, and might be deleted."""
    with contextlib.suppress(sqlite3.Error):  # the checks say what is damaged
        version = format_version(connection)
        if version > statements.FORMAT_VERSION:
            raise MaintenanceError(
                f"{path} has format {version}; this version checks formats up to {statements.FORMAT_VERSION}"
            )


def _delete(connection: sqlite3.Connection, files: TableFiles, problem: Problem) -> None:
    if problem.kind == "run":
        for statement in statements.DELETE_RUN:
            connection.execute(statement, (problem.key,))
    elif problem.kind == "checkpoint":
        connection.execute(statements.DELETE_CHECKPOINTS, problem.key)
    elif problem.kind == "table":
        connection.execute(statements.DELETE_CONTENT, (problem.key,))
        files.delete(problem.key)


def _in_store(connection: sqlite3.Connection, files: TableFiles) -> Iterator[Problem]:
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield Problem("store", None, f"the store is damaged: {text}")
    named, used = contents(connection)
    damaged = {problem.key: problem for problem in _in_tables(files, used | files.contents(), named)}
    yield from damaged.values()
    for row in connection.execute(SELECT_ROWS):
        reason = _reason(dict(row), files, set(damaged))
        if reason is not None:
            yield Problem("run", row["id"], f"run {row['id']}: {reason}")
    if format_version(connection) < CHECKSUMS_SINCE:
        return
    for row in connection.execute(SELECT_STATES):
        if len(row["state"]) != row["size"] or not is_intact(row["state"], row["checksum"]):
            key = (row["run"], row["attempt"], row["step"])
            text = "run {}: the checkpoint of attempt {}, step {} differs from its checksum".format(*key)
            yield Problem("checkpoint", key, text)


def _in_tables(files: TableFiles, contents: set[str], named: dict[str, str]) -> Iterator[Problem]:
    for content in sorted(contents):
        reason = files.damage(content)
        if reason is not None:
            title = f"data set {named[content]}" if content in named else f"table {content[:12]}"
            yield Problem("table", content, f"{title}: {reason}")


def _reason(row: dict[str, Any], files: TableFiles, damaged: set[str]) -> str | None:
    """Why the row of a run cannot be read; None if it can. Its table is a problem of its own."""
    try:
        for column in JSON_COLUMNS:
            encoding.decode(row.get(column) or "null")
        config = encoding.decode(row["config"])
        if config.get("dataset", {}).get("content") not in damaged:
            parse(config, files)
    except ConfigError as error:
        return f"the configuration is not valid: {error.field}: {error.message}"
    except (ValueError, TypeError, AttributeError) as error:
        return f"the row cannot be read: {error}"
    return None
