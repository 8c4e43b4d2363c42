"""Kept readings: the cells of the files that were read last, for imports that differ in few options."""

from typing import NamedTuple

from app.imports.options import ImportOptions
from app.imports.reading import Reading

MAX_KEPT_BYTES = 64 * 1024 * 1024  # of all kept readings together; a larger one is not kept


class _Entry(NamedTuple):
    digest: bytes
    reading: Reading
    size: int


class KeptReadings:
    """The last readings by content of their files; the oldest are given up first."""

    def __init__(self, budget: int = MAX_KEPT_BYTES) -> None:
        self._budget = budget
        self._entries: list[_Entry] = []  # the last one that was used is the last

    def find(self, digest: bytes, options: ImportOptions) -> Reading | None:
        """Returns what was read of the file with this digest, if options lead to the same cells.

        If only their values differ, they are read again, but not separated again. Raises Refused.
        """
        for index, entry in enumerate(self._entries):
            if entry.digest == digest and entry.reading.serves(options):
                self._entries.append(self._entries.pop(index))
                return entry.reading
        for entry in reversed(self._entries):
            reading = entry.reading.again(options) if entry.digest == digest else None
            if reading is not None:
                self.keep(digest, reading)
                return reading
        return None

    def keep(self, digest: bytes, reading: Reading) -> None:
        """Keeps a reading of the file with this digest within the budget."""
        self._entries.append(_Entry(digest, reading, reading.size()))
        while self.size() > self._budget:
            del self._entries[0]

    def size(self) -> int:
        """The bytes of all kept readings."""
        return sum(entry.size for entry in self._entries)
