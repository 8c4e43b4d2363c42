"""The page's state: every key that is read is declared in static/js/studio/state.js."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Keys of texts such as studio.state.running are not keys of the state.
READ = re.compile(r'(?<!studio\.)\b(?:state|store\.get\(\))\??\.([a-zA-Z]\w*)\b(?! *\(|";)')
NEEDS = re.compile(r"needs: \[([^\]]*)\]")
CHANGED = re.compile(r'\bchanged\.includes\("([^"]*)"\)')


def declared() -> set[str]:
    source = (ROOT / "static/js/studio/state.js").read_text("utf-8")
    return set(re.findall(r"^  (\w+)(?::.*)?,$", source, re.MULTILINE))


def undeclared(source: str, keys: set[str]) -> list[str]:
    """The keys that a module or test reads from the state without a declaration."""
    names = READ.findall(source) + CHANGED.findall(source)
    names += [name for needs in NEEDS.findall(source) for name in re.findall(r'"([^"]*)"', needs)]
    families = ("view:", "progress:", "earlier:")
    return [name for name in names if name not in keys and not name.startswith(families)]


@pytest.mark.parametrize("glob", ["static/js/**/*.js", "tests/browser/*.*", "benchmarks/p*.*"])
def test_every_key_that_is_read_is_declared(glob):
    paths = [path for path in sorted(ROOT.glob(glob)) if path.suffix in (".js", ".py")]
    assert paths
    wrong = {
        path.name: names
        for path in paths
        # `history.state` is that of the browser or of the page's undo.
        if (names := undeclared(path.read_text("utf-8").replace("history.state", ""), declared()))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "source", ["draw(state.foo)", "store.get()?.foo", 'needs: ["run", "foo"]', 'changed.includes("foo")']
)
def test_an_undeclared_key_is_found(source):
    assert undeclared(source, declared()) == ["foo"]
