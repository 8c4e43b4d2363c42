"""Modules, functions and lines stay short enough to be read."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("engine", "app", "static", "templates")
SUFFIXES = {".py", ".js", ".css", ".html"}
MAX_MODULE, MAX_FUNCTION, MAX_LINE = 250, 30, {".js": 120, ".css": 120, ".py": 110}
MAX_MEDIAN_MODULE, MAX_MEDIAN_FUNCTION = 120, 10


def sources(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Every source file and its lines."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path, path.read_text("utf-8").splitlines()


def functions(root: Path) -> Iterator[tuple[str, int]]:
    """Every Python function and its number of lines, without its docstring."""
    for path, lines in sources(root):
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0]
                assert node.end_lineno is not None and first.end_lineno is not None
                has_docstring = ast.get_docstring(node) is not None
                docstring = first.end_lineno - first.lineno + 1 if has_docstring else 0
                length = node.end_lineno - node.lineno + 1 - docstring
                yield f"{path.relative_to(root)}: {node.name}", length


def scripts_functions(root: Path) -> Iterator[tuple[str, int]]:
    """Every top-level function declaration of the page's modules and its number of lines."""
    start = re.compile(r"(?:export )?(?:async )?function\*? (\w+)")
    for path, lines in sources(root):
        name, first_line = "", 0
        for number, line in enumerate(lines if path.suffix == ".js" else ()):
            if match := start.match(line):
                name, first_line = match[1], number
            elif name and line.startswith("}"):
                yield f"{path.relative_to(root)}: {name}", number - first_line + 1
                name = ""


def no_module_is_too_long(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {len(lines)}" for path, lines in sources(root) if len(lines) > MAX_MODULE
    ]


def no_function_is_too_long(root: Path) -> list[str]:
    lengths = [*functions(root), *scripts_functions(root)]
    return [f"{name}: {length}" for name, length in lengths if length > MAX_FUNCTION]


def no_line_is_too_long(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{number}: {len(line)}"
        for path, lines in sources(root)
        for number, line in enumerate(lines, start=1)
        if len(line) > MAX_LINE.get(path.suffix, len(line))
    ]


RULES: dict[str, Callable[[Path], list[str]]] = {
    "modules": no_module_is_too_long,
    "functions": no_function_is_too_long,
    "lines": no_line_is_too_long,
}
LONG_FUNCTION = "def f():\n" + "    pass\n" * MAX_FUNCTION
LONG_SCRIPT = "export function f() {\n" + "  f();\n" * MAX_FUNCTION + "}\n"
BREACHES = [
    ("modules", "static/css/a.css", "\n" * (MAX_MODULE + 1)),
    ("functions", "app/a.py", LONG_FUNCTION),
    ("functions", "static/js/a.js", LONG_SCRIPT),
    ("lines", "static/js/a.js", "a" * 121),
    ("lines", "engine/a.py", "#" * 111),
]


@pytest.mark.parametrize("rule", RULES)
def test_sources_stay_short(rule: str) -> None:
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize(("rule", "file", "content"), BREACHES)
def test_a_module_function_or_line_that_is_too_long_is_found(
    rule: str, file: str, content: str, notices: Callable[..., None]
) -> None:
    notices(RULES[rule], {"app/b.py": "def f():\n    pass\n", "static/js/b.js": "f();"}, file, content)


def test_half_of_the_modules_have_at_most_120_lines_and_half_of_the_functions_at_most_10() -> None:
    modules = [len(lines) for path, lines in sources(ROOT) if path.suffix in {".py", ".js"}]
    assert median(modules) <= MAX_MEDIAN_MODULE
    assert median(length for _, length in functions(ROOT)) <= MAX_MEDIAN_FUNCTION
