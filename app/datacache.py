"""Data cache: the prepared data sets a child process used last, shared by the runs that have the same."""

from typing import Any

from app import wire
from engine.datasets import load
from engine.resolve import parse

CAPACITY_BYTES = 256 * 1024 * 1024


class DataCache:
    """Prepared data by the part of the configuration they follow from; the least recently used go first."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Any] = {}

    def load(self, config: dict[str, Any]) -> Any:
        """The data of a resolved configuration."""
        # The encoding of the targets follows loss and output activation, the precision follows dtype.
        parts = ("dataset", "features", "output_activation", "loss", "dtype", "paradigm")
        key = wire.encode([config.get(part) for part in parts])
        data = self._kept.pop(key, None)
        if data is None:
            data = load(parse(config))
        self._kept[key] = data
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
