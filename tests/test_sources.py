"""Rules for the sources of the page and for all files.

A rule is a function from the root of a project to a list of its violations; BREACHES has examples of each.
"""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def scripts(root: Path, under: str = "") -> dict[str, str]:
    """The sources of the page's modules by name, without comments."""
    sources = {
        path: path.read_text("utf-8") for path in sorted((root / "static" / "js" / under).rglob("*.js"))
    }
    comments = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
    return {str(path.relative_to(root)): comments.sub("", source) for path, source in sources.items()}


def panels_draw_and_never_fetch(root: Path) -> list[str]:
    requests = re.compile(
        r"\bfetch\s*\(|\b(XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b|from\s+[\"'][^\"']*/(api|live-stream)\.js"
    )
    return [name for name, source in scripts(root, "panels").items() if requests.search(source)]


def nothing_is_loaded_from_another_host(root: Path) -> list[str]:
    """Every import is a relative path; no page or style sheet loads anything from another host."""
    imported = re.compile(r"(?:\bfrom|\bimport)\s*\(?\s*[\"']([^\"'\s]+)[\"']")
    wrong = [f"{name}: {target}" for name, source in scripts(root).items()
             for target in imported.findall(source) if not target.startswith(("./", "../", "/"))]  # fmt: skip
    loaded = re.compile(
        r"(?:\bsrc\s*=|<link[^>]*\bhref\s*=|@import|url\()\s*[\"']?\s*((?:https?:)?//[^\"')\s>]+)"
    )
    pages = [path for glob in ("templates/**/*.html", "static/**/*.css") for path in sorted(root.glob(glob))]
    return wrong + [
        f"{page.name}: {url}" for page in pages for url in loaded.findall(page.read_text("utf-8"))
    ]


def the_modules_of_the_page_have_no_cycle(root: Path) -> list[str]:
    """No module imports itself through others, at once or on demand."""
    imported = re.compile(r"(?:\bfrom|\bimport)\s*\(?\s*[\"'](\.{1,2}/[^\"'\s]+)[\"']")
    graph = {
        name: {os.path.normpath(f"{Path(name).parent}/{target}") for target in imported.findall(source)}
        for name, source in scripts(root).items()
    }
    return [name for name in graph if name in _reachable(graph, name)]


def _reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def no_test_folder_is_a_package(root: Path) -> list[str]:
    return [str(path.relative_to(root)) for path in sorted((root / "tests").rglob("__init__.py"))]


RULES: dict[str, Callable[[Path], list[str]]] = {
    "panels never fetch": panels_draw_and_never_fetch,
    "nothing from another host": nothing_is_loaded_from_another_host,
    "the page's modules have no cycle": the_modules_of_the_page_have_no_cycle,
    "no test folder is a package": no_test_folder_is_a_package,
}
BREACHES = [
    ("panels never fetch", "static/js/panels/a.js", "await fetch ('/api')"),
    ("panels never fetch", "static/js/panels/a.js", 'import { get } from "../core/api.js"'),
    ("nothing from another host", "static/js/a.js", 'import "https://x.example/d3.js"'),
    ("nothing from another host", "static/js/a.js", 'import d3 from "d3"'),
    ("nothing from another host", "templates/a.html", '<script src="//x.example/a.js"></script>'),
    ("nothing from another host", "static/css/a.css", "@import 'https://x.example/a.css'"),
    ("the page's modules have no cycle", "static/js/b.js", 'import { a } from "./panels/../a.js"'),
    ("the page's modules have no cycle", "static/js/b.js", 'open = () => import("./a.js")'),
    ("no test folder is a package", "tests/engine/__init__.py", ""),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_sources_keep_the_rule(rule):
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize(("rule", "file", "content"), BREACHES)
def test_a_violation_of_the_rule_is_found(rule, file, content, notices):
    valid = {
        "static/js/panels/a.js": "draw();",
        "static/js/a.js": 'import { b } from "./b.js"; // from "d3"\nshow(open ? "from" : text, \'a\')',
    }
    notices(RULES[rule], valid, file, content)


def test_every_rule_has_an_example_of_a_violation():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_the_modules_of_the_page_are_checked():
    assert scripts(ROOT) and scripts(ROOT, "panels")


def test_no_committed_file_contains_a_path_of_a_home_or_temporary_folder():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git clone")
    path = re.compile(rb"/(?:home|Users)/[a-z]\w+/|/root/[.\w]|/tmp/[a-z]\w+/")
    names = [name for name in tracked.stdout.decode().split("\0") if (ROOT / name).is_file()]
    assert [name for name in names if path.search((ROOT / name).read_bytes())] == []
