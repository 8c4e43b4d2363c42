"""Documents with a generated part: Markdown tables of results, between two markers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Returns a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def measured(text: str) -> str:
    """Returns the generated part of a document."""
    return text.split(BEGIN)[1].split(END)[0].strip()


def replace_measured(path: Path, part: str) -> None:
    """Writes the generated part of a document, and leaves the rest as it is."""
    before, remainder = path.read_text("utf-8").split(BEGIN)
    _, after = remainder.split(END)
    path.write_text(f"{before}{BEGIN}\n{part}\n{END}{after}", "utf-8")
