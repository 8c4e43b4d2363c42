"""Table files: imported tables in the data folder, named by the hash of their content and never changed.

`<content>.npz` has the rows, `<content>.json` the header. The header is written last: if it exists, the rows
exist too.
"""

import contextlib
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import is_zipfile

import numpy as np

from app.errors import Damaged
from app.zip_errors import ZIP_ERRORS
from engine.datasets.tables.table import Header, Table

FOLDER = "datasets"  # in the data folder
TEMPORARY = "incoming-"  # prefix of temporary files
MAX_HEADERS = 1024  # in memory

log = logging.getLogger("perceptarium")


class TableFiles:
    """The folder as a table library of the engine, which finds tables by content, not by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._headers: dict[str, Header] = {}

    def content_of(self, name: str) -> str | None:
        """Returns None: the store has the names, and the configuration of a run has the content."""
        return None

    def names(self) -> list[str]:
        """Returns an empty list."""
        return []

    def header(self, content: str) -> Header | None:
        """Returns the header of a table; None if it is not stored."""
        header = self._headers.get(content)
        if header is None:
            try:
                header = Header.from_json(self._path(content, "json").read_text("utf-8"))
            except FileNotFoundError:
                return None
            except (OSError, ValueError, TypeError, KeyError) as error:
                log.warning("the header of the table %s cannot be read: %r", content, error)
                return None
            while len(self._headers) >= MAX_HEADERS:
                del self._headers[next(iter(self._headers))]
            self._headers[content] = header
        return header

    def table(self, content: str) -> Table:
        """Returns a stored table. Raises Damaged."""
        header = self.header(content)
        if header is None:
            raise _damaged(content)
        try:
            with np.load(self._path(content, "npz"), allow_pickle=False) as arrays:
                return Table(header, arrays["X"], arrays["y"])
        except ZIP_ERRORS as error:
            log.warning("the table %s cannot be read: %r", content, error)
            raise _damaged(content) from None

    def is_whole(self, content: str) -> bool:
        """Returns whether the files of a table exist and can be opened; its rows are not read."""
        rows, _ = self.paths(content)
        return self.header(content) is not None and is_zipfile(rows)

    def damage(self, content: str) -> str | None:
        """Returns why a table cannot be used; None if it is as it was stored. Reads all its rows."""
        missing = [path.name for path in self.paths(content) if not path.is_file()]
        if missing:
            return f"the file {missing[0]} is missing"
        try:
            table = self.table(content)
        except Damaged as error:
            return f"the files cannot be read: {error.message}"
        return None if table.content == content else "the rows differ from those that were stored"

    def save(self, table: Table) -> str:
        """Write a table, if it is not stored yet. Returns its content."""
        self.folder.mkdir(parents=True, exist_ok=True)
        content = table.content
        if not self._path(content, "json").exists():
            with self._replaced(content, "npz") as file:
                np.savez(file, allow_pickle=False, X=table.X, y=table.y)
            with self._replaced(content, "json") as file:
                file.write(table.header.to_json().encode())
        return content

    def delete(self, content: str) -> None:
        """Delete a table."""
        self._headers.pop(content, None)
        for suffix in ("json", "npz"):
            self._path(content, suffix).unlink(missing_ok=True)

    def contents(self) -> set[str]:
        """Returns the contents of all stored tables."""
        return {path.stem for path in self.folder.glob("*.json")}

    def paths(self, content: str) -> tuple[Path, Path]:
        """Returns the files of the rows and of the header of a table."""
        return self._path(content, "npz"), self._path(content, "json")

    def size(self, content: str) -> int:
        """Returns the bytes of the files of a table."""
        return sum(path.stat().st_size for path in self.paths(content) if path.exists())

    def created(self, content: str) -> float | None:
        """Returns when a table was written, in seconds since 1970; None without its header."""
        try:
            return self._path(content, "json").stat().st_mtime
        except FileNotFoundError:
            return None

    def sizes(self) -> dict[str, int]:
        """Returns the bytes of the files of every stored table."""
        sizes: dict[str, int] = {}
        for path in self.folder.glob("*.*"):
            if path.suffix in (".json", ".npz"):
                with contextlib.suppress(FileNotFoundError):  # it is deleted at this moment
                    sizes[path.stem] = sizes.get(path.stem, 0) + path.stat().st_size
        return sizes

    def temporary_path(self) -> Path:
        """Returns a new path for a temporary file."""
        return self.folder / f"{TEMPORARY}{secrets.token_hex(8)}"

    def remove_temporary_files(self) -> None:
        """Create the folder, and remove temporary files that an earlier process left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob(f"{TEMPORARY}*"):
            path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _replaced(self, content: str, suffix: str) -> Iterator[IO[bytes]]:
        """Yields a file that becomes the one of a table once it is complete; else, nothing of it remains."""
        path = self.temporary_path()
        try:
            with path.open("xb") as file:
                yield file
            os.replace(path, self._path(content, suffix))
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def _path(self, content: str, suffix: str) -> Path:
        return self.folder / f"{content}.{suffix}"


def _damaged(content: str) -> Damaged:
    message = "The stored table of this data set is damaged; import the file again under its name."
    return Damaged(message, field="dataset.content", given=content)
