"""Import worker: the child process that reads and writes tables and images.

This takes seconds, which would block the event loop, the training or the views. The process runs only while
there are files to read or write. The loops that read a file send heartbeats, so that one that does not end is
noticed; a table is stored or written in few calls, which may take longer.
"""

import gc
import logging
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from app import encoding
from app.errors import ApiError, Invalid, of_disk
from app.imports.errors import Problem, Refused
from app.imports.formats.sizes import unpacked_size
from app.imports.importer import ImportResult, import_file
from app.imports.kept_readings import KeptReadings
from app.imports.options import ImportOptions
from app.imports.pictures.images import to_arrays
from app.imports.progress import reported_to
from app.imports.tables.csv_export import to_csv
from app.storage.table_files import TableFiles
from app.workers.child_process import prepare_process
from app.workers.current_task import CurrentTask
from app.workers.heartbeat import BeatingConnection
from app.workers.imports.messages import ReadTable, WriteTable
from app.workers.imports.time_limit import TookTooLong, limited
from app.workers.messages import Answer, Ready, Refusal, Stop, UnknownMessage
from engine.datasets.tables.table import Table

# Before the training, because a user waits for the answer; after the server.
NICENESS = 5
# Of computation for one file. One of 20 MB takes up to 3.5 s.
MIN_SECONDS, BYTES_PER_SECOND = 3.0, 4_000_000
# Of computation without a heartbeat, to store or write a table: a single call may do all of it.
STORING_SECONDS = 60.0

log = logging.getLogger("perceptarium")


def main(connection: Connection, folder: Path, task: CurrentTask) -> None:
    """Run until a Stop message or the end of the server."""
    prepare_process(NICENESS)
    gc.disable()  # a table has millions of cells and no cycles; collection would double the time
    beating = BeatingConnection(connection)
    beating.send(Ready())
    worker = ImportWorker(TableFiles(folder), beating, task)
    try:
        while not isinstance(message := beating.receive(), Stop):
            beating.send(worker.answer(message))
            gc.collect()
    except (EOFError, OSError):
        log.debug("the server has ended")


def seconds_for(size: int) -> float:
    """Returns how many seconds of computation the reading of a file of so many bytes may take."""
    return max(MIN_SECONDS, size / BYTES_PER_SECOND)


class ImportWorker:
    """Reads and writes one table after the other. The name of its task is the number of the request."""

    def __init__(self, files: TableFiles, connection: BeatingConnection, task: CurrentTask) -> None:
        self._files = files
        self._connection = connection
        self._task = task
        self._kept = KeptReadings()

    def answer(self, message: ReadTable | WriteTable) -> Answer | Refusal:
        """Returns the answer to a request."""
        if not isinstance(message, ReadTable | WriteTable):
            raise UnknownMessage("import worker", ReadTable | WriteTable | Stop, message)
        try:
            return Answer(message.request, self._executed(message))
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
        finally:
            self._task.end()
        return Refusal(message.request, error.status, error.body())

    def _executed(self, message: ReadTable | WriteTable) -> bytes:
        self._task.begin(str(message.request), STORING_SECONDS)
        if isinstance(message, WriteTable):
            _write(self._files.table(message.content), Path(message.path))
            return b"{}"
        raw = Path(message.path).read_bytes()
        result = self._read(raw, message)
        content = None
        if message.keep and result.problems:
            raise Refused(result.problems[0])
        if message.keep and result.table is not None:
            content = self._files.save(result.table)
        return encoding.encode({"content": content} | result.answer)

    def _read(self, raw: bytes, message: ReadTable) -> ImportResult:
        """Returns what is in the file, within the time for one of its size."""
        seconds = seconds_for(unpacked_size(raw))
        self._task.begin(str(message.request))
        try:
            with reported_to(self._connection.beat_if_due), limited(seconds):
                return import_file(raw, ImportOptions(**message.options), self._kept)
        except TookTooLong:
            text = f"reading this file takes more than {seconds:.0f} seconds of computation"
            raise Refused(Problem("too_slow", text, limit=round(seconds))) from None
        finally:
            self._task.begin(str(message.request), STORING_SECONDS)


def _write(table: Table, path: Path) -> None:
    """Write a table as CSV, or as .npz if its inputs are images."""
    if table.header.image is None:
        path.write_text(to_csv(table), "utf-8", newline="")
        return
    with path.open("xb") as file:
        np.savez_compressed(file, allow_pickle=False, **to_arrays(table))


def _refusal(problem: Problem) -> ApiError:
    return Invalid("invalid", problem.text, field=problem.field, given=problem.given, limit=problem.limit)
