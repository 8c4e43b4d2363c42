"""Heartbeat: a child process says between two slices of its work that it is neither stopped nor stuck.

It is sent by the loop that does the work, not by a thread of its own, because a thread would go on while the
loop is stuck.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

from app.workers.bundles import Incoming, Outgoing

INTERVAL = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The loop of a child process goes on.

    `busy`: the share of the time since the last heartbeat in which it did not wait for messages; `shares`:
    that of a core which each of its runs needs.
    """

    busy: float
    shares: dict[str, float] = field(default_factory=dict)


class BeatingConnection:
    """The child's end of the pipe; asking it for messages sends a Heartbeat every INTERVAL seconds."""

    def __init__(self, connection: Connection, shares: Callable[[], dict[str, float]] = dict) -> None:
        self._shares = shares
        self._outgoing = Outgoing(connection)
        self._is_held = False
        self._incoming = Incoming(connection)
        self.recv = self._incoming.recv
        self._sent = perf_counter()
        self._waited = 0.0

    def send(self, message: Any) -> None:
        """Sends a message, in a context of `together` at its end."""
        self._outgoing.put(message)
        if not self._is_held:
            self._outgoing.write()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Sends the messages of the context at once; no context is within another one."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            self._outgoing.write()

    def poll(self, timeout: float | None = 0.0) -> bool:
        """Returns whether there is a message; waits for one up to `timeout` seconds (None: without end)."""
        began = now = perf_counter()
        while True:
            if now >= self._sent + INTERVAL:
                self._beat(now)
            left = self._sent + INTERVAL - now
            if timeout is not None:
                left = min(left, began + timeout - now)
            found = self._incoming.poll(max(0.0, left))
            if found and left <= 0:
                return True
            before, now = now, perf_counter()
            self._waited += now - before if left > 0 else 0.0
            if found or (timeout is not None and now >= began + timeout):
                return found

    def beat_if_due(self) -> None:
        """Sends a Heartbeat if the last one is INTERVAL seconds old; for loops that look for no messages."""
        now = perf_counter()
        if now >= self._sent + INTERVAL:
            self._beat(now)

    def receive(self) -> Any:
        """Returns the next message, once there is one."""
        self.poll(None)
        return self.recv()

    def _beat(self, now: float) -> None:
        elapsed = now - self._sent
        self._outgoing.put(Heartbeat(max(0.0, 1 - self._waited / elapsed), self._shares()))
        self._outgoing.write()
        self._sent, self._waited = now, 0.0
