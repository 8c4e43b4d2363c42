"""Training worker: a child process that trains runs in turns of about 5 ms."""

import logging
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from app.errors import NOT_TAKEN_UP, ApiError, Conflict, from_config_error
from app.run_states import exception
from app.storage.table_files import TableFiles
from app.workers.child_process import prepare_process
from app.workers.current_task import CurrentTask
from app.workers.data_cache import DataCache
from app.workers.heartbeat import BeatingConnection
from app.workers.messages import (
    ExecuteCommand,
    InterruptStep,
    LoadRun,
    Ready,
    Refusal,
    SendWeights,
    Stop,
    Transition,
    UnknownMessage,
    UnloadRun,
)
from app.workers.recorded import Position
from app.workers.run_costs import slice_seconds
from app.workers.training.messages import Watch
from app.workers.training.pacing import Rhythm
from app.workers.training.session import TrainingSession
from app.workers.training.turns import Heap, Turns
from engine.config.errors import ConfigError
from engine.datasets.tables.drawn_points import with_content
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse
from engine.training.carry_over import carry_over
from engine.training.checkpoint import Checkpoint

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
        self._tables = tables
        self._connection = BeatingConnection(connection, self._shares)
        self._task = task or CurrentTask()
        self._sessions: dict[str, TrainingSession] = {}
        self._data = DataCache(tables)
        self._turns: Turns[TrainingSession] = Turns()
        self._reports: Heap[TrainingSession] = Heap()  # by the time at which a message is due
        self._training: set[TrainingSession] = set()
        self._stopping = False

    def run(self) -> None:
        """Until Stop: handle messages, train some slices of the runs that are due, and send due messages."""
        self._connection.send(Ready())
        while not self._stopping:
            if self._connection.poll(self._seconds_until_due()):
                self._receive()
            self._work()
        for session in self._sessions.values():
            if session.active:
                session.save(perf_counter())

    def _seconds_until_due(self) -> float | None:
        times = [time for time in (self._turns.next_due(), self._reports.least()) if time is not None]
        return max(0.0, min(times) - perf_counter()) if times else None

    def _receive(self) -> None:
        while True:
            self._handle(self._connection.recv())
            if not self._connection.poll(0):
                return

    def _work(self) -> None:
        now = perf_counter()
        end = now + MAX_WORK
        while now < end and (session := self._turns.next(now)) is not None:
            self._train(session)
            now = perf_counter()
        for session in self._reports.pop_all(now):
            self._run_session(session, session.report)
            self._plan(session)

    def _train(self, session: TrainingSession) -> None:
        """Train one slice of a session; its messages are part of its cost."""
        began, taken, rhythm = thread_time(), 0, Rhythm.of(len(self._training))

        def work(now: float) -> None:
            nonlocal taken
            taken = session.work(now, rhythm)

        self._run_session(session, work)
        self._run_session(session, session.report)
        self._plan(session)
        used = thread_time() - began
        self._turns.spend(session, used)
        session.cost.add(used, taken)

    def _plan(self, session: TrainingSession) -> None:
        """Plan the next turn and the next message of a session, after anything that can change them."""
        due = session.training_due()
        report_due = session.reports.due(session.version, session.status == "running")
        self._turns.plan(session, due)
        (self._training.discard if due is None else self._training.add)(session)
        if report_due is None:
            self._reports.discard(session)
        else:
            self._reports.set(session, report_due)

    def _shares(self) -> dict[str, float]:
        """Returns the share of a core that each training run needs, where it is known."""
        shares = {session.run: session.share() for session in self._training}
        return {run: share for run, share in shares.items() if share is not None}

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
            self._plan(self._sessions[message.run])

    def _notify(self, session: TrainingSession, message: InterruptStep | SendWeights | Watch) -> None:
        match message:
            case InterruptStep():
                self._run_session(session, session.interrupt_step)
            case SendWeights():
                session.reports.request_weights(message)
            case Watch():
                session.reports.watch(message.watched, perf_counter())

    def _unload(self, run: str) -> None:
        if (session := self._sessions.pop(run, None)) is not None:
            self._turns.remove(session)
            self._reports.discard(session)
            self._training.discard(session)

    def _load(self, load: LoadRun) -> None:
        try:
            data = self._data.load(_config_to_load(load, self._tables))
            session = TrainingSession(load, data, self._tables, self._connection.send, perf_counter())
        except Exception as error:
            log.exception("cannot be loaded", extra={"run": load.run})
            position = Position(load.logged[0], max(load.logged[1], load.first_step), 0)
            self._connection.send(
                Transition(load.run, None, "failed", exception(error), False, position, load.speed, 0.0, 0.0)
            )
            return
        self._unload(load.run)
        session.slice_seconds = slice_seconds(session.trainer.config.model_dump(mode="json"))
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
            session.execute(self._with_data(command, session), perf_counter())
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
        session.slice_seconds = slice_seconds(session.trainer.config.model_dump(mode="json"))
        self._task.end()

    def _with_data(self, command: ExecuteCommand, session: TrainingSession) -> ExecuteCommand:
        """Adds the new data and their configuration to a redraw command, its beginning to a fork's reset."""
        if command.name == "reset" and command.arguments.get("beginning") is not None:
            beginning = Checkpoint.from_bytes(command.arguments["beginning"], self._tables)
            carried = carry_over(beginning, session.trainer.config, self._load_data(session))
            return replace(command, arguments={"beginning": carried.checkpoint.state})
        if command.name != "redraw":
            return command
        config = parse(with_content(session.trainer.config, command.arguments["content"]), self._tables)
        data = self._data.load(config.model_dump(mode="json"))
        event = command.arguments["event"]
        return replace(command, arguments={"config": config, "data": data, "event": event})

    def _load_data(self, session: TrainingSession) -> Any:
        return self._data.load(session.trainer.config.model_dump(mode="json"))

    def _refuse(self, command: ExecuteCommand, error: ApiError) -> None:
        self._connection.send(Refusal(command.request, error.status, error.body()))


def _config_to_load(load: LoadRun, tables: TableLibrary) -> dict[str, Any]:
    """Returns the configuration of the checkpoint, whose data may differ from those in `load`."""
    if load.checkpoint is None:
        return load.config
    config: dict[str, Any] = Checkpoint.from_bytes(load.checkpoint, tables).config.model_dump(mode="json")
    return config
