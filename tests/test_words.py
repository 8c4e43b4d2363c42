"""Words that were replaced by the field's terms stay out of the sources, the page and the documentation."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("app", "engine", "static", "templates", "docs")
SUFFIXES = {".py", ".js", ".css", ".html", ".json", ".md"}
# Each word with the term that replaced it; none of them has an ordinary use in these folders.
REPLACED = {
    "afresh": "again, new",
    "anybody": "a user, a viewer, or the passive voice",
    "badness": "loss",
    "bears": "supports, tolerates",
    "complaint": "validation error",
    "everybody": "all users, all viewers",
    "forgotten": "orphaned, removed",
    "furniture": "panels",
    "furnish": "mount",
    "hear": "receive",
    "heard": "received",
    "house": "architecture",
    "illness": "diagnosis",
    "inked": "drawn",
    "mend": "repair",
    "nobody": "no user, no viewer",
    "obey": "carry out, follow",
    "outlive": "last longer than, remain after",
    "outsider": "API client",
    "painter": "view worker",
    "shaken": "noisy, with noise",
    "silence": "mask, disable",
    "somebody": "a user, a viewer, or the passive voice",
    "surgery": "weight edits",
    "told": "reported, notified",
    "verdict": "result, description",
    "whoever": "the caller",
    "wish": "request, option, subscription, setting",
}
WORD = re.compile(rf"(?<![A-Za-z])({'|'.join(REPLACED)})(?:s|es|ed|ing)?(?![a-z])", re.IGNORECASE)
# The words of a name: told_by, paintWish, WISH.
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def replaced_words(root: Path) -> list[str]:
    """`file:line: word` for every occurrence of the words, also as a part of a name."""
    occurrences = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                lines = path.read_text("utf-8").splitlines()
                for number, line in enumerate(lines, start=1):
                    words = (WORD.fullmatch(part) for part in PARTS.findall(line))
                    occurrences += [f"{path.relative_to(root)}:{number}: {word[0]}" for word in words if word]
    return occurrences


def test_no_replaced_word_is_in_the_sources_the_page_or_the_documentation():
    assert replaced_words(ROOT) == []


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("engine/a.py", "# somebody reads it"),
        ("app/a.py", "def told_by(viewer): ..."),
        ("static/js/a.js", "const paintWishes = 1;"),
        ("docs/a.md", "The House"),
        ("static/locales/en.json", '{"a": "Forgotten data"}'),
    ],
)
def test_a_replaced_word_is_found(file: str, content: str, notices: Callable[..., None]):
    valid = {"engine/a.py": "recommend = amended = household = 1", "docs/b.md": "Swish and unheard-of"}
    notices(replaced_words, valid, file, content)
