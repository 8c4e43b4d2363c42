"""Rules for single Python modules: what the engine may use, private names, and mutable globals.

A rule is a function from the root of a project to a list of its violations; BREACHES has examples of each.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# The engine has no clock, no input or output, no threads and no web. `io` (streams in memory) is allowed.
ENGINE_MAY_IMPORT = {"engine", "numpy", "pydantic", "scipy", "sklearn"}
ENGINE_MAY_NOT_IMPORT = {
    "asyncio", "builtins", "concurrent", "ctypes", "datetime", "http", "logging", "mmap", "multiprocessing",
    "os", "pathlib", "queue", "random", "sched", "secrets", "select", "selectors", "shelve", "shutil",
    "signal", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading",
    "time", "urllib", "webbrowser",
}  # fmt: skip
ENGINE_MAY_NOT_CALL = {"open", "print", "input"}
# Methods that change a list, dict, set or deque.
MUTATORS = {
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft",
    "remove", "reverse", "setdefault", "sort", "update",
}  # fmt: skip


def modules(root: Path, *packages: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of packages: path and syntax tree."""
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text("utf-8"))


def imported_packages(tree: ast.Module) -> set[str]:
    """The top-level packages that a module imports, at any place in it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names


def engine_is_pure(root: Path) -> list[str]:
    wrong = []
    for name, tree in modules(root, "engine"):
        for package in sorted(imported_packages(tree)):
            is_foreign = package not in sys.stdlib_module_names and package not in ENGINE_MAY_IMPORT
            if is_foreign or package in ENGINE_MAY_NOT_IMPORT:
                wrong.append(f"{name} imports {package}")
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {function.id for function in calls if isinstance(function, ast.Name)}
        wrong += [f"{name} calls {call}()" for call in sorted(names & ENGINE_MAY_NOT_CALL)]
    return wrong


def pickle_is_not_used(root: Path) -> list[str]:
    return [
        f"{name} imports {package}"
        for name, tree in modules(root, "engine", "app")
        for package in imported_packages(tree) & {"pickle", "marshal"}
    ]


def private_names_are_not_imported(root: Path) -> list[str]:
    return [
        f"{name} imports {node.module}.{alias.name}"
        for name, tree in modules(root, "engine", "app")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and alias.name != "__version__"
    ]


def engine_keeps_no_mutable_globals(root: Path) -> list[str]:
    """No `global` statement, and no function changes an object that its module assigns to a name.

    Memoized functions (`functools.cache`) are allowed: their results depend on the arguments only.
    """
    wrong = []
    for name, tree in modules(root, "engine"):
        global_names = _global_names(tree)
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            local_names = _local_names(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Global):
                    wrong.append(f"{name}: {function.name} rebinds {', '.join(node.names)}")
                changed = _changed_name(node)
                if changed in global_names - local_names:
                    wrong.append(f"{name}: {function.name} changes {changed}")
    return wrong


def _global_names(tree: ast.Module) -> set[str]:
    """The names that the statements of a module assign."""
    names = set()
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
        names |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return names


def _local_names(function: ast.FunctionDef) -> set[str]:
    """The parameters of a function and the names that it assigns."""
    names = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _changed_name(node: ast.AST) -> str | None:
    """The name whose object a node changes, by assigning an item or attribute or by a mutating method."""
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        changed = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        changed = node.func.value
    else:
        return None
    while isinstance(changed, ast.Subscript | ast.Attribute):
        changed = changed.value
    return changed.id if isinstance(changed, ast.Name) else None


def coroutines_of_tests_run_in_a_thread(root: Path) -> list[str]:
    """`asyncio.run` fails where a browser test before has left its event loop in the main thread."""
    return [
        f"{name} calls asyncio.run()"
        for name, tree in modules(root, "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "asyncio.run"
    ]


RULES: dict[str, Callable[[Path], list[str]]] = {
    "the engine is pure": engine_is_pure,
    "pickle is not used": pickle_is_not_used,
    "private names are not imported": private_names_are_not_imported,
    "the engine keeps no mutable globals": engine_keeps_no_mutable_globals,
    "tests run coroutines in a thread": coroutines_of_tests_run_in_a_thread,
}
# Rule, file and content of an example of its violation.
BREACHES = [
    ("the engine is pure", "engine/a.py", "from app import wire"),
    ("the engine is pure", "engine/a.py", "def f():\n    from time import monotonic"),
    ("the engine is pure", "engine/views/a.py", "import threading"),
    ("the engine is pure", "engine/a.py", "text = open('x').read()"),
    ("the engine is pure", "engine/a.py", "import pandas.core"),
    ("pickle is not used", "app/storage/store.py", "def f():\n    import pickle"),
    ("private names are not imported", "app/web/a.py", "from app.encoding import _plain"),
    ("tests run coroutines in a thread", "tests/app/test_a.py", "import asyncio\nasyncio.run(f())"),
    *(
        ("the engine keeps no mutable globals", "engine/training/a.py", content)
        for content in (
            "last = None\ndef f(x):\n    global last\n    last = x",
            "CACHE: dict = {}\ndef f(x):\n    CACHE[x] = 1",
            "CACHE = {}\ndef f(x):\n    del CACHE[x]",
            "CACHE = []\ndef f(x):\n    CACHE.append(x)",
            "CACHE = {}\ndef f(x):\n    CACHE[x].rows.append(1)",
            "CACHE = object()\nclass A:\n    def f(self, x):\n        CACHE.last = x",
        )
    ),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_modules_keep_the_rule(rule):
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize(("rule", "file", "content"), BREACHES)
def test_a_violation_of_the_rule_is_found(rule, file, content, notices):
    valid = {
        "engine/training/trainer.py": "import numpy\nA = {}\ndef f(x):\n    A = {}\n    A[x] = 1",
        "engine/datasets/real.py": "def f():\n    import sklearn",
        "app/main.py": "import time\nfrom app.encoding import encode",
    }
    notices(RULES[rule], valid, file, content)


def test_every_rule_has_an_example_of_a_violation():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_the_modules_of_both_packages_are_checked():
    names = {name for name, _ in modules(ROOT, "engine", "app")}
    assert {"engine/config/models.py", "app/storage/store.py"} <= names
