"""Results as files: one JSON file per benchmark, with the machine it was measured on."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "results"
# In the order of measurement and in the document.
NAMES = ("engine", "views", "service", "streaming", "time", "page", "panels")


def write(name: str, quick: bool, machine: dict[str, Any], measured: dict[str, Any]) -> Path:
    """Writes the results of a benchmark; `quick` marks those with few repetitions."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    body = {"benchmark": name, "quick": quick, "machine": machine, **measured}
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def read(name: str) -> dict[str, Any] | None:
    """Returns the stored results, or None."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        return None
    stored: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return stored
