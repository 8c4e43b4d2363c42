"""Library: where tables are found by their content. The engine reads no files: whoever runs it says where."""

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

import numpy as np

from engine.config.errors import ConfigError
from engine.datasets.dataset import Dataset, Generated, Options
from engine.datasets.parameters import samples
from engine.datasets.tables.limits import USUAL_PICTURES
from engine.datasets.tables.table import Header, Table
from engine.datasets.tables.time_series import successive

KEPT_HEADERS = 4096


class Library(Protocol):
    """Names and contents of own data."""

    def named(self, name: str) -> str | None:
        """The present content of an own data set."""

    def names(self) -> list[str]:
        """The names of all own data sets."""

    def header(self, content: str) -> Header | None:
        """What is known of a content."""

    def table(self, content: str) -> Table:
        """Its rows."""


class Empty:
    """A library without a table."""

    def named(self, name: str) -> str | None:
        """None."""
        return None

    def names(self) -> list[str]:
        """None."""
        return []

    def header(self, content: str) -> Header | None:
        """None."""
        return None

    def table(self, content: str) -> Table:
        """There is none."""
        raise LookupError(content)


_library: Library = Empty()


def attach(library: Library) -> None:
    """From now on tables are found there."""
    global _library
    _library = library
    own.cache_clear()


def forget() -> None:
    """A table is gone: nothing is remembered of what there was."""
    own.cache_clear()


def content_of(name: str) -> str | None:
    """The present content of the own data set of this name."""
    return _library.named(name)


def own_names() -> list[str]:
    """The names of all own data sets."""
    return _library.names()


@lru_cache(KEPT_HEADERS)
def own(content: str) -> Dataset:
    """The table of this content as an entry of the catalogue. Raises ConfigError where there is none."""
    header = _library.header(content)
    if header is None:
        raise ConfigError("dataset.content", "there are no data of this content here", given=content)
    image = header.image
    usual = min(header.rows, USUAL_PICTURES) if image else header.rows
    return Dataset(
        task=header.task,
        inputs=header.inputs,
        make=_rows(content),
        parameters={} if header.sizes is not None else {"samples": samples(usual, largest=header.rows)},
        classes=header.classes,
        generated=header.drawn,
        available=header.rows,
        sizes=header.sizes,
        image=image,
        series=image is None and successive(header.inputs),
    )


def _rows(content: str) -> Callable[[Options, np.random.Generator], Generated]:
    """All rows in their order where each has its part, else `samples` rows by chance, without repetition."""

    def make(options: Options, rng: np.random.Generator) -> Generated:
        table = _library.table(content)
        if table.header.sizes is not None:
            return table.X, table.y
        chosen = rng.permutation(len(table.X))[: options.samples]
        return table.X[chosen], table.y[chosen]

    return make
