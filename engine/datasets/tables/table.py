"""Table: own data as a training uses them, named by their content."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets.dataset import Image


@dataclass(frozen=True)
class Source:
    """A column of the file as it entered the table, so that it can be written again.

    `kind` is `number`, `one_hot` (as many inputs as categories) or `flag` (two categories in one input, 1 for
    the second); `first` is the index of its first input.
    """

    name: str
    kind: str
    first: int
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """What there is to know of a table without its rows; `drawn`: points in the plane from -6 to 6."""

    task: str
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    classes: tuple[str, ...] | None
    rows: int
    sources: tuple[Source, ...] = ()
    drawn: bool = False
    sizes: tuple[int, int, int] | None = None  # rows of train, validation and test, where each has its place
    image: Image | None = None  # where the inputs are pixels; the rows are bytes then

    def to_json(self) -> str:
        """The header as text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Header":
        """The header that `to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        sources = tuple(
            Source(**source | {"categories": tuple(source["categories"])}) for source in raw["sources"]
        )
        listed = {
            name: tuple(raw[name]) if raw[name] is not None else None
            for name in ("inputs", "targets", "classes", "sizes")
        }
        image = Image(**raw["image"]) if raw["image"] else None
        return cls(**raw | listed | {"sources": sources, "image": image})


@dataclass(frozen=True)
class Table:
    """Rows of numbers: X (n, d) float64 (pixels: uint8), y (n,) values or class indices or (n, k) labels;
    where the header has `sizes`, first those of the training part, then of validation, then of test.
    """

    header: Header
    X: NDArray
    y: NDArray

    @property
    def content(self) -> str:
        """SHA-256 over the header and every array: the name of this content."""
        digest = hashlib.sha256(self.header.to_json().encode())
        for array in (self.X, self.y):
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()
