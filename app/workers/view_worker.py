"""View worker: the child process that computes views for the streams and answers queries about weights.

A view is a pure function of a checkpoint and can be computed in another process than the training: it costs
the training only a copy of the weights, and a slow query delays no run. Jobs take turns: a view that is
computed in slices delays other jobs by one slice at a time.
"""

import logging
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

from app import encoding
from app.errors import ApiError, from_config_error
from app.storage.table_files import TableFiles
from app.workers.checkpoint_loader import CheckpointLoader
from app.workers.data_cache import DataCache
from app.workers.messages import (
    Answer,
    CancelViews,
    ComputeViews,
    Query,
    Ready,
    Refusal,
    Stop,
    UnknownMessage,
    ViewKey,
    ViewProgress,
    ViewResult,
)
from app.workers.training_worker import prepare_process
from app.workers.view_slices import view_slices
from engine import queries
from engine.config.errors import ConfigError
from engine.datasets import dataset_of
from engine.datasets.tables.drawn_points import apply_drawing
from engine.tasks.resolve import parse
from engine.views.cache import ViewCache

# After the server, but before the training: a view is little work, and a user waits for it.
NICENESS = 5
# Seconds between two progress reports of a long computation.
PROGRESS_INTERVAL = 0.15

log = logging.getLogger("perceptarium")


ViewWorkerMessage = ComputeViews | CancelViews | Query | Stop
# Yields after each slice of work.
Slices = Generator[None, None, None]


def main(connection: Connection, folder: Path) -> None:
    """Run until a Stop message or the end of the server."""
    prepare_process(NICENESS)
    try:
        ViewWorker(connection, TableFiles(folder)).run()
    except (EOFError, OSError):
        log.debug("the server has ended")


@dataclass
class Job:
    """Work in slices, and the message that requested it if it computes views."""

    slices: Slices
    views: ComputeViews | None = None


class ViewWorker:
    """Executes jobs, one slice of each in turn."""

    def __init__(self, connection: Connection, files: TableFiles) -> None:
        self._connection = connection
        self._files = files
        self._data = DataCache(files)
        self._loader = CheckpointLoader(files, self._data)
        self._cache = ViewCache()
        self._jobs: deque[Job] = deque()

    def run(self) -> None:
        """Handle messages and jobs until Stop."""
        self._connection.send(Ready())
        while True:
            while self._connection.poll(0 if self._jobs else None):
                message = self._connection.recv()
                if isinstance(message, Stop):
                    return
                self._handle(message)
            if self._jobs:
                self._work_on(self._jobs.popleft())

    def _handle(self, message: Any) -> None:
        match message:
            case CancelViews():
                self._jobs = deque(job for job in self._jobs if not _is_cancelled(job, message))
            case ComputeViews():
                self._jobs.append(Job(self._compute_views(message), message))
            case Query():
                self._jobs.append(Job(self._answer(message)))
            case _:
                raise UnknownMessage("view worker", ViewWorkerMessage, message)

    def _work_on(self, job: Job) -> None:
        try:
            next(job.slices)
        except StopIteration:
            return
        self._jobs.append(job)

    # ---- views

    def _compute_views(self, request: ComputeViews) -> Slices:
        try:
            checkpoint, data = yield from self._loader.load(request.config, request.checkpoint)
        except Exception as error:
            for key in request.keys:
                self._connection.send(_failed(request, key, error))
            return
        for key in request.keys:
            result = yield from self._compute_view(request, key, checkpoint, data)
            self._connection.send(result)

    def _compute_view(
        self, request: ComputeViews, key: ViewKey, checkpoint: Any, data: Any
    ) -> Generator[None, None, ViewResult]:
        position = (checkpoint.attempt, checkpoint.step, checkpoint.epoch)
        reported = perf_counter()
        slices = view_slices(
            key.view,
            checkpoint,
            data,
            encoding.decode(key.options),
            request.history,
            self._files,
            self._cache,
        )
        try:
            while True:
                try:
                    computed_share = next(slices)
                except StopIteration as end:
                    text = encoding.body("view", position, {"view": key.view} | end.value)
                    diagnoses = tuple(end.value.get("diagnoses", ()))
                    return ViewResult(request.run, key, request.version, text, diagnoses=diagnoses)
                if perf_counter() - reported > PROGRESS_INTERVAL:
                    reported = perf_counter()
                    text = encoding.body("view", position, {"view": key.view, "progress": computed_share})
                    self._connection.send(ViewProgress(request.run, key, text))
                yield
        except Exception as error:
            return _failed(request, key, error)

    # ---- queries

    def _answer(self, query: Query) -> Slices:
        try:
            answer = yield from self._compute_answer(query)
            text = encoding.encode(answer, query.arguments.get("typed", False))
            self._connection.send(Answer(query.request, text))
        except UnknownMessage:
            raise
        except Exception as error:
            refusal = _api_error(error)
            self._connection.send(Refusal(query.request, refusal.status, refusal.body()))

    def _compute_answer(self, query: Query) -> Generator[None, None, Any]:
        arguments = query.arguments
        match query.name:
            case "redraw":
                return self._redraw(query.config, arguments["operations"])
            case "points":
                _, data = yield from self._load(query)
                return queries.points(data, arguments.get("numbers"))
            case "weights":
                return queries.weights(*(yield from self._load(query)))
            case "predict":
                return queries.predict(*(yield from self._load(query)), arguments["inputs"])
            case "view":
                return (yield from self._query_view(query, *(yield from self._load(query))))
            case _:
                raise UnknownMessage("view worker", Query, query)

    def _load(self, query: Query) -> Generator[None, None, tuple[Any, Any]]:
        return (yield from self._loader.load(query.config, query.checkpoint, query.replay))

    def _query_view(self, query: Query, checkpoint: Any, data: Any) -> Generator[None, None, dict[str, Any]]:
        name = query.arguments["view"]
        header = {
            "run": query.arguments["run"],
            "attempt": checkpoint.attempt,
            "step": checkpoint.step,
            "epoch": checkpoint.epoch,
            "view": name,
        }
        slices = view_slices(
            name, checkpoint, data, query.arguments["options"], query.history, self._files, self._cache
        )
        while True:
            try:
                next(slices)
            except StopIteration as end:
                return header | end.value
            yield

    def _redraw(self, config: dict[str, Any], operations: dict[str, Any]) -> dict[str, Any]:
        """Store the points before and after some operations, so that the change can be undone."""
        description = dataset_of(parse(config, self._files).dataset)
        drawn = (description.generated, description.truth_table)
        data = self._data.load(config)
        table = apply_drawing(data, operations, *drawn)
        # A table without sizes of training, validation and test set would be split differently.
        before = (
            config["dataset"]["content"]
            if description.sizes
            else self._files.save(apply_drawing(data, {}, *drawn))
        )
        return {"content": self._files.save(table), "previous": before, "rows": table.header.rows}


def _is_cancelled(job: Job, cancel: CancelViews) -> bool:
    return job.views is not None and job.views.run == cancel.run and cancel.keys.issuperset(job.views.keys)


def _failed(request: ComputeViews, key: ViewKey, error: Exception) -> ViewResult:
    return ViewResult(request.run, key, request.version, None, _api_error(error).body())


def _api_error(error: Exception) -> ApiError:
    if isinstance(error, ConfigError):
        return from_config_error(error)
    if isinstance(error, ApiError):
        return error
    log.error("a view or query failed", exc_info=error)
    failure = ApiError("failed", f"This could not be computed: {type(error).__name__}: {error}")
    failure.status = 500
    return failure
