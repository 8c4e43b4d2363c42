"""Command queue: the commands and configuration changes of one run take effect one at a time, in order of
arrival.

A command waits for its turn and keeps it until it is in effect. Step commands may take long; start, pause,
stop and reset interrupt those that arrived before them, to have their own turn soon. A step command that is
interrupted before its turn trains no step. No command is dropped.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator


class Turn:
    """The turn of one command."""

    def __init__(self) -> None:
        self.interrupted = False
        self._on_interrupt: Callable[[], None] | None = None

    def interrupt(self) -> None:
        """Ends this command early, if it can be interrupted."""
        self.interrupted = True
        if self._on_interrupt is not None:
            self._on_interrupt()

    @contextlib.contextmanager
    def interruptible(self, on_interrupt: Callable[[], None]) -> Iterator[None]:
        """Calls `on_interrupt` if this command is interrupted within the context."""
        self._on_interrupt = on_interrupt
        try:
            yield
        finally:
            self._on_interrupt = None


class CommandQueue:
    """The turns of one run's commands."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()  # is acquired in the order of arrival
        self._turns: list[Turn] = []

    @property
    def busy(self) -> bool:
        """Whether a command is waiting or being executed."""
        return bool(self._turns)

    @contextlib.asynccontextmanager
    async def turn(self, interrupts: bool = False) -> AsyncIterator[Turn]:
        """Waits for the commands that arrived before; `interrupts`: ends the step commands among them."""
        if interrupts:
            for earlier in self._turns:
                earlier.interrupt()
        turn = Turn()
        self._turns.append(turn)
        try:
            async with self._lock:
                yield turn
        finally:
            self._turns.remove(turn)
