"""Compaction: rewrites the store without free pages, and deletes found tables on request."""

import contextlib
from pathlib import Path

from app.storage.maintenance.folder import existing_store, in_use, store_path, table_files
from app.storage.maintenance.folder_lock import lock
from app.storage.maintenance.usage import usage
from app.storage.migrations import connect, prepare


def compact(folder: Path, delete_found: bool = False) -> tuple[int, int]:
    """Rewrite the store of a folder that no server uses; `delete_found`: delete the found tables as well.

    Returns the bytes of the folder's data before and after. Raises MaintenanceError, StoreError or
    sqlite3.Error.
    """
    existing_store(folder)
    with lock(folder) as locked:
        if not locked:
            raise in_use(folder, "compact it")
        prepare(store_path(folder))
        before = usage(folder)
        with contextlib.closing(connect(store_path(folder))) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
        for content in before.found if delete_found else ():
            table_files(folder).delete(content)
        return before.total, usage(folder).total
