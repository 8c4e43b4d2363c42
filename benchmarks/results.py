"""Results as files: one JSON file per benchmark, with the machine it was measured on."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "results"
# In the order in which they run and appear in the document.
NAMES = ("engine", "views", "service", "streaming", "page", "panels")


def write(name: str, quick: bool, machine: dict[str, Any], found: dict[str, Any]) -> Path:
    """Write the results; those of a quick run are marked."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    body = {"benchmark": name, "quick": quick, "machine": machine, **found}
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def read(name: str) -> dict[str, Any] | None:
    """The results written last, or None."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
