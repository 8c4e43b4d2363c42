"""Every link between the documents has an existing target: a file, and a heading in it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)|<(?:a|img)\b[^>]*?(?:href|src)=\"([^\"]+)\"")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")


def documents(root: Path) -> list[Path]:
    """The documents in the root folder and below docs/."""
    return [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]


def links(text: str) -> list[str]:
    """The links to files and headings, outside of code."""
    targets = [first or second for first, second in LINK.findall(CODE.sub("", FENCED.sub("", text)))]
    return [link for link in targets if not re.match(r"[a-z]+:", link)]


def anchors(text: str) -> set[str]:
    """The headings as in a link: lower case, words joined by dashes, no punctuation."""
    headings = re.findall(r"^#+ +(.+?) *$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def has_target(root: Path, document: Path, link: str) -> bool:
    """Whether the file is in the project, and the heading in the file."""
    name, _, anchor = link.partition("#")
    target = (document.parent / name).resolve() if name else document
    if not target.is_relative_to(root) or not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text("utf-8"))


def dead_links(root: Path) -> list[str]:
    """`document: link` for every link within the project without a target."""
    return [
        f"{document.relative_to(root)}: {link}"
        for document in documents(root)
        for link in links(document.read_text("utf-8"))
        if not has_target(root, document, link)
    ]


def test_every_link_in_the_documents_has_a_target():
    assert dead_links(ROOT) == []


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("[a](b.md)", "b.md"),
        ("[`a`](b.md 'a title')", "b.md"),
        ("![a](docs/b.png)", "docs/b.png"),
        ("[a](docs/a.md#nowhere)", "docs/a.md#nowhere"),
        ("[a](#nowhere)", "#nowhere"),
        ("[a](../outside.md)", "../outside.md"),
        ('<img alt="" src="b.png">', "b.png"),
    ],
)
def test_a_link_without_a_target_is_found(write, tmp_path, text, link):
    write("docs/a.md", "# This, and *only* `this`\n\n[up](../README.md) [here](#this-and-only-this)")
    write("README.md", "[a](docs/) [a](docs/a.md#this-and-only-this) `[a](code.md)` [a](https://x.example)")
    assert dead_links(tmp_path) == []
    write("README.md", text)
    assert dead_links(tmp_path) == [f"README.md: {link}"]


def test_the_documents_are_checked():
    assert {"README.md", "protocol.md"} <= {path.name for path in documents(ROOT)}
