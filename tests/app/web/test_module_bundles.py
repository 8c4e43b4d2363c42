"""Joining: modules arrive together, run in the order of their imports, and exist once."""

import re
from pathlib import Path

import pytest

from app.web.module_bundles import EXPORT, IMPORT, PANELS, STUDIO, Modules, without_comments
from app.web.texts import Texts, texts

SCRIPTS = Path(__file__).resolve().parents[3] / "static" / "js"
SOURCES = {
    "studio/boot.js": 'import { a as b } from "../parts/one.js";\n// A comment.\n'
    'export const start = () => b;\nimport("../later.js");\nimport("./mount-panels.js");\n',
    "studio/mount-panels.js": 'import { a } from "../parts/one.js";\nimport { two } from "../two.js";\n'
    "export function mount() { return a + two(); }\n",
    "parts/one.js": 'export const a = 1;\nexport async function far() { return import("../later.js"); }\n',
    "two.js": "export function two() { return 2; }",
    "later.js": 'import { two } from "./two.js";\nimport { three } from "./three.js";\nexport { two };\n',
    "three.js": "export class three {}\n",
    "other.js": 'import { a } from "./parts/one.js";\nshow(a);\n',
}


@pytest.fixture
def modules(tmp_path):
    for name, source in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return Modules(tmp_path, Texts({}))


def test_a_module_that_no_other_imports_is_sent_with_everything_it_imports(modules):
    assert modules.joined == {
        "studio/boot.js": ["parts/one.js", "studio/boot.js"],
        "studio/mount-panels.js": ["two.js", "studio/mount-panels.js"],
        "other.js": ["parts/one.js", "other.js"],
    }


def test_a_joined_module_is_a_function_and_its_dynamic_imports_have_the_right_path(modules):
    sent = modules.sent("studio/boot.js").decode()
    assert sent.startswith("const $parts_one = (() => {\nconst a = 1;\n")
    assert 'async function far() { return import("../later.js"); }\nreturn { a, far };\n})();' in sent
    assert "const { a: b } = $parts_one;" in sent
    assert "A comment" not in sent
    assert sent.endswith("export { $parts_one, $studio_boot };\nexport const { start } = $studio_boot;\n")


def test_a_module_that_is_fetched_later_imports_what_was_sent_before(modules):
    panels = modules.sent("studio/mount-panels.js").decode()
    assert panels.startswith('import { $parts_one } from "./boot.js";\n')
    assert modules.sent("later.js").decode().splitlines()[:2] == [
        'import { $two } from "./studio/mount-panels.js"; const { two } = $two;',
        'import { three } from "./three.js";',
    ]


def test_a_module_is_sent_without_comments_and_indentation():
    source = '// One.\nif (a) {\n  b("x // y"); // two\n  c("http://d");\n}\n'
    assert without_comments(source) == 'if (a) {\nb("x // y");\nc("http://d");\n}\n'


def test_no_template_literal_spans_lines_as_removing_the_indentation_would_change_it():
    for path in SCRIPTS.rglob("*.js"):
        odd = [line for line in without_comments(path.read_text("utf-8")).splitlines() if line.count("`") % 2]
        assert odd == [], path.name


def test_every_module_keeps_to_what_joining_asks():
    modules = Modules(SCRIPTS, texts())
    together = {each for members in modules.joined.values() for each in members}
    for path in sorted(SCRIPTS.rglob("*.js")):
        name, source = path.relative_to(SCRIPTS).as_posix(), path.read_text("utf-8")
        taken = re.findall(r"^import\b(?!\().*", source, re.MULTILINE)
        assert [line for line in taken if not IMPORT.match(line)] == [], name
        given = re.findall(r"^export\b.*", source, re.MULTILINE) if name in together else []
        assert [line for line in given if not EXPORT.match(line)] == [], name
        assert "import.meta" not in source and not re.search(r"^await ", source, re.MULTILINE), name


def test_no_module_needs_one_that_needs_it():
    modules = Modules(SCRIPTS, texts())
    for name, members in modules.joined.items():
        for place, each in enumerate(members):
            behind = [need for need in modules.imports(each) if need in members[place:]]
            assert behind == [], f"{each}, sent in {name}"


def test_only_the_studio_fetches_what_needs_the_studio():
    modules = Modules(SCRIPTS, texts())
    first = {*modules.joined[STUDIO], *modules.joined[PANELS]}
    pages = set(modules.joined) - {STUDIO, PANELS}
    wrong = [
        (page, later)
        for page in pages
        for each in modules.joined[page]
        if each not in first
        for later in modules.later(each)
        if set(modules.imports(later)) & first
    ]
    assert wrong == []
