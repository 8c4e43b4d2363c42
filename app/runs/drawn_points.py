"""Drawn points: the tables of points that users draw into runs, and which runs use them."""

from typing import Any

from app import encoding
from app.datasets import Datasets
from app.errors import refuse_others
from app.runs.history.recording import Recorder
from app.runs.run import Run
from app.workers.pool import Pool
from engine.datasets.tables.drawn_points import with_content
from engine.tasks.resolve import parse


class DrawnPoints:
    """Stores the points of a change, and records that the run uses them."""

    def __init__(self, datasets: Datasets, pool: Pool, recorder: Recorder) -> None:
        self._datasets = datasets
        self._pool = pool
        self._recorder = recorder

    async def event(self, run: Run, operations: dict[str, Any]) -> dict[str, Any]:
        """Returns the event of a change: contents of the new and the previous points, and their number.

        Raises Conflict, Invalid or ConfigError.
        """
        if "content" in operations:
            refuse_others(operations, "content")
            event = self._datasets.replacement_event(run.config, operations["content"])
        else:
            event = await self._draw(run, operations)
            self._datasets.uses.delete_if_unused(event["content"])  # if it is not valid for the run
        parse(with_content(run.config, event["content"]), self._datasets)
        current = run.config_dict["dataset"].get("content")
        for content in (event["previous"], event["content"]):
            if content is not None and content != current:
                self._recorder.use_table(run, content, drawn="content" not in operations)
        return event

    async def _draw(self, run: Run, operations: dict[str, Any]) -> dict[str, Any]:
        """Returns contents that are stored; one may have been deleted with another run during the query."""
        event: dict[str, Any] = {}
        while not event or not all(map(self._datasets.header, (event["content"], event["previous"]))):
            text = await self._pool.query("redraw", run.config_dict, None, {"operations": operations})
            event = encoding.decode(text)
        return event
