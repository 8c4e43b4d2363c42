"""Painter: the child process that looks at weights: views for the stream, and questions asked through REST.

A view is a pure function of a checkpoint, so that it need not be computed where the training goes on: a
picture costs the training no more than a copy of the weights, and a slow question holds up no run.
What is under way takes turns: a view that can be computed in slices holds up the others by one slice.
"""

import logging
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

from app import encoding, history_columns
from app.errors import ApiError, from_config_error
from app.storage.table_files import TableFiles
from app.workers.data_cache import DataCache
from app.workers.messages import (
    Answer,
    Ask,
    Drop,
    Paint,
    Painted,
    Past,
    Ready,
    Refusal,
    Stop,
    Underway,
    ViewKey,
)
from app.workers.training_worker import begin
from engine import queries
from engine.config.errors import ConfigError
from engine.datasets import dataset_of
from engine.datasets.tables.drawn_points import redrawn
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint
from engine.views import VIEWS
from engine.views.cache import ViewCache

# Behind the server, but before the training: a picture is small work that somebody waits for.
NICENESS = 5
# A view that takes longer says this often how far it is.
TELL_EVERY = 0.15

log = logging.getLogger("perceptarium")


def main(connection: Connection, folder: Path) -> None:
    """The child's life: from the first message to Stop or to the server's end."""
    begin(NICENESS)
    try:
        Painter(connection, TableFiles(folder)).live()
    except (EOFError, OSError):
        log.debug("the server is gone")


Turns = Generator[None, None, None]
Shares = Generator[float, None, dict[str, Any]]


@dataclass
class Job:
    """Something under way, and the picture it is for, if any."""

    turns: Turns
    paint: Paint | None = None


class Painter:
    """Do what is asked, a slice of each in turn."""

    def __init__(self, connection: Connection, files: TableFiles) -> None:
        self._connection = connection
        self._files = files
        self._data = DataCache(files)
        self._cache = ViewCache()
        self._jobs: deque[Job] = deque()

    def live(self) -> None:
        """Until Stop."""
        self._connection.send(Ready())
        while True:
            while self._connection.poll(0 if self._jobs else None):
                message = self._connection.recv()
                if isinstance(message, Stop):
                    return
                self._take(message)
            if self._jobs:
                self._turn(self._jobs.popleft())

    def _take(self, message: Any) -> None:
        if isinstance(message, Drop):
            self._jobs = deque(job for job in self._jobs if not _dropped(job, message))
        elif isinstance(message, Paint):
            self._jobs.append(Job(self._paint(message), message))
        else:
            self._jobs.append(Job(self._answer(message)))

    def _turn(self, job: Job) -> None:
        try:
            next(job.turns)
        except StopIteration:
            return
        self._jobs.append(job)

    def _paint(self, paint: Paint) -> Turns:
        try:
            checkpoint, data = self._open(paint.config, paint.checkpoint)
        except Exception as error:
            for key in paint.keys:
                self._connection.send(Painted(paint.run, key, paint.version, None, _problem(error).body()))
            return
        for key in paint.keys:
            painted = yield from self._painted(paint, key, checkpoint, data)
            self._connection.send(painted)

    def _painted(
        self, paint: Paint, key: ViewKey, checkpoint: Any, data: Any
    ) -> Generator[None, None, Painted]:
        moment = (checkpoint.attempt, checkpoint.step, checkpoint.epoch)
        told = perf_counter()
        computing = _computed(
            key.view, checkpoint, data, encoding.decode(key.options), paint.past, self._files, self._cache
        )
        try:
            while True:
                try:
                    share = next(computing)
                except StopIteration as done:
                    arrays = done.value
                    text = encoding.body("view", moment, {"view": key.view} | arrays)
                    break
                if perf_counter() - told > TELL_EVERY:
                    told = perf_counter()
                    hint = encoding.body("view", moment, {"view": key.view, "progress": share})
                    self._connection.send(Underway(paint.run, key, hint))
                yield
        except Exception as error:
            return Painted(paint.run, key, paint.version, None, _problem(error).body())
        found = tuple(arrays.get("diagnoses", ()))
        return Painted(paint.run, key, paint.version, text, diagnoses=found)

    def _answer(self, ask: Ask) -> Turns:
        try:
            answer = yield from self._looked_up(ask)
            self._connection.send(
                Answer(ask.request, encoding.encode(answer, ask.arguments.get("typed", False)))
            )
        except Exception as error:
            problem = _problem(error)
            self._connection.send(Refusal(ask.request, problem.status, problem.body()))

    def _looked_up(self, ask: Ask) -> Generator[None, None, Any]:
        if ask.what == "redraw":
            return self._redraw(ask.config, ask.arguments["operations"])
        if ask.what == "points":
            return queries.points(self._data.load(ask.config), ask.arguments.get("numbers"))
        checkpoint, data = self._open(ask.config, ask.checkpoint)
        if ask.what == "weights":
            return queries.weights(checkpoint, data)
        if ask.what == "predict":
            return queries.predict(checkpoint, data, ask.arguments["inputs"])
        assert ask.what == "view", ask.what
        name = ask.arguments["view"]
        head = {
            "run": ask.arguments["run"],
            "attempt": checkpoint.attempt,
            "step": checkpoint.step,
            "epoch": checkpoint.epoch,
        }
        computing = _computed(
            name, checkpoint, data, ask.arguments["options"], ask.past, self._files, self._cache
        )
        while True:
            try:
                next(computing)
            except StopIteration as done:
                return head | {"view": name} | done.value
            yield

    def _open(self, config: dict[str, Any], stored: bytes | None) -> tuple[Any, Any]:
        """Checkpoint and data; without a checkpoint, the beginning of the run."""
        if stored is None:
            data = self._data.load(config)
            return trainer(parse(config, self._files), data).checkpoint(), data
        checkpoint = Checkpoint.from_bytes(stored, self._files)
        # Its own configuration: its points may have been others than those of now.
        return checkpoint, self._data.load(checkpoint.config.model_dump(mode="json"))

    def _redraw(self, config: dict[str, Any], operations: dict[str, Any]) -> dict[str, Any]:
        """Keep the points after some operations; and those of before, so that one can go back to them."""
        described = dataset_of(parse(config, self._files).dataset)
        drawn = (described.generated, described.truth_table)
        data = self._data.load(config)
        table = redrawn(data, operations, *drawn)
        # A table whose points have no part of their own would be divided anew, and not as it was.
        before = (
            config["dataset"]["content"] if described.sizes else self._files.save(redrawn(data, {}, *drawn))
        )
        return {"content": self._files.save(table), "previous": before, "rows": table.header.rows}


def _computed(
    name: str,
    checkpoint: Any,
    data: Any,
    options: dict[str, Any],
    past: Past | None,
    tables: TableLibrary,
    cache: ViewCache,
) -> Shares:
    """The view, in slices where it can be; yields the share that is done."""
    view, task = VIEWS[name], checkpoint.problem.task
    if task not in view.applies_to:
        raise ConfigError("view", f"does not apply to {task}", given=name, limit=list(view.applies_to))
    view.check(checkpoint)
    path: Any = None
    if past is not None and past.attempt == checkpoint.attempt:
        if past.points is not None:
            path = history_columns.to_points(history_columns.between(past.points, None, checkpoint.step))
        elif past.weights is not None:
            path = yield from _weights(checkpoint, past.weights, tables)
    return (yield from view.slices(checkpoint, data, options, path, cache))


def _weights(
    checkpoint: Any, recorded: tuple[bytes, ...], tables: TableLibrary
) -> Generator[float, None, list[Any]]:
    """The weights recorded up to this checkpoint, of networks with the same units."""
    path = []
    for stored in recorded:
        earlier = Checkpoint.from_bytes(stored, tables)
        if earlier.step <= checkpoint.step and _units(earlier) == _units(checkpoint):
            path.append(earlier.theta)
        yield 0.0
    return path


def _units(checkpoint: Any) -> list[int]:
    return [layer.units for layer in checkpoint.config.layers]


def _dropped(job: Job, drop: Drop) -> bool:
    return job.paint is not None and job.paint.run == drop.run and drop.keys.issuperset(job.paint.keys)


def _problem(error: Exception) -> ApiError:
    if isinstance(error, ConfigError):
        return from_config_error(error)
    if isinstance(error, ApiError):
        return error
    log.error("a view or question failed", exc_info=error)
    failure = ApiError("failed", f"This could not be computed: {type(error).__name__}: {error}")
    failure.status = 500
    return failure
