"""Bundles: several messages of a pipe that are written and read at once.

A system call on a pipe takes longer than computing most of what is sent, and wakes the other process.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

MAX_BYTES = 1024 * 1024  # after which a bundle is written, so that large messages are not all in memory


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several messages in order, each as `Connection.send` writes it."""

    messages: tuple[bytes, ...]


class Outgoing:
    """The messages that were put and not written yet. Each is encoded at once, as it may change later."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[bytes] = []
        self._bytes = 0

    def put(self, message: Any) -> None:
        """Add a message. Raises OSError if the other end is closed."""
        self._waiting.append(bytes(ForkingPickler.dumps(message)))
        self._bytes += len(self._waiting[-1])
        if self._bytes > MAX_BYTES:
            self.write()

    def write(self) -> None:
        """Write what was put. Raises OSError if the other end is closed."""
        messages, self._waiting, self._bytes = self._waiting, [], 0
        if len(messages) == 1:
            self._connection.send_bytes(messages[0])
        elif messages:
            self._connection.send(Bundle(tuple(messages)))


class Incoming:
    """The messages that are read one by one from bundles."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._messages: deque[Any] = deque()

    def poll(self, timeout: float = 0.0) -> bool:
        """Returns whether there is a message; waits for one up to `timeout` seconds."""
        return bool(self._messages) or self._connection.poll(timeout)

    def recv(self) -> Any:
        """Returns the next message, once there is one. Raises EOFError or OSError at the end."""
        if not self._messages:
            self._messages.extend(receive(self._connection))
        return self._messages.popleft()


def receive(connection: Connection) -> list[Any]:
    """Returns the messages of the next bundle, once there is one. Raises EOFError or OSError at the end."""
    message = connection.recv()
    return list(map(ForkingPickler.loads, message.messages)) if isinstance(message, Bundle) else [message]


def parts(messages: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Divides messages into lists of at most `size`, in order."""
    iterator = iter(messages)
    while part := list(islice(iterator, size)):
        yield part
