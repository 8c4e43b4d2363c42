"""Module bundles: members run in the order of their imports, and every module exists once."""

import re
from pathlib import Path

import pytest

from app.web.module_bundles import EXPORT, IMPORT, PANELS, STUDIO, Modules, module_variable, without_comments
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
    assert modules.bundles == {
        "studio/boot.js": ["parts/one.js", "studio/boot.js"],
        "studio/mount-panels.js": ["two.js", "studio/mount-panels.js"],
        "other.js": ["parts/one.js", "other.js"],
    }


def test_a_joined_module_is_a_function_and_its_dynamic_imports_have_the_right_path(modules):
    sent = modules.content("studio/boot.js").decode()
    assert sent.startswith("const $zw8m = (() => {\nconst a = 1;\n")
    assert 'async function far() { return import("../later.js"); }\nreturn { a, far };\n})();' in sent
    assert "const { a: b } = $zw8m;" in sent
    assert "A comment" not in sent
    assert sent.endswith("export { $zw8m, $oq04 };\nexport const { start } = $oq04;\n")


def test_a_module_that_is_fetched_later_imports_what_was_sent_before(modules):
    panels = modules.content("studio/mount-panels.js").decode()
    assert panels.startswith('import { $zw8m } from "./boot.js";\n')
    assert modules.content("later.js").decode().splitlines()[:2] == [
        'import { $a621 } from "./studio/mount-panels.js"; const { two } = $a621;',
        'import { three } from "./three.js";',
    ]


def test_a_module_is_sent_without_comments_indentation_and_empty_lines():
    source = '// One.\nif (a) {\n  b("x // y"); // two\n\n  c("http://d");\n}\n'
    assert without_comments(source) == 'if (a) {\nb("x // y");\nc("http://d");\n}\n'


def test_no_template_literal_spans_lines_as_removing_the_indentation_would_change_it():
    for path in SCRIPTS.rglob("*.js"):
        odd = [line for line in without_comments(path.read_text("utf-8")).splitlines() if line.count("`") % 2]
        assert odd == [], path.name


def test_every_module_uses_only_the_import_and_export_forms_that_bundling_supports():
    modules = Modules(SCRIPTS, texts())
    bundled = {member for members in modules.bundles.values() for member in members}
    for path in sorted(SCRIPTS.rglob("*.js")):
        name, source = path.relative_to(SCRIPTS).as_posix(), path.read_text("utf-8")
        statements = re.findall(r"^import\b(?!\().*", source, re.MULTILINE)
        assert [line for line in statements if not IMPORT.match(line)] == [], name
        exports = re.findall(r"^export\b.*", source, re.MULTILINE) if name in bundled else []
        assert [line for line in exports if not EXPORT.match(line)] == [], name
        assert "import.meta" not in source and not re.search(r"^await ", source, re.MULTILINE), name


def test_the_imports_of_a_module_precede_it_in_its_bundle():
    modules = Modules(SCRIPTS, texts())
    for name, members in modules.bundles.items():
        for index, member in enumerate(members):
            later = [target for target in modules.static_imports(member) if target in members[index:]]
            assert later == [], f"{member}, in the bundle of {name}"


def test_only_the_studio_loads_modules_that_import_from_its_bundles():
    modules = Modules(SCRIPTS, texts())
    first = {*modules.bundles[STUDIO], *modules.bundles[PANELS]}
    pages = set(modules.bundles) - {STUDIO, PANELS}
    wrong = [
        (page, later)
        for page in pages
        for each in modules.bundles[page]
        if each not in first
        for later in modules.dynamic_imports(each)
        if set(modules.static_imports(later)) & first
    ]
    assert wrong == []


def test_no_two_modules_share_the_variable_of_their_exports():
    names = [path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js")]
    assert len({module_variable(name) for name in names}) == len(names) > 100
