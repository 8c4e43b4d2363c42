"""Data cache: the most recently used data of a child process, shared by runs with the same data."""

from typing import Any

from app import encoding
from engine.datasets.tables.library import TableLibrary
from engine.tasks.paradigms import PARADIGMS, load_data
from engine.tasks.resolve import parse

CAPACITY_BYTES = 256 * 1024 * 1024


class DataCache:
    """Data by the part of the configuration that determines them; evicts the least recently used.

    The most recent data are kept even if they exceed the capacity alone (docs/decisions/0008).
    """

    def __init__(self, tables: TableLibrary) -> None:
        self._tables = tables
        self._entries: dict[bytes, Any] = {}

    def find(self, digest: str) -> Any | None:
        """Returns the data with this hash, if they are kept; they count as used."""
        for key, data in self._entries.items():
            if data.digest == digest:
                self._entries[key] = self._entries.pop(key)
                return data
        return None

    def load(self, config: dict[str, Any]) -> Any:
        """Returns the data of a resolved configuration."""
        parts = ("paradigm", *PARADIGMS[config["paradigm"]].shapes_data)
        key = encoding.encode([config[part] for part in parts])
        if key in self._entries:
            data = self._entries[key] = self._entries.pop(key)  # the most recently used is last
            return data
        data = self._entries[key] = load_data(parse(config, self._tables), self._tables)
        while len(self._entries) > 1 and sum(map(size, self._entries.values())) > CAPACITY_BYTES:
            del self._entries[next(iter(self._entries))]
        return data


def size(data: Any) -> int:
    """Returns the bytes of the arrays for training, validation and test."""
    arrays = (
        getattr(part, name)
        for part in (data.train, data.validation, data.test)
        for name in ("raw", "inputs", "targets", "truth")
    )
    return sum(array.nbytes for array in arrays)
