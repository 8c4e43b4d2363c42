"""Table files: own data in the data folder, each table named by its content and never changed.

`<content>.npz` has the rows, `<content>.json` the header; the header is written last, so that where it
is, the rows are too.
"""

import os
import secrets
from pathlib import Path

import numpy as np

from engine.datasets.tables.table import Header, Table

FOLDER = "datasets"  # in the data folder
INCOMING = "incoming-"
MAX_HEADERS = 1024  # kept in memory


class TableFiles:
    """The folder as a table library of the engine; it knows contents, not names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._headers: dict[str, Header] = {}

    def content_of(self, name: str) -> str | None:
        """Returns None: names are in the store, and the configuration of a run has the content."""
        return None

    def names(self) -> list[str]:
        """None."""
        return []

    def header(self, content: str) -> Header | None:
        """Returns the header of a table; None if it is not here."""
        header = self._headers.get(content)
        if header is None:
            try:
                header = Header.from_json(self._path(content, "json").read_text("utf-8"))
            except FileNotFoundError:
                return None
            while len(self._headers) >= MAX_HEADERS:
                del self._headers[next(iter(self._headers))]
            self._headers[content] = header
        return header

    def table(self, content: str) -> Table:
        """The rows."""
        header = self.header(content)
        assert header is not None, content
        with np.load(self._path(content, "npz"), allow_pickle=False) as arrays:
            return Table(header, arrays["X"], arrays["y"])

    def save(self, table: Table) -> str:
        """Keep a table; returns its content."""
        self.folder.mkdir(parents=True, exist_ok=True)
        content = table.content
        if not self._path(content, "json").exists():
            with self.incoming().open("xb") as file:
                np.savez(file, allow_pickle=False, X=table.X, y=table.y)
            os.replace(file.name, self._path(content, "npz"))
            incoming = self.incoming()
            incoming.write_text(table.header.to_json(), "utf-8")
            os.replace(incoming, self._path(content, "json"))
        return content

    def delete(self, content: str) -> None:
        """Deletes a table."""
        self._headers.pop(content, None)
        for kind in ("json", "npz"):
            self._path(content, kind).unlink(missing_ok=True)

    def contents(self) -> set[str]:
        """All that are here."""
        return {path.stem for path in self.folder.glob("*.json")}

    def incoming(self) -> Path:
        """A path for a file that is on its way."""
        return self.folder / f"{INCOMING}{secrets.token_hex(8)}"

    def tidy(self) -> None:
        """Remove what never arrived."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob(f"{INCOMING}*"):
            path.unlink(missing_ok=True)

    def _path(self, content: str, kind: str) -> Path:
        return self.folder / f"{content}.{kind}"
