"""Results as files: one JSON file per measurement, with the machine on which it was made."""

import json
from pathlib import Path
from typing import Any


def write(path: Path, results: dict[str, Any]) -> None:
    """Writes the results of a measurement."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read(path: Path) -> dict[str, Any] | None:
    """Returns the stored results, or None."""
    if not path.exists():
        return None
    stored: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return stored
