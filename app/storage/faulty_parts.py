"""Faulty parts: writes a batch without those of its parts that cannot be stored whatever the disk does."""

import logging
from typing import Any

from app.storage.store_problem import is_of_the_data
from app.storage.transaction import Batch, Part

log = logging.getLogger("perceptarium")


def write_each(batch: Batch, connection: Any) -> Exception:
    """Write each part on its own, in one transaction, and log those that are faulty.

    Points and the row of a run are written together or not at all: after a restart, the points would be
    written a second time. Returns the first failure. Raises sqlite3.Error if the data are not the cause.
    """
    parts = list(batch.parts())
    connection.execute("BEGIN")
    failures = _failures(parts, connection)
    connection.rollback()
    runs = {parts[index].run for index in failures if parts[index].is_joint}
    kept = [part for i, part in enumerate(parts) if i not in failures and not _is_of(part, runs)]
    with connection:
        connection.execute("BEGIN")
        later = _failures(kept, connection)  # a part may need one that is left out
    for index, part in enumerate(parts):
        if index in failures or _is_of(part, runs):
            _report(part, failures.get(index))
    for index, error in later.items():
        _report(kept[index], error)
    return next(iter(failures.values()))


def _failures(parts: list[Part], connection: Any) -> dict[int, Exception]:
    """Write the parts that can be written; returns the failures by index."""
    failures = {}
    for index, part in enumerate(parts):
        connection.execute("SAVEPOINT part")
        try:
            part.write(connection)
        except Exception as error:
            if not is_of_the_data(error):
                raise
            connection.execute("ROLLBACK TO part")
            failures[index] = error
        connection.execute("RELEASE part")
    return failures


def _is_of(part: Part, runs: set[str | None]) -> bool:
    return part.is_joint and part.run in runs


def _report(part: Part, error: Exception | None) -> None:
    why = repr(error) if error is not None else "what belongs to it could not be stored"
    log.error("%s could not be stored: %s", part.title, why, extra={"run": part.run})
