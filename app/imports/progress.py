"""Progress: the loops that read a file say that they go on, so that a process that is stuck is noticed."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TypeVar

LINES = 1000  # lines between two reports

T = TypeVar("T")

_listener: ContextVar[Callable[[], None]] = ContextVar("listener", default=lambda: None)


@contextlib.contextmanager
def reported_to(listener: Callable[[], None]) -> Iterator[None]:
    """Calls `listener` for every step of the work in the context."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report() -> None:
    """One more step is done. It should take much less than a second."""
    _listener.get()()


def reported(items: Iterable[T], every: int = 1) -> Iterator[T]:
    """Yields the items, and reports before each, or before every so many."""
    listener = _listener.get()
    for number, item in enumerate(items):
        if number % every == 0:
            listener()
        yield item
