"""Forks: new runs that continue from a step of another run, with or without changes."""

from collections.abc import Mapping
from typing import Any

from app import encoding
from app.datasets import Datasets
from app.errors import Invalid
from app.runs.history.recording import Recorder
from app.runs.queries import RunQueries
from app.runs.run import Run
from app.runs.run_cache import RunCache
from app.runs.scheduler import Scheduler
from app.workers.recorded import Position, RecordedCheckpoint
from engine.datasets import DATASETS
from engine.tasks.resolve import parse


class RunForks:
    """Creates runs from the recorded states of others."""

    def __init__(
        self,
        run_cache: RunCache,
        datasets: Datasets,
        scheduler: Scheduler,
        queries: RunQueries,
        recorder: Recorder,
    ) -> None:
        self._run_cache = run_cache
        self._store = run_cache.store
        self._datasets = datasets
        self._scheduler = scheduler
        self._queries = queries
        self._recorder = recorder

    async def fork(
        self, parent: Run, step: int | None, attempt: int | None, changes: Any, name: str, start: bool
    ) -> tuple[Run, dict[str, Any]]:
        """Returns the new run, and what was carried over and what began anew.

        `step` None is the newest one, `attempt` None the present one. The run has the speed of its parent.
        Raises NotFound, Invalid or ConfigError.
        """
        self._store.check()
        state = await self._queries.state(parent, attempt, step)
        arguments = {"changes": _with_content(changes, self._datasets), "name": name}
        pool = self._scheduler.pool
        answer = await pool.fork(state.config, state.checkpoint, arguments, state.replay, parent.id)
        assert answer.checkpoint is not None
        described = encoding.decode(answer.text)
        run = self._create(parent, described, answer.checkpoint)
        await self._store.flush()
        self._run_cache.keep(run)
        self._scheduler.begin(run, answer.checkpoint, start)
        return run, described["parts"]

    def _create(self, parent: Run, described: dict[str, Any], checkpoint: bytes) -> Run:
        """Stores a run whose first attempt begins with the checkpoint."""
        config = parse(described["config"], self._datasets)
        position = Position(0, described["step"], described["epoch"])
        origin = {"id": parent.id, "attempt": described["attempt"], "step": described["step"]}
        fields = {"parent": origin, "step": position.step, "epoch": position.epoch}
        run = Run.create(config, self._store, parent.speed, **fields)
        self._recorder.begin_attempt(run)
        self._recorder.set_beginning(run, checkpoint)
        self._recorder.add_checkpoint(run, RecordedCheckpoint(position, checkpoint), "recorded")
        return run


def _with_content(changes: Any, datasets: Datasets) -> Any:
    """Adds the present content of an imported data set that the changes name. Raises Invalid."""
    dataset = changes.get("dataset") if isinstance(changes, Mapping) else None
    name = dataset.get("name") if isinstance(dataset, Mapping) else None
    if not isinstance(dataset, Mapping) or not isinstance(name, str) or name in DATASETS:
        return changes
    if dataset.get("content") is not None:
        return changes
    content = datasets.content_of(name)
    if content is None:
        names = [*DATASETS, *datasets.names()]
        message = f"there is no “{name}”; available are {', '.join(names)}"
        raise Invalid("invalid", message, field="changes.dataset.name", given=name, limit=names)
    return {**changes, "dataset": {**dataset, "content": content}}
