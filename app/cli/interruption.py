"""Interruption: Ctrl-C and SIGTERM as a wish to end between two slices, not in the middle of one."""

import signal
from types import FrameType
from typing import Any, Self

ENDING = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """While it is entered, the first such signal is remembered as `number`; a second one ends at once."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Listen."""
        self._before = {number: signal.signal(number, self._remember) for number in ENDING}
        return self

    def __exit__(self, *problem: object) -> None:
        """As before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @property
    def exit_code(self) -> int:
        """What a shell expects of a command that a signal ended."""
        return 128 + (self.number or 0)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.number = number
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
