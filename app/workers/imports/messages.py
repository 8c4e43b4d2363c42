"""Import messages: the messages of the server to the import worker."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ReadTable:
    """Read the file at `path` and answer with its description; store its table if `keep`."""

    request: int
    path: str
    options: dict[str, Any]
    keep: bool


@dataclass(frozen=True, slots=True)
class WriteTable:
    """Write the stored table of this content to `path`."""

    request: int
    content: str
    path: str
