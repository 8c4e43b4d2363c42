"""Cache: values that views keep from one call to the next, such as the grid of inputs under a map."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MAX_BYTES = 64 * 2**20  # of the arrays of one kind

Value = TypeVar("Value")


class ViewCache:
    """Owned by the caller that computes views, for one thread. Drops the oldest value of a kind first."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[Hashable, Any]] = {}

    def get(self, kind: str, key: Hashable, make: Callable[[], Value], limit: int = 32) -> Value:
        """The value of this key, made by `make` where it is not kept; at most `limit` values per kind.

        Keys must name everything that the value depends on, data by their digest.
        """
        kept = self._kinds.setdefault(kind, {})
        if key not in kept:
            made = make()
            while kept and (len(kept) >= limit or sum(map(_bytes, kept.values())) > MAX_BYTES):
                kept.pop(next(iter(kept)))
            kept[key] = made
        value: Value = kept[key]
        return value


def _bytes(value: Any) -> int:
    return int(getattr(value, "nbytes", 0))
