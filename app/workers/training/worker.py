"""Training worker: a child process that trains runs in turns of about 5 ms."""

import logging
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from app.errors import NOT_TAKEN_UP, ApiError, Conflict, from_config_error
from app.run_states import exception
from app.storage.table_files import TableFiles
from app.workers.child_process import prepare_process
from app.workers.current_task import CurrentTask
from app.workers.heartbeat import BeatingConnection
from app.workers.messages import (
    ExecuteCommand,
    InterruptStep,
    LoadRun,
    Ready,
    Refusal,
    SendWeights,
    Stop,
    UnknownMessage,
    UnloadRun,
)
from app.workers.run_costs import slice_seconds
from app.workers.training.batch import Batch
from app.workers.training.loading import RunLoader, not_loaded
from app.workers.training.messages import Watch
from app.workers.training.pacing import UNLIMITED, Rhythm
from app.workers.training.plan import Plan
from app.workers.training.session import TrainingSession
from engine.config.errors import ConfigError
from engine.datasets.tables.library import TableLibrary

NICENESS = 10
MAX_WORK = 0.004  # seconds of short turns, between two looks for messages

log = logging.getLogger("perceptarium")

WorkerMessage = LoadRun | UnloadRun | ExecuteCommand | InterruptStep | SendWeights | Watch | Stop


def main(connection: Connection, folder: Path, task: CurrentTask) -> None:
    """Run until a Stop message or the end of the server."""
    prepare_process(NICENESS)
    try:
        TrainingWorker(connection, TableFiles(folder), task).run()
    except (EOFError, OSError):
        log.debug("the server has ended")


class TrainingWorker:
    """The training sessions of this process, which take turns."""

    def __init__(self, connection: Connection, tables: TableLibrary, task: CurrentTask | None = None) -> None:
        self._plan = Plan()
        self._connection = BeatingConnection(connection, self._plan.shares)
        self._task = task or CurrentTask()
        self._sessions: dict[str, TrainingSession] = {}
        self._loader = RunLoader(tables)
        self._stopping = False

    def run(self) -> None:
        """Until Stop: handle messages, train some slices of the runs that are due, and send due messages."""
        self._connection.send(Ready())
        while not self._stopping:
            if self._connection.poll(self._plan.seconds_until_due()):
                self._receive()
            self._work()
        for session in self._sessions.values():
            if session.active:
                session.save(perf_counter())

    def _receive(self) -> None:
        while True:
            self._handle(self._connection.recv())
            if not self._connection.poll(0):
                return

    def _work(self) -> None:
        now = perf_counter()
        end = now + MAX_WORK
        while now < end and (item := self._plan.next(now)) is not None:
            with self._connection.together():
                self._train_batch(item) if isinstance(item, Batch) else self._train(item)
            now = perf_counter()
        with self._connection.together():
            for session in self._plan.due_reports(now):
                self._run_session(session, session.report)
                self._plan.set(session)

    def _train(self, session: TrainingSession) -> None:
        """Train one slice of a session; its messages are part of its cost."""
        began = thread_time()
        taken = self._train_slice(session, self._plan.rhythm())
        self._run_session(session, session.report)
        self._plan.set(session)
        used = thread_time() - began
        self._plan.spend(session, used)
        session.cost.add(used, taken)

    def _train_slice(self, session: TrainingSession, rhythm: Rhythm, limit: int = UNLIMITED) -> int:
        taken = 0

        def work(now: float) -> None:
            nonlocal taken
            taken = session.work(now, rhythm, limit)

        self._run_session(session, work)
        return taken

    def _train_batch(self, batch: Batch) -> None:
        """Train one slice of the sessions of a batch, or of one that trains alone in this turn."""
        began, rhythm, alone = thread_time(), self._plan.rhythm(), batch.turn()
        if alone is None:
            worked = self._work_together(batch, rhythm)
        else:
            session, limit = alone
            self._train_slice(session, rhythm, limit)
            worked = [session]
        for session in worked:
            self._run_session(session, session.report)
            if session.batched != batch.name:
                self._plan.set(session)
        self._plan.spend(batch, thread_time() - began)
        self._plan.set_batch(batch)

    def _work_together(self, batch: Batch, rhythm: Rhythm) -> list[TrainingSession]:
        self._task.begin(batch.name, batch.slice_seconds)
        try:
            worked = batch.work(rhythm)
        except ConnectionError:
            raise
        except Exception:
            log.exception("batch %s: its runs go on alone", batch.name)
            worked = batch.dissolve()
        self._task.end()
        return worked

    def _run_session(self, session: TrainingSession, work: Callable[[float], None]) -> None:
        """Call a method of a session; an exception of the engine ends its run as failed."""
        self._task.begin(session.run, session.slice_seconds)
        try:
            work(perf_counter())
        except ConnectionError:
            raise
        except Exception as error:
            log.exception("failed", extra={"run": session.run})
            session.fail(exception(error))
        self._task.end()

    # ---- messages

    def _handle(self, message: Any) -> None:
        match message:
            case LoadRun():
                self._task.begin(message.run, slice_seconds(message.config))
                self._load(message)
                self._task.end()
            case ExecuteCommand():
                self._execute(message)
            case UnloadRun():
                self._unload(message.run)
            case InterruptStep() | SendWeights() | Watch():
                if message.run in self._sessions:
                    self._notify(self._sessions[message.run], message)
            case Stop():
                self._stopping = True
            case _:
                raise UnknownMessage("training worker", WorkerMessage, message)
        if not isinstance(message, Stop) and message.run in self._sessions:
            self._plan.set(self._sessions[message.run])

    def _notify(self, session: TrainingSession, message: InterruptStep | SendWeights | Watch) -> None:
        match message:
            case InterruptStep():
                self._run_session(session, session.interrupt_step)
            case SendWeights():
                session.reports.request_weights(message)
            case Watch():
                session.reports.watch(message.watched, perf_counter())

    def _unload(self, run: str) -> None:
        session = self._sessions.pop(run, None)
        if session is not None:
            self._plan.remove(session)

    def _load(self, load: LoadRun) -> None:
        try:
            session = self._loader.session(load, self._connection.send)
        except Exception as error:
            log.exception("cannot be loaded", extra={"run": load.run})
            self._connection.send(not_loaded(load, error))
            return
        self._unload(load.run)
        self._sessions[load.run] = session
        if load.lost_attempt is None:
            session.report_loaded()
        else:
            session.trainer.state.attempt = load.lost_attempt

    def _execute(self, command: ExecuteCommand) -> None:
        session = self._sessions.get(command.run)
        if session is None:
            error = Conflict(NOT_TAKEN_UP, "This run could not be loaded; its status_reason has the cause.")
            return self._refuse(command, error)
        self._task.begin(session.run, session.slice_seconds)
        try:
            if command.name != "snapshot":
                self._plan.leave_batch(session)
            session.execute(self._loader.with_data(command, session), perf_counter())
        except ConfigError as error:
            self._refuse(command, from_config_error(error))
        except ApiError as error:
            self._refuse(command, error)
        except (ConnectionError, UnknownMessage):
            raise
        except Exception as error:
            log.exception("failed", extra={"run": command.run})
            session.fail(exception(error))
            self._refuse(command, Conflict("failed", f"The run failed: {exception(error).text}"))
        if command.name in ("change", "operate", "redraw"):
            session.slice_seconds = slice_seconds(session.trainer.config.model_dump(mode="json"))
        self._task.end()

    def _refuse(self, command: ExecuteCommand, error: ApiError) -> None:
        self._connection.send(Refusal(command.request, error.status, error.body()))
