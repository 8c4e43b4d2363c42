"""Sending turns: what is due for many viewers at once is sent in several turns of the event loop.

A picture is due for all viewers of its run at the same time: 1,000 messages take 50 ms. In between the loop
handles what else has arrived, such as a request, after SECONDS at most.
"""

import asyncio
from collections import deque
from collections.abc import Callable

SECONDS = 0.004  # of sending in one turn of the loop


class Turn:
    """A call that waits for its turn."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        """Does not call any more."""
        self.call = None


class SendingTurns:
    """Calls in the order in which they were added, those of one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[Turn] = deque()
        self._is_planned = False

    def add(self, call: Callable[[], None]) -> Turn:
        """Calls soon, and returns what can be cancelled."""
        turn = Turn(call)
        self._waiting.append(turn)
        if not self._is_planned:
            self._plan()
        return turn

    def _plan(self) -> None:
        self._is_planned = True
        asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + SECONDS
        try:
            while self._waiting:
                if (call := self._waiting.popleft().call) is not None:
                    call()
                    if clock() >= end:
                        return
        finally:  # also after an error, which the event loop reports
            self._is_planned = False
            if self._waiting:
                self._plan()
