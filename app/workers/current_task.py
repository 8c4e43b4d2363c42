"""Current task: what a child process works on, in memory that the server reads after the process has ended.

So the run or view that makes its process end or hang is known, and the others are not held responsible.
"""

from multiprocessing import get_context
from typing import Any

SIZE = 128  # bytes; longer names are cut


class CurrentTask:
    """The name of the piece of work that the child process does now; None: it waits.

    Setting it takes 0.2 us, so it is done for every slice. Child processes get `memory`.
    """

    def __init__(self, memory: Any = None) -> None:
        # Without a lock: one process writes, and the other one reads only after its end.
        self.memory = memory if memory is not None else get_context("spawn").RawArray("c", SIZE)

    @property
    def name(self) -> str | None:
        """The task, or None."""
        return self.memory.value.decode("utf-8", "replace") or None

    @name.setter
    def name(self, name: str | None) -> None:
        self.memory.value = name.encode()[: SIZE - 1] if name else b""
