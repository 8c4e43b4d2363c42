"""Source files: the files from which data sets were imported, so that they can be read in another way later.

They are kept within a budget; the oldest are given up first. The tables themselves do not depend on them.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

FOLDER = "sources"  # in the data folder
BUDGET = 256 * 1024 * 1024  # bytes of all files together
KEY = re.compile("[0-9a-f]{32}")


class SourceFiles:
    """The folder of the source files, each named by a random key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def keep(self, path: Path) -> str | None:
        """Move a file into the folder. Returns its key; None if it could not be kept, and remains."""
        key = secrets.token_hex(16)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            os.replace(path, self._folder / key)
        except OSError:
            return None
        return key

    def path(self, key: object) -> Path | None:
        """Returns the file of a key; None if it is not kept any more."""
        if not isinstance(key, str) or not KEY.fullmatch(key):
            return None
        path = self._folder / key
        return path if path.is_file() else None

    def keep_only(self, keys: Iterable[object]) -> None:
        """Delete all files but those of these keys, the most important first, within the budget."""
        needed: set[str] = set()
        total = 0
        for path in map(self.path, keys):
            if path is not None:
                total += path.stat().st_size
                if total <= BUDGET:
                    needed.add(path.name)
        for path in self._folder.glob("*"):
            if path.name not in needed:
                with contextlib.suppress(OSError):
                    path.unlink()
        with contextlib.suppress(OSError):  # not empty, or absent
            self._folder.rmdir()
