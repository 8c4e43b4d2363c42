"""Folder lock: one process at a time may write to a data folder."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

LOCK = "lock"  # the file that a server keeps locked as long as it runs


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[bool]:
    """Yields whether the folder could be locked; it stays locked during the context.

    The operating system releases the lock when this process ends. Raises OSError if the folder does not
    exist or cannot be written.
    """
    with (folder / LOCK).open("w") as file:
        yield _locked(file)


def _locked(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
