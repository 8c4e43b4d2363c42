"""View worker: the child process that computes views for the streams and answers queries about weights.

A view is a pure function of a checkpoint and can be computed in another process than the training: it costs
the training only a copy of the weights, and a slow query delays no run. Jobs take turns: a view that is
computed in slices, or the replay of a past step, delays other jobs by one slice at a time.
"""

import logging
from collections.abc import Generator
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

from app import encoding
from app.compact_encoding import Picture, picture
from app.errors import ApiError, from_config_error
from app.storage.table_files import TableFiles
from app.workers.child_process import prepare_process
from app.workers.current_task import CurrentTask
from app.workers.data_cache import DataCache
from app.workers.heartbeat import BeatingConnection
from app.workers.lost_tasks import query_task, view_task
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
from app.workers.run_costs import slice_seconds
from app.workers.views.checkpoint_loader import CheckpointLoader
from app.workers.views.job_queue import Job, JobQueue, Slices
from app.workers.views.query_answers import QueryAnswers
from app.workers.views.slices import view_slices
from engine.config.errors import ConfigError
from engine.views.cache import ViewCache

# After the server, but before the training: a view is little work, and a user waits for it.
NICENESS = 5
# Seconds until the first progress report of a replay, and between two reports of a long computation.
REPLAY_PROGRESS_AFTER = 0.3
PROGRESS_INTERVAL = 0.15
MAX_WORK = 0.004  # seconds of short jobs, between two looks for messages

log = logging.getLogger("perceptarium")


ViewWorkerMessage = ComputeViews | CancelViews | Query | Stop


def main(connection: Connection, folder: Path, task: CurrentTask) -> None:
    """Run until a Stop message or the end of the server."""
    prepare_process(NICENESS)
    try:
        ViewWorker(connection, TableFiles(folder), task).run()
    except (EOFError, OSError):
        log.debug("the server has ended")


class ViewWorker:
    """Executes jobs, one slice of each in turn."""

    def __init__(self, connection: Connection, files: TableFiles, task: CurrentTask | None = None) -> None:
        self._connection = BeatingConnection(connection)
        self._task = task or CurrentTask()
        self._files = files
        data = DataCache(files)
        self._loader = CheckpointLoader(files, data)
        self._cache = ViewCache()
        self._answers = QueryAnswers(files, data, self._loader, self._cache)
        self._jobs = JobQueue()

    def run(self) -> None:
        """Handle messages and jobs until Stop."""
        self._connection.send(Ready())
        while True:
            while self._connection.poll(0 if self._jobs else None):
                message = self._connection.recv()
                if isinstance(message, Stop):
                    return
                self._handle(message)
            end = perf_counter() + MAX_WORK
            with self._connection.together():
                while self._jobs and perf_counter() < end:
                    self._work_on(self._jobs.next())

    def _handle(self, message: Any) -> None:
        match message:
            case CancelViews():
                self._jobs.cancel(message)
            case ComputeViews():
                task, seconds = f"views {message.run}", slice_seconds(message.config)
                past = message.replay is not None
                self._jobs.add(Job(self._compute_views(message), task, seconds, past, message))
            case Query():
                task, seconds = query_task(message), slice_seconds(message.config)
                self._jobs.add(Job(self._answer(message), task, seconds, message.replay is not None))
            case _:
                raise UnknownMessage("view worker", ViewWorkerMessage, message)

    def _work_on(self, job: Job) -> None:
        self._task.begin(job.task, job.seconds)
        try:
            next(job.slices)
        except StopIteration:
            return
        finally:
            self._task.end()
        self._jobs.add(job)

    # ---- views

    def _compute_views(self, request: ComputeViews) -> Slices:
        try:
            checkpoint, data = yield from self._load(request)
        except Exception as error:
            for key in request.keys:
                self._connection.send(_failed(request, key, error))
            return
        for key in request.keys:
            result = yield from self._compute_view(request, key, checkpoint, data)
            self._connection.send(result)
            if request.replay is not None:
                yield

    def _load(self, request: ComputeViews) -> Generator[None, None, tuple[Any, Any]]:
        """Returns checkpoint and data; sends the progress of a long replay to the viewers of all views."""
        due = perf_counter() + REPLAY_PROGRESS_AFTER
        loading = self._loader.load(request.config, request.checkpoint, request.replay)
        while True:
            try:
                progress = next(loading)
            except StopIteration as end:
                loaded: tuple[Any, Any] = end.value
                return loaded
            if request.replay is not None and perf_counter() > due:
                due = perf_counter() + PROGRESS_INTERVAL
                position = (request.replay.attempt, request.replay.step, progress.epoch)
                for key in request.keys:
                    self._report(request, key, position, progress.share)
            yield

    def _report(
        self, request: ComputeViews, key: ViewKey, position: tuple[int, int, int], share: float
    ) -> None:
        text = encoding.body("view", position, {"view": key.view, "progress": share})
        self._connection.send(ViewProgress(request.run, key, text))

    def _compute_view(
        self, request: ComputeViews, key: ViewKey, checkpoint: Any, data: Any
    ) -> Generator[None, None, ViewResult]:
        position = (checkpoint.attempt, checkpoint.step, checkpoint.epoch)
        reported = perf_counter()
        task = view_task(key.view, request.run), slice_seconds(request.config)
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
                self._task.begin(*task)
                try:
                    computed_share = next(slices)
                except StopIteration as end:
                    return _result(request, key, position, end.value)
                if perf_counter() - reported > PROGRESS_INTERVAL:
                    reported = perf_counter()
                    self._report(request, key, position, computed_share)
                yield
        except Exception as error:
            return _failed(request, key, error)

    # ---- queries

    def _answer(self, query: Query) -> Slices:
        try:
            answer = yield from self._answers.slices(query)
            state = answer.pop("state") if query.name == "fork" else None
            text = encoding.encode(answer, query.arguments.get("typed", False))
            self._connection.send(Answer(query.request, text, state))
        except UnknownMessage:
            raise
        except Exception as error:
            refusal = _api_error(error)
            self._connection.send(Refusal(query.request, refusal.status, refusal.body()))


def _result(
    request: ComputeViews, key: ViewKey, position: tuple[int, int, int], arrays: dict[str, Any]
) -> ViewResult:
    """The frame of a computed view, in the encoding of its key."""
    content, rounded = {"view": key.view} | arrays, False
    frame: str | Picture
    if key.compact:
        frame, rounded = picture(position, content, request.rounded)
    else:
        frame = encoding.body("view", position, content)
    diagnoses = tuple(arrays.get("diagnoses", ()))
    return ViewResult(request.run, key, request.version, frame, None, diagnoses, rounded)


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
