"""What the lecture says of each activation function, in one file for each language.

`activations.en.toml` has for every function its statements: `text` (Markdown), `kind` (`for` or `against` the
function), and, where an experiment of a lesson measures it, `experiment` (`lesson/attempt`) and `found`, what
that experiment showed: one of FOUND. `activations.es.toml` has the same texts in Spanish.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.lessons.prose import rendered

ENGLISH = "en"
FILE = "activations.{language}.toml"
FOUND = ("true", "partly", "false")


@dataclass(frozen=True)
class Statement:
    """A statement as HTML; `found` and the names of lesson and attempt are empty if it is not measured."""

    html: str
    kind: str
    found: str = ""
    lesson: str = ""
    attempt: str = ""


def statements(folder: Path, language: str) -> Mapping[str, tuple[Statement, ...]]:
    """The statements about every function that the lecture names; in English if there is no translation."""
    paths = [folder / FILE.format(language=name) for name in (ENGLISH, language)]
    present = [path for path in paths if path.is_file()]
    return _read(present[0], present[-1], tuple(path.stat().st_mtime_ns for path in present))


@lru_cache(maxsize=4)
def _read(english: Path, translated: Path, _modified: tuple[int, ...]) -> Mapping[str, tuple[Statement, ...]]:
    entries, texts = (tomllib.loads(path.read_text("utf-8")) for path in (english, translated))
    return {
        name: tuple(
            _statement(entry, text["text"])
            for entry, text in zip(listed["says"], texts[name]["says"], strict=True)
        )
        for name, listed in entries.items()
    }


def _statement(entry: dict[str, Any], text: str) -> Statement:
    lesson, _, attempt = entry.get("experiment", "").partition("/")
    return Statement(rendered(text), entry["kind"], entry.get("found", ""), lesson, attempt)
