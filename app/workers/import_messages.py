"""Import messages: what passes from the server to the import worker."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ReadTable:
    """Read the file at `path` and answer with its description; `keep`: also store its table."""

    request: int
    path: str
    options: dict[str, Any]
    keep: bool


@dataclass(frozen=True, slots=True)
class WriteTable:
    """Write the table of this content to `path`."""

    request: int
    content: str
    path: str
