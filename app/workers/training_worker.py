"""Worker: the child process that trains, many runs in turns of about 5 ms; only here training is run."""

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

from app.errors import NOT_TAKEN_UP, ApiError, Conflict, from_config_error
from app.storage.table_files import TableFiles
from app.workers.data_cache import DataCache
from app.workers.messages import Load, Moment, Order, Ready, Refusal, Stop, Transition, Unload, Want
from app.workers.pacing import Turns
from app.workers.training_session import Session
from engine.config.errors import ConfigError
from engine.datasets.tables.drawn_points import with_content
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse
from engine.training.checkpoint import Checkpoint

NICENESS = 10

log = logging.getLogger("perceptarium")


def main(connection: Connection, folder: Path) -> None:
    """The child's life: from the first message to Stop or to the server's end."""
    begin(NICENESS)
    try:
        Worker(connection, TableFiles(folder)).live()
    except (EOFError, OSError):
        log.debug("the server is gone")


def begin(niceness: int) -> None:
    """What every child does first: leave stopping to the server and stand back for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(niceness)


class Worker:
    """Sessions and the loop that gives each its turn."""

    def __init__(self, connection: Connection, tables: TableLibrary) -> None:
        self._tables = tables
        self._connection = connection
        self._sessions: dict[str, Session] = {}
        self._data = DataCache(tables)
        self._turns = Turns()
        self._stopping = False

    def live(self) -> None:
        """Messages, one slice of one run, reports; again."""
        self._connection.send(Ready())
        while not self._stopping:
            if self._connection.poll(self._patience()):
                self._receive()
            self._work()
        now = perf_counter()
        for session in self._sessions.values():
            if session.active:
                session.save(now)

    def _patience(self) -> float | None:
        now = perf_counter()
        waits = [wait for session in self._sessions.values() if (wait := session.wait(now)) is not None]
        return min(waits, default=None)

    def _receive(self) -> None:
        while True:
            self._handle(self._connection.recv())
            if not self._connection.poll(0):
                return

    def _work(self) -> None:
        now = perf_counter()
        active = [session for session in self._sessions.values() if session.active and not session.wait(now)]
        if active:
            session = self._turns.next(active)
            self._guarded(session, session.work)
        for session in list(self._sessions.values()):
            self._guarded(session, session.report)

    def _guarded(self, session: Session, work: Callable[[float], None]) -> None:
        """A run that breaks in the engine ends as failed and takes nobody with it."""
        try:
            work(perf_counter())
        except ConnectionError:
            raise
        except Exception as error:
            log.exception("run %s failed", session.run)
            session.fail(f"{type(error).__name__}: {error}")

    def _handle(self, message: Any) -> None:
        if isinstance(message, Load):
            self._load(message)
        elif isinstance(message, Order):
            self._obey(message)
        elif isinstance(message, Want):
            if message.run in self._sessions:
                self._sessions[message.run].want(message)
        elif isinstance(message, Unload):
            self._sessions.pop(message.run, None)
        elif isinstance(message, Stop):
            self._stopping = True

    def _load(self, load: Load) -> None:
        try:
            data = self._data.load(_present(load, self._tables))
            session = Session(load, data, self._tables, self._connection.send, perf_counter())
        except Exception as error:
            log.exception("run %s cannot be taken up", load.run)
            reason = f"{type(error).__name__}: {error}"
            moment = Moment(load.logged[0], max(load.logged[1], 0), 0)
            self._connection.send(
                Transition(load.run, None, "failed", reason, False, moment, load.speed, 0.0, 0.0)
            )
            return
        self._sessions[load.run] = session
        session.loaded()

    def _obey(self, order: Order) -> None:
        session = self._sessions.get(order.run)
        try:
            if session is None:
                raise Conflict(NOT_TAKEN_UP, "This run could not be taken up; its status_reason says why.")
            session.obey(self._with_data(order, session), perf_counter())
        except ConfigError as error:
            self._refuse(order, from_config_error(error))
        except ApiError as error:
            self._refuse(order, error)
        except ConnectionError:
            raise
        except Exception as error:
            assert session is not None
            log.exception("run %s failed", order.run)
            session.fail(f"{type(error).__name__}: {error}")
            reason = Refusal(
                order.request, 409, ApiError("failed", f"The run failed: {session.reason}").body()
            )
            self._connection.send(reason)

    def _with_data(self, order: Order, session: Session) -> Order:
        """An order for other points brings them."""
        if order.name != "redraw":
            return order
        config = parse(with_content(session.trainer.config, order.arguments["content"]), self._tables)
        data = self._data.load(config.model_dump(mode="json"))
        return replace(order, arguments=order.arguments | {"config": config, "data": data})

    def _refuse(self, order: Order, error: ApiError) -> None:
        self._connection.send(Refusal(order.request, error.status, error.body()))


def _present(load: Load, tables: TableLibrary) -> dict[str, Any]:
    """The configuration of the checkpoint to go on from: its points may be others than the request's."""
    if load.checkpoint is None:
        return load.config
    dumped: dict[str, Any] = Checkpoint.from_bytes(load.checkpoint, tables).config.model_dump(mode="json")
    return dumped
