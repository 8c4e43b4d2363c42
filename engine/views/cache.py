"""Cache: values that views reuse between calls, such as the grid of inputs of a map."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MAX_BYTES = 64 * 2**20  # of the arrays of one category

Value = TypeVar("Value")


class ViewCache:
    """A cache for one thread, owned by the caller that computes views. Evicts the oldest value of a category
    first.
    """

    def __init__(self) -> None:
        self._categories: dict[str, dict[Hashable, Any]] = {}

    def get(self, category: str, key: Hashable, compute: Callable[[], Value], max_values: int = 32) -> Value:
        """The cached value of this key, or else that of `compute`; at most `max_values` values per category.

        Keys must identify everything that the value depends on, data by their digest.
        """
        values = self._categories.setdefault(category, {})
        if key not in values:
            computed = compute()
            while values and (len(values) >= max_values or sum(map(_bytes, values.values())) > MAX_BYTES):
                values.pop(next(iter(values)))
            values[key] = computed
        value: Value = values[key]
        return value


def _bytes(value: Any) -> int:
    return int(getattr(value, "nbytes", 0))
