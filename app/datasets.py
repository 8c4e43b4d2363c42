"""Imported data sets: the use cases put, list, export and delete."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from time import time
from typing import Any

from app import encoding
from app.dataset_names import no_such_dataset, refuse_name
from app.errors import Invalid, NotFound, of_disk
from app.storage.source_files import SourceFiles
from app.storage.store import Store
from app.storage.table_files import TableFiles
from app.table_uses import TableUses
from app.workers.imports.client import ImportClient
from engine.catalogue import dataset_entry
from engine.datasets import dataset_of, describe
from engine.datasets.tables.table import Header, Table

CONTENT = re.compile("[0-9a-f]{64}")
BLOCK = 1 << 20  # bytes
# Fields of an import's answer that are not stored with the name.
NOT_STORED = ("preview", "sample", "pictures", "content")

DAMAGED = Header("regression", (), ("target",), None, 0)  # stands for a header that cannot be read


class Datasets:
    """Imported data sets by name, and the table library of the server process."""

    def __init__(self, store: Store, import_client: ImportClient, files: TableFiles) -> None:
        self._store = store
        self._import_client = import_client
        self._files = files
        self._sources = SourceFiles(files.folder.parent)
        self.folder = files.folder
        self._rows: dict[str, dict[str, Any]] = {}
        self._found: set[str] = set()  # contents to which nothing referred at the start
        self.uses = TableUses(store.datasets, files, self._is_named, store.flush)

    async def open(self) -> None:
        """Read the names. Tables that no name and no run refers to are kept: the store may be a new one."""
        self._files.remove_temporary_files()
        self._rows = {row["name"]: row for row in reversed(await self._store.datasets.all())}
        await self.uses.open()
        self._keep_sources()
        self._found = {content for content in self._files.contents() if not self._is_needed(content)}

    # ---- the table library

    def content_of(self, name: str) -> str | None:
        """Returns the current content of a name; None if there is no such imported data set."""
        row = self._rows.get(name)
        content: str | None = row["content"] if row else None
        return content

    def names(self) -> list[str]:
        """Returns the names of all imported data sets."""
        return list(self._rows)

    def header(self, content: str) -> Header | None:
        """Returns the header of a content; None if it is not stored."""
        return self._files.header(content)

    def table(self, content: str) -> Table:
        """Never called: only child processes read rows."""
        raise AssertionError("the server process reads no rows")

    def children(self) -> list[dict[str, Any]]:
        """Returns the import worker, if it is running, for /healthz."""
        return self._import_client.children()

    # ---- use cases

    def all(self, about: bool = True) -> list[dict[str, Any]]:
        """Returns the catalogue entries, newest first; `about`: with the description of the import."""
        return [self._entry(row, about) for row in reversed(self._rows.values())]

    async def receive(self, chunks: AsyncIterator[bytes]) -> Path:
        """Write a request body to a file, which the caller removes. Raises Unavailable."""
        self._store.check()
        path = self._files.temporary_path()
        try:
            with path.open("xb", buffering=BLOCK) as file:
                async for chunk in chunks:
                    file.write(chunk)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise of_disk(error) from None
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    async def put(
        self, name: str, path: Path, options: dict[str, Any], dry_run: bool
    ) -> tuple[dict[str, Any], bool]:
        """Store the data of a file under a name, unless `dry_run`.

        Returns the description of the file, and whether the name is new. Raises ApiError and changes nothing.
        """
        refuse_name(name)
        self._store.check()
        answer = encoding.decode(await self._import_client.read(path, options, not dry_run))
        if not dry_run and self.header(answer["content"]) is None:
            # The content was deleted with another name of it during the import: import it again.
            answer = encoding.decode(await self._import_client.read(path, options, True))
        new = name not in self._rows
        if not dry_run:
            await self._store_name(name, answer | {"source": self._sources.keep(path), "options": options})
        return {"name": name} | answer, new

    async def _store_name(self, name: str, answer: dict[str, Any]) -> None:
        """Assign a name to the content of an import, also in the store."""
        about = {key: value for key, value in answer.items() if key not in NOT_STORED}
        row = {
            "name": name,
            "created": time(),
            "content": answer["content"],
            "about": encoding.encode(about).decode(),
        }
        replaced = self._rows.pop(name, None)  # a replaced name moves to the end
        self._rows[name] = row
        self._store.datasets.put_name(**row)
        if replaced is not None:
            self.uses.delete_if_unused(replaced["content"])
        self._keep_sources()
        await self.uses.delete_unused()

    def source(self, name: str) -> Path:
        """Returns the file from which a data set was imported. Raises NotFound."""
        path = self._sources.path(encoding.decode(self._row(name)["about"]).get("source"))
        if path is None:
            message = "The file of this data set is not kept any more; choose it again."
            raise NotFound("no_source", message, field="name", given=name)
        return path

    def export_format(self, name: str) -> str:
        """Returns "csv", or "npz" for images. Raises NotFound."""
        return self._format(self._row(name)["content"])

    async def export(self, name: str) -> Path:
        """Write the data to a file in `export_format`, which the caller removes. Raises NotFound."""
        return await self._export(self._row(name)["content"])

    async def delete(self, name: str) -> None:
        """Delete a name; the data remain as long as a run uses them. Raises NotFound."""
        content = self._row(name)["content"]
        del self._rows[name]
        self._store.datasets.delete_name(name)
        self.uses.delete_if_unused(content)
        self._keep_sources()
        await self.uses.delete_unused()

    def replacement_event(self, config: Any, content: Any) -> dict[str, Any]:
        """Returns the event that replaces a run's content by one of the same inputs, task and classes.

        Raises Invalid if there is no such content, or if inputs, task or classes differ.
        """
        header = self.header(content) if isinstance(content, str) and CONTENT.fullmatch(content) else None
        dataset = config.dataset
        current = describe(dataset_of(dataset), dataset.classes)
        if header is None:
            raise Invalid("invalid", "there is no data set with this content", field="content", given=content)
        classes = list(header.classes) if header.classes is not None else None
        if (header.task, list(header.inputs), classes) != (current.task, current.inputs, current.classes):
            raise Invalid(
                "invalid", "inputs, task or classes of this content differ", field="content", given=content
            )
        return {"content": content, "previous": dataset.content, "rows": header.rows}

    # ---- found tables

    def found(self) -> list[dict[str, Any]]:
        """Returns the descriptions of the tables that no name and no run refers to."""
        tables = []
        for content in sorted(self._found):
            size = 0 if self._is_needed(content) else self._files.size(content)
            if size:  # else it got a name or a run, and may have been deleted with that
                header = self.header(content) or DAMAGED
                about = {"rows": header.rows, "inputs": list(header.inputs), "format": self._format(content)}
                files = {
                    "created": self._files.created(content),
                    "damaged": not self._files.is_whole(content),
                }
                tables.append({"content": content, "bytes": size} | files | about)
        return tables

    async def export_found(self, content: str) -> tuple[Path, str]:
        """Write a found table to a file, which the caller removes. Returns it and its format.

        Raises NotFound.
        """
        self._refuse_not_found(content)
        return await self._export(content), self._format(content)

    async def delete_found(self, content: str) -> None:
        """Delete a found table. Raises NotFound, or Unavailable while nothing can be stored."""
        await self._store.flush()  # that nothing needs it may not be stored yet
        self._refuse_not_found(content)
        self._files.delete(content)

    def _refuse_not_found(self, content: str) -> None:
        contents = [entry["content"] for entry in self.found()]
        if content not in contents:
            message = "There is no found table with this content."
            raise NotFound("unknown_dataset", message, field="content", given=content, limit=contents)

    # ---- implementation

    def _is_needed(self, content: str) -> bool:
        return self._is_named(content) or self.uses.is_used(content)

    def _format(self, content: str) -> str:
        header = self.header(content)
        return "npz" if header is not None and header.image is not None else "csv"

    async def _export(self, content: str) -> Path:
        path = self._files.temporary_path()
        await self._import_client.write(content, path)
        return path

    def _keep_sources(self) -> None:
        """Delete the source files that belong to no name, and the oldest beyond their budget."""
        abouts = (encoding.decode(row["about"]) for row in reversed(self._rows.values()))
        self._sources.keep_only(about.get("source") for about in abouts)

    def _is_named(self, content: str) -> bool:
        return any(row["content"] == content for row in self._rows.values())

    def _row(self, name: str) -> dict[str, Any]:
        if name not in self._rows:
            raise no_such_dataset(name, list(self._rows))
        return self._rows[name]

    def _entry(self, row: dict[str, Any], about: bool) -> dict[str, Any]:
        header = self.header(row["content"]) or DAMAGED
        own: dict[str, Any] = {"created": row["created"], "content": row["content"], "rows": header.rows}
        own["damaged"] = not self._files.is_whole(row["content"])
        own |= {"about": encoding.decode(row["about"])} if about else {}
        return dataset_entry(row["name"], header) | {"own": own}
