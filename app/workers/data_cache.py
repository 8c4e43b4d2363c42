"""Data cache: the most recently used prepared data of a child process, shared by runs with the same data."""

from typing import Any

from app import encoding
from engine.datasets.tables.library import TableLibrary
from engine.tasks.paradigms import PARADIGMS, load_data
from engine.tasks.resolve import parse

CAPACITY_BYTES = 256 * 1024 * 1024


class DataCache:
    """Prepared data by the part of the configuration that determines them; evicts the least recently used.

    The newest data stay even if they alone exceed the capacity (docs/decisions/0008).
    """

    def __init__(self, tables: TableLibrary) -> None:
        self._tables = tables
        self._kept: dict[bytes, Any] = {}

    def load(self, config: dict[str, Any]) -> Any:
        """The data of a resolved configuration."""
        parts = ("paradigm", *PARADIGMS[config["paradigm"]].shapes_data)
        key = encoding.encode([config[part] for part in parts])
        if key in self._kept:
            data = self._kept[key] = self._kept.pop(key)  # the most recently used stands last
            return data
        data = self._kept[key] = load_data(parse(config, self._tables), self._tables)
        while len(self._kept) > 1 and sum(map(size, self._kept.values())) > CAPACITY_BYTES:
            del self._kept[next(iter(self._kept))]
        return data


def size(data: Any) -> int:
    """Bytes of the arrays of the three parts."""
    arrays = (
        getattr(part, name)
        for part in (data.train, data.validation, data.test)
        for name in ("raw", "inputs", "targets", "truth")
    )
    return sum(array.nbytes for array in arrays)
