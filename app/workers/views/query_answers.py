"""Query answers: the answers of the view worker to queries about a checkpoint or a data set."""

from collections.abc import Generator
from dataclasses import asdict
from typing import Any

from app.storage.table_files import TableFiles
from app.workers.data_cache import DataCache
from app.workers.messages import Query, UnknownMessage
from app.workers.views.checkpoint_loader import CheckpointLoader
from app.workers.views.fork import fork
from app.workers.views.predicted_rows import read_rows
from app.workers.views.slices import view_slices
from engine import queries
from engine.datasets import dataset_of
from engine.datasets.tables.drawn_points import apply_drawing
from engine.tasks.resolve import parse
from engine.training.batched.rounding import compare_with_single
from engine.training.checkpoint import Checkpoint
from engine.views.cache import ViewCache


class QueryAnswers:
    """Computes answers in slices, with the caches of the view worker."""

    def __init__(
        self, files: TableFiles, data: DataCache, loader: CheckpointLoader, cache: ViewCache
    ) -> None:
        self._files = files
        self._data = data
        self._loader = loader
        self._cache = cache

    def slices(self, query: Query) -> Generator[None, None, Any]:
        """Yields after each slice, and returns the answer before it is encoded. Raises UnknownMessage."""
        arguments = query.arguments
        match query.name:
            case "redraw":
                return self._redraw(query.config, arguments["operations"])
            case "fork":
                checkpoint, _ = yield from self._load(query)
                return fork(checkpoint, arguments, self._data, self._files)
            case "points":
                _, data = yield from self._load(query)
                return queries.points(data, arguments.get("numbers"))
            case "weights":
                return queries.weights(*(yield from self._load(query)))
            case "rounding":
                first, data = yield from self._load(query)
                last = Checkpoint.from_bytes(arguments["last"], self._files)
                return asdict(compare_with_single(first, last, data))
            case "predict":
                checkpoint, data = yield from self._load(query)
                return queries.predict(checkpoint, data, read_rows(arguments["inputs"]))
            case "ends":
                from app.workers.views.ends import ends_slices  # loads SciPy

                return (yield from ends_slices(query, self._loader))
            case "view":
                return (yield from self._query_view(query, *(yield from self._load(query))))
            case _:
                raise UnknownMessage("view worker", Query, query)

    def _load(self, query: Query) -> Generator[None, None, tuple[Any, Any]]:
        loading = self._loader.load(query.config, query.checkpoint, query.replay)
        while True:
            try:
                next(loading)
            except StopIteration as end:
                loaded: tuple[Any, Any] = end.value
                return loaded
            yield

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
