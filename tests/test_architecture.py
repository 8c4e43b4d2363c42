"""The rules for imports between the modules of the architecture, checked in the Python sources.

A rule is a function from the root of a project to a list of its violations; BREACHES has examples of each.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Modules of the child processes, and the command line's training.
TRAINERS = ("engine.training.trainer", "engine.trainers", "engine.replay")
TRAINS = {
    "app.workers.training.worker",
    "app.workers.training.batch",
    "app.workers.training.session",
    "app.workers.views.worker",
    "app.workers.views.checkpoint_loader",
    "app.workers.views.query_answers",
    "app.workers.views.replayed_states",
    "app.cli.train",
    "app.cli.experiment",
    "app.cli.lessons.claims",
}
NOT_FOR_ROUTES = (
    "app.runs.scheduler", "app.storage", "app.workers", *sorted(TRAINS),
)  # fmt: skip

Import = tuple[str, bool]  # dotted name of the module, and whether it is imported with the file


def modules(root: Path, package: str) -> dict[str, Path]:
    """Dotted names of a package's modules and their files."""
    paths = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return paths


class _Collector(ast.NodeVisitor):
    """Collects import statements, and whether each is executed when its file is imported."""

    def __init__(self) -> None:
        self.statements: list[tuple[ast.Import | ast.ImportFrom, bool]] = []
        self.is_eager = True

    def visit_Import(self, node: ast.Import) -> None:
        self.statements.append((node, self.is_eager))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.statements.append((node, self.is_eager))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer, self.is_eager = self.is_eager, False
        self.generic_visit(node)
        self.is_eager = outer

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self.generic_visit(node)


def imports(path: Path, name: str, project: set[str]) -> Iterator[Import]:
    """The imports of a module, except for type checking; `from a import b` is a.b if that is in `project`."""
    collector = _Collector()
    collector.visit(ast.parse(path.read_text("utf-8")))
    for node, is_eager in collector.statements:
        if isinstance(node, ast.Import):
            yield from ((alias.name, is_eager) for alias in node.names)
            continue
        package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        parents = package[: len(package) - node.level + 1] if node.level else []
        base = ".".join([*parents, *([node.module] if node.module else [])])
        names = (f"{base}.{alias.name}" for alias in node.names)
        yield from ((name if name in project else base, is_eager) for name in names)


def graph(root: Path) -> dict[str, list[Import]]:
    """Every module of engine and app with its imports."""
    paths = {**modules(root, "engine"), **modules(root, "app")}
    return {name: list(imports(path, name, set(paths))) for name, path in paths.items()}


def is_in(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def scikit_learn_is_imported_when_used(root: Path) -> list[str]:
    eager = [
        (name, module) for name, imported in graph(root).items() for module, is_eager in imported if is_eager
    ]
    return [f"{name} imports {module} with its file" for name, module in eager if is_in(module, "sklearn")]


def routes_call_use_cases_only(root: Path) -> list[str]:
    return [
        f"{name} imports {module}"
        for name, imported in graph(root).items()
        for module, _ in imported
        if is_in(name, "app.web.routes") and is_in(module, *NOT_FOR_ROUTES)
    ]


def only_child_processes_train(root: Path) -> list[str]:
    direct = [
        f"{name} imports {module}"
        for name, imported in graph(root).items()
        for module, _ in imported
        if is_in(name, "app") and is_in(module, *TRAINERS) and name not in TRAINS
    ]
    return direct + _loaded_by_the_server(graph(root))


def _loaded_by_the_server(imports_of: dict[str, list[Import]]) -> list[str]:
    """The trainers that the server's process loads: those that app.main imports, also indirectly."""
    loaded, pending = {"app.main"}, ["app.main"]
    while pending:
        new = {module for module, is_eager in imports_of.get(pending.pop(), []) if is_eager} - loaded
        loaded |= new
        pending += new
    return [f"app.main loads {module}" for module in sorted(loaded) if is_in(module, *TRAINERS)]


def only(owner: str, *owned: str) -> Callable[[Path], list[str]]:
    """The rule that in app only `owner` imports the modules `owned`."""

    def rule(root: Path) -> list[str]:
        return [
            f"{name} imports {module}"
            for name, imported in graph(root).items()
            for module, _ in imported
            if is_in(name, "app") and not is_in(name, owner) and is_in(module, *owned)
        ]

    return rule


# A package may import those of lower layers; a module beside the packages is a layer entry of its own.
# In `app`, web calls runs, and runs call workers, streaming and storage.
LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "engine": (
        ("config", "operations"),
        ("layers", "optimizers", "schedules", "environments", "datasets"),
        ("losses", "metrics", "analysis"),
        ("tasks",),
        ("training",),
        ("policy_gradient", "diagnostics", "queries", "quantities"),
        ("trainers", "views"),
        ("catalogue", "replay", "minima", "usage"),
    ),
    "app": (
        ("encoding", "zip_errors"),
        ("history_columns", "settings", "imports", "monitoring"),
        ("compact_encoding", "errors", "lessons"),
        ("connections", "names", "run_states", "storage"),
        ("workers", "table_uses", "dataset_names"),
        ("streaming", "datasets"),
        ("runs",),
        ("experiments",),
        ("web",),
        ("main",),
        ("cli",),
    ),
}


def packages_import_downwards_only(root: Path) -> list[str]:
    wrong = []
    for name, imported in graph(root).items():
        for module, _ in imported:
            importer, target = _layer(name), _layer(module)
            if importer is None or target is None or importer[0] != target[0] or name.count(".") == 0:
                continue
            same_package = name.split(".")[1] == module.split(".")[1]
            if not same_package and importer[1] <= target[1]:
                wrong.append(f"{name} imports {module}")
    return wrong


def every_package_has_a_layer(root: Path) -> list[str]:
    return [name for name in graph(root) if name.count(".") and _layer(name) is None]


def _layer(module: str) -> tuple[str, int] | None:
    """The top-level package of a module and the number of its layer, the lowest being 0."""
    top, _, path = module.partition(".")
    package = path.partition(".")[0]
    for number, members in enumerate(LAYERS.get(top, ())):
        if package in members:
            return top, number
    return None


def no_circular_imports(root: Path) -> list[str]:
    imports_of = graph(root)
    cycles, visited = [], set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            cycles.append(" → ".join(path[path.index(name) :] + (name,)))
        elif name in imports_of and name not in visited:
            for module, is_eager in imports_of[name]:
                if is_eager and module != name:
                    visit(module, (*path, name))
            visited.add(name)

    for name in imports_of:
        visit(name, ())
    return cycles


RULES: dict[str, Callable[[Path], list[str]]] = {
    "scikit-learn is imported when used": scikit_learn_is_imported_when_used,
    "routes call use cases": routes_call_use_cases_only,
    "only child processes train": only_child_processes_train,
    "only app.encoding encodes": only("app.encoding", "base64", "binascii", "orjson"),
    "only storage uses SQL": only("app.storage", "sqlite3"),
    "packages import downwards only": packages_import_downwards_only,
    "every package has a layer": every_package_has_a_layer,
    "no circular imports": no_circular_imports,
}
# Rule, file and content of an example of its violation.
BREACHES = [
    ("scikit-learn is imported when used", "engine/a.py", "from sklearn import datasets"),
    ("routes call use cases", "app/web/routes/runs.py", "from app.workers import pool"),
    ("only child processes train", "app/runs/service.py", "from engine.training.trainer import Trainer"),
    ("only child processes train", "app/runs/service.py", "from engine.trainers import trainer"),
    ("only child processes train", "app/main.py", "import app.workers.training.worker"),
    ("only app.encoding encodes", "app/runs/service.py", "import orjson"),
    ("only storage uses SQL", "app/runs/service.py", "try:\n    import sqlite3\nfinally:\n    pass"),
    ("packages import downwards only", "engine/layers/a.py", "from engine.training import trainer"),
    ("packages import downwards only", "app/workers/a.py", "from app.streaming import viewer"),
    ("packages import downwards only", "app/storage/a.py", "def f():\n    from app.runs import run"),
    ("packages import downwards only", "app/streaming/a.py", "from app.runs.run import Run"),
    ("every package has a layer", "engine/extra/a.py", ""),
    ("every package has a layer", "app/extra.py", ""),
    ("no circular imports", "app/encoding.py", "import app.workers.pool"),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_sources_keep_the_rule(rule):
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize(("rule", "file", "content"), BREACHES)
def test_a_violation_of_the_rule_is_found(rule, file, content, notices):
    valid = {
        "app/main.py": "", "app/encoding.py": "", "app/workers/pool.py": "import app.encoding",
        "app/web/routes/__init__.py": "", "engine/training/trainer.py": "import numpy as np",
        "app/workers/training/worker.py": "from engine.training.trainer import Trainer",
        "engine/datasets/real.py": "def f():\n    import sklearn",
    }  # fmt: skip
    notices(RULES[rule], valid, file, content)


def test_every_rule_has_an_example_of_a_violation():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_the_modules_of_both_packages_are_checked():
    names = set(graph(ROOT))
    assert {"engine.config.models", "engine.datasets.prepare", "app.encoding", "app.storage.store"} <= names
