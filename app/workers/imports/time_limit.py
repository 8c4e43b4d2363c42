"""A limit on the time of a computation, in seconds of the processor, whatever the load of the machine is."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any


class TookTooLong(Exception):
    """A computation took more than its time."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises TookTooLong in the context after so many seconds, again every second until the context ends.

    Only in the main thread, and only where the system has such a timer: not on Windows.
    """

    def end(number: int, frame: Any) -> None:
        raise TookTooLong(f"more than {seconds:g} seconds")

    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "setitimer"):
        yield
        return
    previous = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
