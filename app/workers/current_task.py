"""Current task: what a child process works on, in memory that the server reads.

So the run or view that makes its process end or hang is known, and the others are not held responsible; and a
slice of a very large network, which takes long, is not taken for one that hangs.
"""

from ctypes import Structure, c_char, c_double
from multiprocessing import get_context
from typing import Any

SIZE = 128  # bytes; longer names are cut


class TaskMemory(Structure):
    """Name of the task, and how many seconds of processor time its present slice may take."""

    _fields_ = (("name", c_char * SIZE), ("seconds", c_double))


class CurrentTask:
    """The piece of work that the child process does now. Child processes get `memory`.

    `begin` and `end` take less than 1 us, so they are called for every slice.
    """

    def __init__(self, memory: Any = None) -> None:
        # Without a lock: one process writes and the other one reads, mostly after its end.
        self.memory = memory if memory is not None else get_context("spawn").RawValue(TaskMemory)

    @property
    def name(self) -> str | None:
        """The name of the task; None: the process waits."""
        return self.memory.name.decode("utf-8", "replace") or None

    @property
    def seconds(self) -> float:
        """The processor time that the slice may take; 0: not known."""
        seconds: float = self.memory.seconds
        return seconds

    def begin(self, name: str, seconds: float = 0.0) -> None:
        """Set the task, before each of its slices."""
        self.memory.name, self.memory.seconds = name.encode()[: SIZE - 1], seconds

    def end(self) -> None:
        """The slice has ended."""
        self.memory.name, self.memory.seconds = b"", 0.0
