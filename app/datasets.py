"""Datasets: the use cases about own data: put, list, export, delete."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from time import time
from typing import Any

from app import encoding
from app.errors import Conflict, Invalid, NotFound
from app.storage.store import Store
from app.storage.table_files import TableFiles
from app.workers.import_client import Reading
from engine.catalogue import dataset_entry
from engine.datasets import DATASETS, dataset_of, describe
from engine.datasets.tables.library import header_of
from engine.datasets.tables.table import Header, Table

CONTENT = re.compile("[0-9a-f]{64}")
NAME = re.compile(r"[^\W_][\w .()+-]{0,59}")
BLOCK = 1 << 20


class Datasets:
    """Own data sets by name; the table library of the server's process."""

    def __init__(self, store: Store, reading: Reading, files: TableFiles) -> None:
        self._store = store
        self._reading = reading
        self._files = files
        self.folder = files.folder
        self._rows: dict[str, dict[str, Any]] = {}
        self._recent: set[str] = set()  # contents that runs of this session use

    async def open(self) -> None:
        """Read the names, and remove what no name and no run refers to."""
        self._files.tidy()
        self._rows = {row["name"]: row for row in reversed(await self._store.datasets.all())}
        for content in self._files.contents() - await self._store.datasets.used():
            self._files.delete(content)

    # ---- the table library

    def content_of(self, name: str) -> str | None:
        """The present content of an own data set."""
        row = self._rows.get(name)
        content: str | None = row["content"] if row else None
        return content

    def names(self) -> list[str]:
        """All own data sets."""
        return list(self._rows)

    def header(self, content: str) -> Header | None:
        """What is known of a content."""
        return self._files.header(content)

    def table(self, content: str) -> Table:
        """Rows are for the child processes."""
        raise AssertionError("the server does not touch rows")

    def children(self) -> list[dict[str, Any]]:
        """The child process that reads files, if there is one, for /healthz."""
        return self._reading.children()

    # ---- use cases

    def all(self, about: bool = True) -> list[dict[str, Any]]:
        """The own data sets as in the catalogue, newest first; `about`: with what was understood."""
        return [self._entry(row, about) for row in reversed(self._rows.values())]

    async def receive(self, chunks: AsyncIterator[bytes]) -> Path:
        """Write what arrives into a file; the caller removes it."""
        path = self._files.incoming()
        try:
            with path.open("xb", buffering=BLOCK) as file:
                async for chunk in chunks:
                    file.write(chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    async def put(
        self, name: str, path: Path, wishes: dict[str, Any], dry_run: bool
    ) -> tuple[dict[str, Any], bool]:
        """What is understood of a file, and whether the name is new; unless `dry_run`, the data are kept.

        Raises ApiError, and then nothing has changed.
        """
        refuse_name(name)
        self._store.check()
        answer = encoding.decode(await self._reading.read(path, wishes, not dry_run))
        if not dry_run and self.header(answer["content"]) is None:
            # The same data were there under a name that was deleted while they were read.
            answer = encoding.decode(await self._reading.read(path, wishes, True))
        new = name not in self._rows
        if not dry_run:
            about = {
                key: value
                for key, value in answer.items()
                if key not in ("preview", "sample", "pictures", "content")
            }
            row = {
                "name": name,
                "created": time(),
                "content": answer["content"],
                "about": encoding.encode(about).decode(),
            }
            self._rows.pop(name, None)
            self._rows[name] = row
            self._store.datasets.name(**row)
            await self._store.flush()
        return {"name": name} | answer, new

    def form(self, name: str) -> str:
        """What the data are exported as: csv, or npz where they are pictures. Raises NotFound."""
        header = self.header(self._row(name)["content"])
        return "npz" if header is not None and header.image is not None else "csv"

    async def export(self, name: str) -> Path:
        """The data as a file in their `form`, which the caller removes. Raises NotFound."""
        content = self._row(name)["content"]
        path = self._files.incoming()
        await self._reading.write(content, path)
        return path

    async def delete(self, name: str) -> None:
        """Forget the name; the data stay as long as a run uses them. Raises NotFound."""
        content = self._row(name)["content"]
        del self._rows[name]
        self._store.datasets.forget(name)
        await self._store.flush()
        used = await self._store.datasets.used() | self._recent
        if content not in used and all(row["content"] != content for row in self._rows.values()):
            self._files.delete(content)

    def same_problem(self, config: Any, content: Any) -> dict[str, Any]:
        """Whether a run can go on with this content; and of which content it is now. Raises Invalid."""
        header = self.header(content) if isinstance(content, str) and CONTENT.fullmatch(content) else None
        chosen = config.dataset
        now = describe(dataset_of(chosen), chosen.classes)
        if header is None:
            raise Invalid("invalid", "there are no data of this content", field="content", given=content)
        classes = list(header.classes) if header.classes is not None else None
        if (header.task, list(header.inputs), classes) != (now.task, now.inputs, now.classes):
            raise Invalid("invalid", "these are data of another problem", field="content", given=content)
        return {"content": content, "previous": chosen.content, "rows": header.rows}

    def use(self, run_id: str, content: str | None) -> None:
        """Note what a run learns from, so that it is kept."""
        if content is not None:
            self._recent.add(content)
            self._store.datasets.use(run_id, content)

    def _row(self, name: str) -> dict[str, Any]:
        if name not in self._rows:
            raise no_such_dataset(name, list(self._rows))
        return self._rows[name]

    def _entry(self, row: dict[str, Any], about: bool) -> dict[str, Any]:
        header = self.header(row["content"])
        assert header is not None, "data with a name are kept"
        own: dict[str, Any] = {"created": row["created"], "content": row["content"], "rows": header.rows}
        own |= {"about": encoding.decode(row["about"])} if about else {}
        return dataset_entry(row["name"], header_of(row["content"], self)) | {"own": own}


def no_such_dataset(name: str, names: list[str]) -> NotFound:
    """There is no data set of this name."""
    return NotFound("unknown_dataset", "There is no such data set.", field="name", given=name, limit=names)


def refuse_name(name: str) -> None:
    """A name for own data is short, readable, and none of the built-in ones."""
    if name.casefold() in DATASETS:
        message = f"“{name}” is a built-in data set; choose another name."
        raise Conflict("name_taken", message, field="name", given=name, limit=list(DATASETS))
    if NAME.fullmatch(name) is None or name != name.strip():
        message = (
            "A name must have 1 to 60 letters, digits, spaces or .()+-_, and begin with a letter or digit"
        )
        raise Invalid("invalid", message, field="name", given=name, limit=60)
