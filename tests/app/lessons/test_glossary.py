"""The glossary: every label that names a term, and the links of the lessons in every language."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.lessons.glossary import glossary
from app.lessons.lesson_file import split
from app.lessons.prose import links
from app.web.folders import STATIC, TEMPLATES
from app.web.sections import sections
from engine.tasks.paradigms import PARADIGMS
from engine.tasks.resolve import json_schema

FOLDER = TEMPLATES / "lessons"
TERMS = {term.name for term in glossary(FOLDER, "en")}
ENGLISH = sorted(FOLDER.glob("*.en.md"))
# Panels of lessons, which have no section in the studio.
OF_LESSONS = {"swimming"}


def labels() -> dict[str, list[str]]:
    """The table of static/js/glossary/labels.js: the labels by term."""
    source = (STATIC / "js" / "glossary" / "labels.js").read_text("utf-8")
    table = re.search(r"export const LABELS = (\{.*?\n\});", source, re.S)
    assert table
    text = re.sub(r"^(\s*)([a-z]+):", r'\1"\2":', table[1], flags=re.M)
    result: dict[str, list[str]] = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))
    return result


def paths(schema: dict[str, Any], node: dict[str, Any], prefix: str = "") -> set[str]:
    """The dotted paths of all fields of a schema; an entry of a list is `*`."""
    if "$ref" in node:
        return paths(schema, schema["$defs"][node["$ref"].rpartition("/")[2]], prefix)
    found = {prefix} if prefix else set()
    for part in (*node.get("anyOf", ()), *node.get("allOf", ())):
        found |= paths(schema, part, prefix)
    for name, part in node.get("properties", {}).items():
        found |= paths(schema, part, f"{prefix}.{name}" if prefix else name)
    if "items" in node:
        found |= paths(schema, node["items"], f"{prefix}.*")
    return found


def fields() -> set[str]:
    return {path for name in PARADIGMS for path in paths(json_schema(name), json_schema(name))}


def test_every_label_stands_for_a_term_of_the_glossary() -> None:
    assert set(labels()) <= TERMS and len(labels()) > 30


def test_every_named_label_exists() -> None:
    panels = {f"panel:{section.name}" for section in sections()} | {f"panel:{name}" for name in OF_LESSONS}
    known = fields()
    bar = (STATIC / "js" / "studio" / "transport.js").read_text("utf-8")
    for name in (name for names in labels().values() for name in names):
        kind, _, rest = name.partition(":")
        if kind == "panel":
            assert name in panels or (STATIC / "js" / "panels" / rest / "index.js").is_file(), name
        elif kind == "counter":
            assert f'"{rest}"' in bar, name
        elif kind != "choice":
            pattern = re.compile(name.replace(".", r"\.").replace("*", r"(\*|[^.]+)"))
            assert any(pattern.fullmatch(path) for path in known), name


def test_no_label_stands_for_two_terms() -> None:
    names = [name for names in labels().values() for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", ENGLISH, ids=[path.name.partition(".")[0] for path in ENGLISH])
def test_a_lesson_links_the_same_terms_in_every_language(path: Path) -> None:
    def linked(file: Path) -> set[str]:
        found = links(split(file.read_text("utf-8"))[1])
        return {link.partition("#")[2] for link in found if link.startswith("/lessons/glossary#")}

    assert linked(path) and linked(path) <= TERMS
    assert linked(path.with_name(path.name.replace(".en.", ".es."))) == linked(path)
