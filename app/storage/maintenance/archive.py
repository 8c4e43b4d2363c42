"""Archive: a backup of a data folder as one file, and its restoration.

The archive is a zip file: `manifest.json`, `runs.sqlite3`, and the files of the tables in `datasets/`.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from time import gmtime, strftime, time

from app import installed_version
from app.storage import statements
from app.storage.maintenance.folder import (
    JOURNALS,
    STORE,
    MaintenanceError,
    contents,
    existing_store,
    in_use,
    store_path,
    table_files,
)
from app.storage.maintenance.folder_lock import lock
from app.storage.migrations import connect_to_read, format_version
from app.storage.table_files import FOLDER, TableFiles
from app.zip_errors import ZIP_ERRORS

MANIFEST = "manifest.json"
MEMBER = re.compile(rf"{re.escape(MANIFEST)}|{re.escape(STORE)}|{FOLDER}/[0-9a-f]{{64}}\.(json|npz)")
MAX_TRIES = 5  # a server may delete tables while they are copied
BLOCK = 1 << 20


def backup(folder: Path, target: Path) -> int:
    """Write all data of a folder into the file `target`, also while a server uses it. Returns its bytes.

    Raises MaintenanceError, sqlite3.Error or OSError; then there is no such file.
    """
    path = existing_store(folder)
    if target.exists():
        raise MaintenanceError(f"{target} exists already")
    with _temporary(target.parent) as work:
        for _ in range(MAX_TRIES):
            used = _copy_store(path, work / STORE)
            if used <= _write(work / "archive", work / STORE, table_files(folder)):
                break  # else a server deleted a table meanwhile, or the folder lacks it
        os.replace(work / "archive", target)
    return target.stat().st_size


def restore(archive: Path, folder: Path) -> Path | None:
    """Put the data of an archive into a folder that no server uses.

    Returns the folder inside it into which what was there before was moved; None if there was nothing.
    Raises MaintenanceError or OSError; then nothing has changed.
    """
    if not zipfile.is_zipfile(archive):
        raise MaintenanceError(f"{archive} is not a backup of Perceptarium")
    folder.mkdir(parents=True, exist_ok=True)
    with lock(folder) as locked:
        if not locked:
            raise in_use(folder, "restore the backup")
        with _temporary(folder) as work:
            _extract(archive, work)
            _check_store(archive, work / STORE)
            before = _move_aside(folder)
            os.replace(work / STORE, store_path(folder))
            os.replace(work / FOLDER, folder / FOLDER)
    return before


@contextlib.contextmanager
def _temporary(parent: Path) -> Iterator[Path]:
    """Yields a new folder beside the result, so that the result can be renamed into its place."""
    work = parent / f".perceptarium-{secrets.token_hex(4)}"
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copy_store(path: Path, copy: Path) -> set[str]:
    """Copy the store as of one point of time, without a journal. Returns the contents that it refers to."""
    copy.unlink(missing_ok=True)
    with (
        contextlib.closing(connect_to_read(path)) as connection,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
        return contents(target)[1]


def _write(archive: Path, store: Path, tables: TableFiles) -> set[str]:
    """Write the archive. Returns the contents of its tables."""
    manifest = {"program": "perceptarium", "version": installed_version(), "created": time()}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr(MANIFEST, json.dumps(manifest))
        file.write(store, STORE)
        written = set()
        for content in sorted(tables.contents()):
            with contextlib.suppress(FileNotFoundError):
                for path in tables.paths(content):
                    file.write(path, f"{FOLDER}/{path.name}")
                written.add(content)
    return written


def _extract(archive: Path, work: Path) -> None:
    """Extract the members of the archive; their checksums are compared."""
    (work / FOLDER).mkdir()
    with _opened(archive) as file:
        names = set(file.namelist())
        if MANIFEST not in names or STORE not in names or not all(map(MEMBER.fullmatch, names)):
            raise MaintenanceError(f"{archive} is not a backup of Perceptarium")
        for name in names:
            with (work / name).open("xb") as target, file.open(name) as source:
                shutil.copyfileobj(source, target, BLOCK)


@contextlib.contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Opens an archive. Raises MaintenanceError if what is read there is damaged."""
    try:
        with zipfile.ZipFile(archive) as file:
            yield file
    except (MaintenanceError, OSError):
        raise  # also of the folder into which it is extracted
    except ZIP_ERRORS as error:
        raise MaintenanceError(f"{archive} is damaged: {error}") from None


def _check_store(archive: Path, store: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(store)) as connection:
            result = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            version = format_version(connection)
    except sqlite3.Error as error:
        raise MaintenanceError(f"the store in {archive} is damaged: {error}") from None
    if result != "ok":
        raise MaintenanceError(f"the store in {archive} is damaged: {result}")
    if version > statements.FORMAT_VERSION:
        raise MaintenanceError(
            f"the store in {archive} has format {version};"
            f" this version reads formats up to {statements.FORMAT_VERSION}"
        )


def _move_aside(folder: Path) -> Path | None:
    """Move the store and the tables of a folder into a new folder inside it; None if there are none."""
    path = store_path(folder)
    names = [path, *(path.with_name(path.name + suffix) for suffix in JOURNALS), folder / FOLDER]
    existing = [name for name in names if name.exists()]
    if not existing:
        return None
    before = folder / f"before-restore-{strftime('%Y%m%d-%H%M%S', gmtime())}-{secrets.token_hex(2)}"
    before.mkdir()
    for name in existing:
        os.replace(name, before / name.name)
    return before
