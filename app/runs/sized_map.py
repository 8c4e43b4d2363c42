"""Sized map: a dictionary that knows the sum of the sizes of its values."""

from collections.abc import Callable, Iterator, MutableMapping
from typing import TypeVar

V = TypeVar("V")


class SizedMap(MutableMapping[int, V]):
    """A dictionary by number; `bytes` is the sum of `size(value)` over all values."""

    def __init__(self, size: Callable[[V], int]) -> None:
        self.bytes = 0
        self._size = size
        self._values: dict[int, V] = {}

    def __getitem__(self, key: int) -> V:
        return self._values[key]

    def __setitem__(self, key: int, value: V) -> None:
        self.pop(key, None)
        self._values[key] = value
        self.bytes += self._size(value)

    def __delitem__(self, key: int) -> None:
        self.bytes -= self._size(self._values.pop(key))

    def __iter__(self) -> Iterator[int]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
