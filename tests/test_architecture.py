"""The directions of imports and the other rules of the architecture, checked in the Python sources.

A rule is a function from the root of a project to a list of its violations; BREACHES has examples of each.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# The engine has no clock, no input or output, no threads and no web. `io` (in memory) is no input or output.
ENGINE_MAY_IMPORT = {"engine", "numpy", "pydantic", "sklearn"}
ENGINE_MAY_NOT_IMPORT = {
    "asyncio", "builtins", "concurrent", "ctypes", "datetime", "http", "logging", "mmap", "multiprocessing",
    "os", "pathlib", "queue", "random", "sched", "secrets", "select", "selectors", "shelve", "shutil",
    "signal", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading",
    "time", "urllib", "webbrowser",
}  # fmt: skip
# Modules of the child processes, and the command line's training.
TRAINERS = ("engine.training.trainer", "engine.trainers")
TRAINS = {
    "app.workers.training_worker",
    "app.workers.training_session",
    "app.workers.view_worker",
    "app.cli.train",
}
NOT_FOR_ROUTES = (
    "app.runs.scheduler", "app.storage", "app.workers", *sorted(TRAINS),
)  # fmt: skip

Import = tuple[str, bool]  # the module's dotted name, and whether it is imported as soon as the file is


def modules(root: Path, package: str) -> dict[str, Path]:
    """Dotted names of a package's modules and their files."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


class _Collector(ast.NodeVisitor):
    """Gathers import statements, and whether each runs as soon as its file does."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.Import | ast.ImportFrom, bool]] = []
        self.at_once = True

    def visit_Import(self, node: ast.Import) -> None:
        self.found.append((node, self.at_once))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.found.append((node, self.at_once))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self.at_once = self.at_once, False
        self.generic_visit(node)
        self.at_once = before

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self.generic_visit(node)


def imports(path: Path, name: str, known: set[str]) -> Iterator[Import]:
    """What a module imports, `from a import b` as a.b where that is a module. Type checking is no import."""
    collector = _Collector()
    collector.visit(ast.parse(path.read_text("utf-8")))
    for node, at_once in collector.found:
        if isinstance(node, ast.Import):
            yield from ((alias.name, at_once) for alias in node.names)
            continue
        package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        above = package[: len(package) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        inside = (f"{base}.{alias.name}" for alias in node.names)
        yield from ((each if each in known else base, at_once) for each in inside)


def graph(root: Path) -> dict[str, list[Import]]:
    """Every module of engine and app with its imports."""
    found = {**modules(root, "engine"), **modules(root, "app")}
    return {name: list(imports(path, name, set(found))) for name, path in found.items()}


def within(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def engine_stays_pure(root: Path) -> list[str]:
    wrong = []
    for name, path in modules(root, "engine").items():
        for module, _ in imports(path, name, set()):
            top = module.partition(".")[0]
            foreign = top not in sys.stdlib_module_names and top not in ENGINE_MAY_IMPORT
            if foreign or top in ENGINE_MAY_NOT_IMPORT:
                wrong.append(f"{name} imports {module}")
        wrong += [f"{name} calls {call}()" for call in _calls(path) & {"open", "print", "input"}]
    return wrong


def _calls(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.func.id for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def scikit_learn_is_imported_when_used(root: Path) -> list[str]:
    eager = [(name, module) for name, found in graph(root).items() for module, at_once in found if at_once]
    return [f"{name} imports {module} at once" for name, module in eager if within(module, "sklearn")]


def routes_call_use_cases_only(root: Path) -> list[str]:
    return [
        f"{name} imports {module}"
        for name, found in graph(root).items()
        for module, _ in found
        if within(name, "app.web.routes") and within(module, *NOT_FOR_ROUTES)
    ]


def only_child_processes_train(root: Path) -> list[str]:
    direct = [
        f"{name} imports {module}"
        for name, found in graph(root).items()
        for module, _ in found
        if within(name, "app") and within(module, *TRAINERS) and name not in TRAINS
    ]
    return direct + _loaded_by_the_server(graph(root))


def _loaded_by_the_server(found: dict[str, list[Import]]) -> list[str]:
    """The trainers that the server's process loads: those that app.main imports at once, also indirectly."""
    seen, waiting = {"app.main"}, ["app.main"]
    while waiting:
        fresh = {module for module, at_once in found.get(waiting.pop(), []) if at_once} - seen
        seen |= fresh
        waiting += fresh
    return [f"app.main loads {module}" for module in sorted(seen) if within(module, *TRAINERS)]


def only(owner: str, *owned: str) -> Callable[[Path], list[str]]:
    """Within app, only `owner` imports any of the modules `owned`."""

    def rule(root: Path) -> list[str]:
        return [
            f"{name} imports {module}"
            for name, found in graph(root).items()
            for module, _ in found
            if within(name, "app") and not within(name, owner) and within(module, *owned)
        ]

    return rule


# What each package may import of the others; a module beside the packages counts as a package of its own.
# Within `app`: web calls runs, runs call workers, streaming and storage; never the other way.
LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "engine": (
        ("config", "operations"),
        ("layers", "optimizers", "schedules", "environments", "datasets"),
        ("losses", "metrics", "analysis"),
        ("tasks",),
        ("training",),
        ("policy_gradient", "diagnostics", "queries"),
        ("trainers", "views"),
        ("catalogue",),
    ),
    "app": (
        ("encoding", "history_columns", "settings", "imports", "lessons"),
        ("errors",),
        ("run_states", "storage"),
        ("workers",),
        ("streaming", "datasets"),
        ("runs",),
        ("web",),
        ("main",),
        ("cli",),
    ),
}


def packages_import_downwards_only(root: Path) -> list[str]:
    wrong = []
    for name, found in graph(root).items():
        for module, _ in found:
            own, other = _layer(name), _layer(module)
            if own is None or other is None or own[0] != other[0] or name.count(".") == 0:
                continue
            same = name.split(".")[1] == module.split(".")[1]
            if not same and own[1] <= other[1]:
                wrong.append(f"{name} imports {module}")
    return wrong


def every_package_has_a_layer(root: Path) -> list[str]:
    return [name for name in graph(root) if name.count(".") and _layer(name) is None]


def _layer(module: str) -> tuple[str, int] | None:
    """The top-level package of a module and the number of its layer, the lowest being 0."""
    top, _, rest = module.partition(".")
    part = rest.partition(".")[0]
    for number, members in enumerate(LAYERS.get(top, ())):
        if part in members:
            return top, number
    return None


def no_package_uses_private_names_of_another(root: Path) -> list[str]:
    wrong = []
    for name, path in {**modules(root, "engine"), **modules(root, "app")}.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                private = [alias.name for alias in node.names if alias.name.startswith("_")]
                wrong += [f"{name} imports {node.module}.{each}" for each in private if each != "__version__"]
    return wrong


def pickle_is_not_used(root: Path) -> list[str]:
    found = graph(root).items()
    return [
        f"{name} imports {each}"
        for name, used in found
        for each, _ in used
        if within(each, "pickle", "marshal")
    ]


def no_circular_imports(root: Path) -> list[str]:
    found = graph(root)
    cycles, done = [], set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            cycles.append(" → ".join(path[path.index(name) :] + (name,)))
        elif name in found and name not in done:
            for module, at_once in found[name]:
                if at_once and module != name:
                    visit(module, (*path, name))
            done.add(name)

    for name in found:
        visit(name, ())
    return cycles


# Methods that change a list, dict, set or deque.
MUTATORS = {
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft",
    "remove", "reverse", "setdefault", "sort", "update",
}  # fmt: skip


def engine_keeps_no_mutable_globals(root: Path) -> list[str]:
    """No `global` statement, and no function changes what its module binds to a name. Memoized functions are
    allowed (`functools.cache`): their results follow from the arguments.
    """
    wrong = []
    for name, path in modules(root, "engine").items():
        tree = ast.parse(path.read_text("utf-8"))
        bound = _module_names(tree)
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            local = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
            for node in ast.walk(function):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    local.add(node.id)
            for node in ast.walk(function):
                if isinstance(node, ast.Global):
                    wrong.append(f"{name}.{function.name} rebinds {', '.join(node.names)}")
                changed = _changed_name(node)
                if changed in bound - local:
                    wrong.append(f"{name}.{function.name} changes {changed}")
    return wrong


def _module_names(tree: ast.Module) -> set[str]:
    """The names that the statements of a module assign."""
    found = set()
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
        found |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return found


def _changed_name(node: ast.AST) -> str | None:
    """The name whose object a node changes: by an assigned item or attribute, or a mutating method."""
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        changed = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        changed = node.func.value
    else:
        return None
    while isinstance(changed, ast.Subscript | ast.Attribute):
        changed = changed.value
    return changed.id if isinstance(changed, ast.Name) else None


RULES: dict[str, Callable[[Path], list[str]]] = {
    "the engine is pure": engine_stays_pure,
    "scikit-learn is imported when used": scikit_learn_is_imported_when_used,
    "routes call use cases": routes_call_use_cases_only,
    "only child processes train": only_child_processes_train,
    "only app.encoding encodes": only("app.encoding", "base64", "binascii", "orjson"),
    "only storage uses SQL": only("app.storage", "sqlite3"),
    "packages import downwards only": packages_import_downwards_only,
    "every package has a layer": every_package_has_a_layer,
    "private names stay private": no_package_uses_private_names_of_another,
    "pickle is not used": pickle_is_not_used,
    "no circular imports": no_circular_imports,
    "the engine keeps no mutable globals": engine_keeps_no_mutable_globals,
}
# Rule, file and content of a violation of it.
BREACHES = [
    ("the engine is pure", "engine/a.py", "from app import wire"),
    ("the engine is pure", "engine/a.py", "def f():\n    from time import monotonic"),
    ("the engine is pure", "engine/views/a.py", "import threading"),
    ("the engine is pure", "engine/a.py", "text = open('x').read()"),
    ("the engine is pure", "engine/a.py", "import scipy.linalg"),
    ("scikit-learn is imported when used", "engine/a.py", "from sklearn import datasets"),
    ("routes call use cases", "app/web/routes/runs.py", "from app.workers import pool"),
    ("only child processes train", "app/runs/service.py", "from engine.training.trainer import Trainer"),
    ("only child processes train", "app/runs/service.py", "from engine.trainers import trainer"),
    ("only child processes train", "app/main.py", "import app.workers.training_worker"),
    ("only app.encoding encodes", "app/runs/service.py", "import orjson"),
    ("only storage uses SQL", "app/runs/service.py", "try:\n    import sqlite3\nfinally:\n    pass"),
    ("packages import downwards only", "engine/layers/a.py", "from engine.training import trainer"),
    ("packages import downwards only", "app/workers/a.py", "from app.streaming import viewer"),
    ("packages import downwards only", "app/storage/a.py", "def f():\n    from app.runs import run"),
    ("packages import downwards only", "app/streaming/a.py", "from app.runs.run import Run"),
    ("every package has a layer", "engine/extra/a.py", ""),
    ("every package has a layer", "app/extra.py", ""),
    ("private names stay private", "app/web/a.py", "from app.encoding import _plain"),
    ("pickle is not used", "app/storage/store.py", "def f():\n    import pickle"),
    ("no circular imports", "app/encoding.py", "import app.workers.pool"),
    *(
        ("the engine keeps no mutable globals", "engine/training/a.py", content)
        for content in (
            "last = None\ndef f(x):\n    global last\n    last = x",
            "KEPT: dict = {}\ndef f(x):\n    KEPT[x] = 1",
            "KEPT = {}\ndef f(x):\n    del KEPT[x]",
            "KEPT = []\ndef f(x):\n    KEPT.append(x)",
            "KEPT = {}\ndef f(x):\n    KEPT[x].rows.append(1)",
            "KEPT = object()\nclass A:\n    def f(self, x):\n        KEPT.last = x",
        )
    ),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_sources_keep_the_rule(rule):
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize(("rule", "place", "content"), BREACHES)
def test_a_violation_of_the_rule_is_found(rule, place, content, notices):
    sound = {
        "app/main.py": "", "app/encoding.py": "", "app/workers/pool.py": "import app.encoding",
        "app/web/routes/__init__.py": "", "engine/training/trainer.py": "import numpy as np",
        "app/workers/training_worker.py": "from engine.training.trainer import Trainer",
        "engine/datasets/real.py": "def f():\n    import sklearn",
    }  # fmt: skip
    notices(RULES[rule], sound, place, content)


def test_every_rule_has_an_example_of_a_violation():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_the_modules_of_both_packages_are_checked():
    names = set(graph(ROOT))
    assert {"engine.config.models", "engine.datasets.prepare", "app.encoding", "app.storage.store"} <= names
