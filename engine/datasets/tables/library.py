"""Table library: finds imported tables by name and content. The engine reads no files: its caller passes a
library in.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from engine.config.errors import ConfigError
from engine.datasets.dataset import Dataset, Generated, Options
from engine.datasets.parameters import samples
from engine.datasets.tables.limits import DEFAULT_IMAGES
from engine.datasets.tables.table import Header, Table
from engine.datasets.tables.time_series import is_time_series


class TableLibrary(Protocol):
    """Names and contents of imported tables; a content is the SHA-256 of a table."""

    def content_of(self, name: str) -> str | None:
        """Returns the current content of the data set of this name."""

    def names(self) -> list[str]:
        """Returns the names of all imported data sets."""

    def header(self, content: str) -> Header | None:
        """Returns the header of the table with this content."""

    def table(self, content: str) -> Table:
        """Returns the table with this content, rows included."""


class EmptyLibrary:
    """A library without tables."""

    def content_of(self, name: str) -> str | None:
        """Returns None."""
        return None

    def names(self) -> list[str]:
        """Returns an empty list."""
        return []

    def header(self, content: str) -> Header | None:
        """Returns None."""
        return None

    def table(self, content: str) -> Table:
        """Raises LookupError."""
        raise LookupError(content)


NO_TABLES = EmptyLibrary()


def header_of(content: str, tables: TableLibrary) -> Header:
    """Returns the header of the table with this content. Raises ConfigError if there is none."""
    header = tables.header(content)
    if header is None:
        raise ConfigError("dataset.content", "there is no table with this content", given=content)
    return header


def table_dataset(header: Header, read: Callable[[], Table] | None = None) -> Dataset:
    """Describes an imported table as a data set. `read` returns the table; `make` needs it."""
    image = header.image
    default = min(header.rows, DEFAULT_IMAGES) if image else header.rows
    return Dataset(
        task=header.task,
        inputs=header.inputs,
        make=_rows(read),
        parameters={} if header.sizes is not None else {"samples": samples(default, maximum=header.rows)},
        classes=header.classes,
        generated=header.drawn,
        available=header.rows,
        sizes=header.sizes,
        image=image,
        series=image is None and is_time_series(header.inputs),
    )


def _rows(read: Callable[[], Table] | None) -> Callable[[Options, np.random.Generator], Generated]:
    """Returns a generator of all rows if the header has `sizes`, else of `samples` random ones."""

    def make(options: Options, rng: np.random.Generator) -> Generated:
        assert read is not None, "a description of a table has no rows"
        table = read()
        if table.header.sizes is not None:
            return table.X, table.y
        rows = rng.permutation(len(table.X))[: options.samples]
        return table.X[rows], table.y[rows]

    return make
