"""Table: imported data as arrays, identified by a hash of their content."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets.dataset import Image
from engine.datasets.tables.dates import DateInputs

LATER_FIELDS = {"date": None, "unit": "", "decimal": ".", "thousands": ""}  # of a source, with their defaults
MISSING_CATEGORY = "(missing)"  # of the cells without a value of a column of words


@dataclass(frozen=True)
class Source:
    """How a column of the file was encoded, so that it can be exported.

    `kind` is `number`, `one_hot` (one input per category), `flag` (two categories in one input, 1 for the
    second) or `date` (the numbers of `date`); `first` is the index of its first input.
    `unit` is what its numbers have beside them in the file (a currency, a percent sign, a unit), `decimal`
    and `thousands` their signs.
    """

    name: str
    kind: str
    first: int
    categories: tuple[str, ...] = ()
    date: DateInputs | None = None
    unit: str = ""
    decimal: str = "."
    thousands: str = ""

    @property
    def width(self) -> int:
        """Returns the number of its inputs."""
        if self.date is not None:
            return len(self.date.numbers)
        return len(self.categories) if self.kind == "one_hot" else 1


@dataclass(frozen=True)
class Header:
    """The description of a table without its rows; `drawn`: points in the plane from -6 to 6."""

    task: str
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    classes: tuple[str, ...] | None
    rows: int
    sources: tuple[Source, ...] = ()
    drawn: bool = False
    sizes: tuple[int, int, int] | None = None  # rows of train, validation and test, if fixed
    image: Image | None = None  # if the inputs are pixels; the rows are then bytes

    def to_json(self) -> str:
        """Returns the header as JSON."""
        fields = asdict(self)
        for source in fields["sources"]:
            for name, default in LATER_FIELDS.items():
                if source[name] == default:  # as in headers, and contents, from before there was such a field
                    del source[name]
        return json.dumps(fields, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Header":
        """Returns the header from the JSON of `to_json`."""
        raw: dict[str, Any] = json.loads(text)
        sources = tuple(map(_source, raw["sources"]))
        tuples = {
            name: tuple(raw[name]) if raw[name] is not None else None
            for name in ("inputs", "targets", "classes", "sizes")
        }
        image = Image(**raw["image"]) if raw["image"] else None
        return cls(**raw | tuples | {"sources": sources, "image": image})


def _source(raw: dict[str, Any]) -> Source:
    date = raw.get("date")
    numbers = DateInputs(date["order"], date["first"], tuple(date["numbers"])) if date else None
    return Source(**raw | {"categories": tuple(raw["categories"]), "date": numbers})


@dataclass(frozen=True)
class Table:
    """Rows: X (n, d) float64 or uint8 (pixels), y (n,) values or class indices, or (n, k) labels.

    If the header has `sizes`, the rows are in the order training, validation, test part.
    """

    header: Header
    X: NDArray
    y: NDArray

    @property
    def content(self) -> str:
        """The SHA-256 over the header and both arrays."""
        digest = hashlib.sha256(self.header.to_json().encode())
        for array in (self.X, self.y):
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()
