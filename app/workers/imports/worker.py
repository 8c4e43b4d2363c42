"""Import worker: the child process that reads and writes tables and images.

This takes seconds, which would block the event loop, the training or the views. The process runs only while
there are files to read or write.
"""

import gc
import logging
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from app import encoding
from app.errors import ApiError, Invalid, of_disk
from app.imports.csv_export import to_csv
from app.imports.errors import Problem, Refused
from app.imports.images import to_arrays
from app.imports.importer import ImportOptions, import_file
from app.storage.table_files import TableFiles
from app.workers.child_process import prepare_process
from app.workers.heartbeat import BeatingConnection
from app.workers.imports.messages import ReadTable, WriteTable
from app.workers.imports.time_limit import TookTooLong, limited
from app.workers.messages import Answer, Ready, Refusal, Stop, UnknownMessage
from engine.datasets.tables.table import Table

# Before the training, because a user waits for the answer; after the server.
NICENESS = 5
MAX_SECONDS = 20  # of computation for one file; 200,000 rows of 20 columns of text take 3

log = logging.getLogger("perceptarium")


def main(connection: Connection, folder: Path) -> None:
    """Run until a Stop message or the end of the server."""
    prepare_process(NICENESS)
    gc.disable()  # a table has millions of cells and no cycles; collection would double the time
    files = TableFiles(folder)
    beating = BeatingConnection(connection)
    beating.send(Ready())
    try:
        while not isinstance(message := beating.receive(), Stop):
            beating.send(_answer(message, files))
            gc.collect()
    except (EOFError, OSError):
        log.debug("the server has ended")


def _answer(message: ReadTable | WriteTable, files: TableFiles) -> Answer | Refusal:
    if not isinstance(message, ReadTable | WriteTable):
        raise UnknownMessage("import worker", ReadTable | WriteTable | Stop, message)
    try:
        if isinstance(message, WriteTable):
            _write(files.table(message.content), Path(message.path))
            return Answer(message.request, b"{}")
        return Answer(message.request, encoding.encode(_read(message, files)))
    except Refused as refused:
        error: ApiError = _refusal(refused.problem)
    except OSError as failure:
        log.error("a file could not be written or read: %s", failure)
        error = of_disk(failure)
    except Exception as exception:
        log.exception("an import or export failed")
        error = ApiError(
            "failed", f"The file could not be processed: {type(exception).__name__}: {exception}"
        )
        error.status = 422
    return Refusal(message.request, error.status, error.body())


def _read(message: ReadTable, files: TableFiles) -> dict[str, Any]:
    try:
        with limited(MAX_SECONDS):
            result = import_file(Path(message.path).read_bytes(), ImportOptions(**message.options))
    except TookTooLong:
        text = f"reading this file takes more than {MAX_SECONDS} seconds of computation"
        raise Refused(Problem("too_slow", text, limit=MAX_SECONDS)) from None
    content = None
    if message.keep and result.problems:
        raise Refused(result.problems[0])
    if message.keep and result.table is not None:
        content = files.save(result.table)
    return {"content": content} | result.answer


def _write(table: Table, path: Path) -> None:
    """Write a table as CSV, or as .npz if its inputs are images."""
    if table.header.image is None:
        path.write_text(to_csv(table), "utf-8", newline="")
        return
    with path.open("xb") as file:
        np.savez_compressed(file, allow_pickle=False, **to_arrays(table))


def _refusal(problem: Problem) -> ApiError:
    return Invalid("invalid", problem.text, field=problem.field, given=problem.given, limit=problem.limit)
