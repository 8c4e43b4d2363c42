"""The glossary: the key terms of the lecture and of the page, in one file for each language."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.lessons.prose import rendered

ENGLISH = "en"


@dataclass(frozen=True)
class Term:
    """A term and its definition as HTML; `name` is its anchor in the page."""

    name: str
    title: str
    html: str


def glossary(folder: Path, language: str) -> tuple[Term, ...]:
    """All terms of `glossary.LANGUAGE.toml`, of the English one if there is none, in alphabetical order."""
    path = folder / f"glossary.{language}.toml"
    if not path.is_file():
        path = folder / f"glossary.{ENGLISH}.toml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _modified: int) -> tuple[Term, ...]:
    entries = tomllib.loads(path.read_text("utf-8"))
    terms = [Term(name, entry["title"], rendered(entry["text"])) for name, entry in entries.items()]
    return tuple(sorted(terms, key=lambda term: term.title.casefold()))
