"""Module bundles: members are executed in the order of their imports, and every module is sent once."""

import re
from pathlib import Path

import pytest

from app.web.module_bundles import (
    EXPORT,
    IMPORT,
    PANELS,
    STUDIO,
    Modules,
    with_joined_lines,
    without_comments,
    without_spaces,
)
from app.web.texts import Texts, texts

SCRIPTS = Path(__file__).resolve().parents[3] / "static" / "js"
SOURCES = {
    "studio/boot.js": 'import { a as b } from "../parts/one.js";\n// A comment.\n'
    'export const start = () => b;\nimport("../later.js");\nimport("./mount-panels.js");\n'
    'import("../last.js");\n',
    "studio/mount-panels.js": 'import { a } from "../parts/one.js";\nimport { two } from "../two.js";\n'
    "export function mount() { return a + two(); }\n",
    "parts/one.js": 'export const a = 1;\nexport async function far() { return import("../later.js"); }\n',
    "two.js": "export function two() { return 2; }",
    "later.js": 'import { two } from "./two.js";\nimport { three } from "./three.js";\n'
    'import { far } from "./shared.js";\nexport const four = three;\n',
    "last.js": 'import { two } from "./two.js";\nimport { far } from "./shared.js";\n',
    "shared.js": "export const far = 1;\n",
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


def test_a_module_that_no_other_imports_is_sent_with_all_its_imports(modules):
    assert modules.bundles == {
        "studio/boot.js": ["parts/one.js", "studio/boot.js"],
        "studio/mount-panels.js": ["two.js", "studio/mount-panels.js"],
        "other.js": ["parts/one.js", "other.js"],
    }


def test_a_bundled_module_is_a_function_and_its_dynamic_imports_are_relative_to_the_bundle(modules):
    bundle = modules.content("studio/boot.js").decode()
    assert bundle.startswith("const $3=(()=>{let a=1;async function far()")
    assert 'async function far(){return import("../later.js");}return{a,far}})();' in bundle
    assert "let{a:b}=$3;" in bundle
    assert "A comment" not in bundle
    assert bundle.endswith("export { $3, $5 };\nexport const { start } = $5;\n")


def test_a_module_that_is_loaded_later_imports_bundled_modules_from_their_bundle(modules):
    panels = modules.content("studio/mount-panels.js").decode()
    assert panels.startswith('import { $3 } from "./boot.js";\n')
    assert modules.content("last.js").decode() == (
        'import { $8 } from "./studio/mount-panels.js"; const{two}=$8;\nimport { far } from "./shared.js";\n'
    )


def test_a_module_that_is_loaded_later_is_sent_with_what_only_it_imports(modules):
    assert modules.later == {"later.js": ["three.js", "later.js"]}
    lines = modules.content("later.js").decode().splitlines()
    assert lines[:2] == [
        'import { $8 } from "./studio/mount-panels.js";',
        'import * as $4 from "./shared.js";',
    ]
    assert "let{two}=$8;" in lines[3] and "let{three}=$7;" in lines[3] and "let{far}=$4;" in lines[3]
    assert lines[4:] == ["export { $7, $1 };", "export const { four } = $1;"]
    assert modules.content("shared.js") == b"export const far=1;\n"


def test_every_module_is_in_one_of_the_files_that_a_studio_loads(modules):
    assert modules.files == {
        "last.js": "last.js",
        "later.js": "later.js",
        "other.js": "other.js",
        "parts/one.js": "studio/boot.js",
        "shared.js": "shared.js",
        "studio/boot.js": "studio/boot.js",
        "studio/mount-panels.js": "studio/mount-panels.js",
        "three.js": "later.js",
        "two.js": "studio/mount-panels.js",
    }
    assert modules.separate == ["last.js", "later.js", "shared.js"]


def test_a_module_is_sent_without_comments_indentation_and_empty_lines():
    source = '// One.\nif (a) {\n  b("x // y"); // two\n\n  c("http://d");\n}\n'
    assert without_comments(source) == 'if (a) {\nb("x // y");\nc("http://d");\n}\n'


def test_spaces_beside_punctuation_are_removed_outside_strings_regular_expressions_and_other_quotes():
    source = (
        'import { a } from "./a.js";\nconst b = a ? { "c : d": [1, 2] } : (e) => !e && f;\n'
        "const g = `h : ${ b }`;\nconst k = `l : m` + `n : o`;\n"
        "const i = x / 2, j = 3;\nif (b) return a - -1 + c;\n"
        "const m = / : /.test(n), o = a / b;\nreturn / , /;\n"
    )
    assert without_spaces(source) == (
        'import { a } from "./a.js";\nconst b=a?{"c : d":[1,2]}:(e)=>!e&&f;\n'
        "const g=`h : ${ b }`;\nconst k = `l : m` + `n : o`;\nconst i=x/2,j=3;\nif(b)return a - -1+c;\n"
        "const m = / : /.test(n), o = a / b;\nreturn / , /;\n"
    )


def test_line_breaks_at_brackets_and_commas_are_removed_unless_a_comment_precedes_them():
    source = 'f(\na,\nb\n);\nconst x = {\n"a": [1], // "a", {\n};\nimport { y } from "./y.js";\n'
    assert with_joined_lines(source) == (
        'f(a,b);\nconst x = {"a": [1], // "a", {\n};\nimport { y } from "./y.js";\n'
    )
    assert with_joined_lines("a\n.b()\n? [\nc,\n]\n: d;\n{\ne();\n}\n") == "a.b()? [c]: d;\n{e()}\n"


def test_no_template_literal_spans_lines_as_removing_the_indentation_would_change_it():
    for path in SCRIPTS.rglob("*.js"):
        unclosed = [
            line for line in without_comments(path.read_text("utf-8")).splitlines() if line.count("`") % 2
        ]
        assert unclosed == [], path.name


def test_every_module_uses_only_the_import_and_export_forms_that_bundling_supports():
    modules = Modules(SCRIPTS, texts())
    bundles = [*modules.bundles.values(), *modules.later.values()]
    bundled = {member for members in bundles for member in members}
    for path in sorted(SCRIPTS.rglob("*.js")):
        name, source = path.relative_to(SCRIPTS).as_posix(), path.read_text("utf-8")
        statements = re.findall(r"^import\b(?!\().*", source, re.MULTILINE)
        assert [line for line in statements if not IMPORT.match(line)] == [], name
        exports = re.findall(r"^export\b.*", source, re.MULTILINE) if name in bundled else []
        assert [line for line in exports if not EXPORT.match(line)] == [], name
        assert "import.meta" not in source and not re.search(r"^await ", source, re.MULTILINE), name


def test_the_imports_of_a_module_precede_it_in_its_bundle():
    modules = Modules(SCRIPTS, texts())
    for name, members in (modules.bundles | modules.later).items():
        for index, member in enumerate(members):
            following = [target for target in modules.static_imports(member) if target in members[index:]]
            assert following == [], f"{member}, in the bundle of {name}"


def test_no_other_page_loads_modules_that_import_from_the_bundles_of_the_studio():
    modules = Modules(SCRIPTS, texts())
    studio = {*modules.bundles[STUDIO], *modules.bundles[PANELS]}
    pages = set(modules.bundles) - {STUDIO, PANELS}
    wrong = [
        (page, loaded)
        for page in pages
        for member in modules.bundles[page]
        if member not in studio
        for loaded in modules.dynamic_imports(member)
        if set(modules.static_imports(loaded)) & studio
    ]
    assert wrong == []
