"""The results of the benchmarks: one JSON file each."""

from pathlib import Path
from typing import Any

from benchmarks.shared import result_files

FOLDER = Path(__file__).resolve().parent / "results"
# In the order of measurement and in the document.
NAMES = (
    "engine",
    "views",
    "service",
    "streaming",
    "experiments",
    "wall",
    "time",
    "page",
    "decoding",
    "panels",
    "imports",
)


def write(name: str, quick: bool, machine: dict[str, Any], measured: dict[str, Any]) -> None:
    """Writes the results of a benchmark; `quick` marks those with few repetitions."""
    body = {"benchmark": name, "quick": quick, "machine": machine, **measured}
    result_files.write(FOLDER / f"{name}.json", body)


def read(name: str) -> dict[str, Any] | None:
    """Returns the stored results, or None."""
    return result_files.read(FOLDER / f"{name}.json")
