"""Joining: modules arrive together, run in the order of their imports, and exist once."""

import re
from pathlib import Path

import pytest

from app.joining import EXPORT, FURNITURE, IMPORT, STUDIO, Modules

SCRIPTS = Path(__file__).resolve().parents[1] / "static" / "js"
HOUSE = {
    "main.js": 'import { a as b } from "./parts/one.js";\n// Said of nothing.\n'
    'export const start = () => b;\nimport("./later.js");\nimport("./furniture.js");\n',
    "furniture.js": 'import { a } from "./parts/one.js";\nimport { two } from "./two.js";\n'
    "export function furnish() { return a + two(); }\n",
    "parts/one.js": 'export const a = 1;\nexport async function far() { return import("../later.js"); }\n',
    "two.js": "export function two() { return 2; }",
    "later.js": 'import { two } from "./two.js";\nimport { three } from "./three.js";\nexport { two };\n',
    "three.js": "export class three {}\n",
    "other.js": 'import { a } from "./parts/one.js";\nsay(a);\n',
}


@pytest.fixture
def house(tmp_path):
    for name, source in HOUSE.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return Modules(tmp_path)


def test_what_nobody_imports_begins_a_page_and_comes_with_all_it_needs(house):
    assert house.joined == {
        "main.js": ["parts/one.js", "main.js"],
        "furniture.js": ["two.js", "furniture.js"],
        "other.js": ["parts/one.js", "other.js"],
    }


def test_a_part_is_a_function_and_later_imports_lead_where_they_led(house):
    sent = house.sent("main.js").decode()
    assert sent.startswith("const $parts_one = (() => {\nconst a = 1;\n")
    assert 'async function far() { return import("./later.js"); }\nreturn { a, far };\n})();' in sent
    assert "const { a: b } = $parts_one;" in sent
    assert "Said of nothing" not in sent
    assert sent.endswith("export { $parts_one, $main };\nexport const { start } = $main;\n")


def test_what_comes_later_takes_what_is_there_from_where_it_is(house):
    assert house.sent("furniture.js").decode().startswith('import { $parts_one } from "./main.js";\n')
    assert house.sent("later.js").decode().splitlines()[:2] == [
        'import { $two } from "./furniture.js"; const { two } = $two;',
        'import { three } from "./three.js";',
    ]


def test_every_module_keeps_to_what_joining_asks():
    modules = Modules(SCRIPTS)
    together = {each for members in modules.joined.values() for each in members}
    for path in sorted(SCRIPTS.rglob("*.js")):
        name, source = path.relative_to(SCRIPTS).as_posix(), path.read_text("utf-8")
        taken = re.findall(r"^import\b(?!\().*", source, re.MULTILINE)
        assert [line for line in taken if not IMPORT.match(line)] == [], name
        given = re.findall(r"^export\b.*", source, re.MULTILINE) if name in together else []
        assert [line for line in given if not EXPORT.match(line)] == [], name
        assert "import.meta" not in source and not re.search(r"^await ", source, re.MULTILINE), name


def test_no_module_needs_one_that_needs_it():
    modules = Modules(SCRIPTS)
    for name, members in modules.joined.items():
        for place, each in enumerate(members):
            behind = [need for need in modules.imports(each) if need in members[place:]]
            assert behind == [], f"{each}, sent in {name}"


def test_only_the_studio_fetches_what_needs_the_studio():
    modules = Modules(SCRIPTS)
    first = {*modules.joined[STUDIO], *modules.joined[FURNITURE]}
    pages = set(modules.joined) - {STUDIO, FURNITURE}
    wrong = [
        (page, later)
        for page in pages
        for each in modules.joined[page]
        if each not in first
        for later in modules.later(each)
        if set(modules.imports(later)) & first
    ]
    assert wrong == []
