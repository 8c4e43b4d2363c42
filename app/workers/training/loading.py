"""Loading: sessions from messages, and the data that commands need."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

from app.run_states import exception
from app.workers.data_cache import DataCache
from app.workers.messages import ExecuteCommand, LoadRun, Transition
from app.workers.recorded import Position
from app.workers.run_costs import slice_seconds
from app.workers.training.session import TrainingSession
from engine.datasets.tables.drawn_points import with_content
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse
from engine.training.checkpoint import Checkpoint
from engine.training.continuation.carry_over import carry_over


class RunLoader:
    """Loads runs and their data, which runs with the same data share."""

    def __init__(self, tables: TableLibrary) -> None:
        self._tables = tables
        self._data = DataCache(tables)

    def session(self, load: LoadRun, send: Callable[[Any], None]) -> TrainingSession:
        """Returns the session of a run. Raises any exception of the engine."""
        data = self._data.load(_config_to_load(load, self._tables))
        session = TrainingSession(load, data, self._tables, send, perf_counter())
        session.slice_seconds = slice_seconds(session.trainer.config.model_dump(mode="json"))
        return session

    def with_data(self, command: ExecuteCommand, session: TrainingSession) -> ExecuteCommand:
        """Adds the new data and their configuration to a redraw command, its beginning to a fork's reset."""
        if command.name == "reset" and command.arguments.get("beginning") is not None:
            beginning = Checkpoint.from_bytes(command.arguments["beginning"], self._tables)
            data = self._data.load(session.trainer.config.model_dump(mode="json"))
            carried = carry_over(beginning, session.trainer.config, data)
            return replace(command, arguments={"beginning": carried.checkpoint.state})
        if command.name != "redraw":
            return command
        config = parse(with_content(session.trainer.config, command.arguments["content"]), self._tables)
        data = self._data.load(config.model_dump(mode="json"))
        event = command.arguments["event"]
        return replace(command, arguments={"config": config, "data": data, "event": event})


def not_loaded(load: LoadRun, error: Exception) -> Transition:
    """Returns the state of a run that could not be loaded."""
    position = Position(load.logged[0], max(load.logged[1], load.first_step), 0)
    return Transition(load.run, None, "failed", exception(error), False, position, load.speed, 0.0, 0.0)


def _config_to_load(load: LoadRun, tables: TableLibrary) -> dict[str, Any]:
    """Returns the configuration of the checkpoint, whose data may differ from those in `load`."""
    if load.checkpoint is None:
        return load.config
    config: dict[str, Any] = Checkpoint.from_bytes(load.checkpoint, tables).config.model_dump(mode="json")
    return config
