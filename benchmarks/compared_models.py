"""Compared models: default runs on tables beside other models of the same rows.

The multilayer perceptron of scikit-learn and a linear model (ridge or logistic regression) have their own
default settings. They get the standardised inputs and the training rows of the run, and are scored on its
test rows, with the same five seeds of the split and of the weights.

    python -m benchmarks.measure_scores tables          # the built-in tables
    python -m benchmarks.measure_scores files=FOLDER    # the files of TABLE_FILES that the folder has

The files are public tables of the kind of the UCI repository; only the figures are kept here.
"""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from app.imports.importer import import_file
from app.imports.options import ImportOptions
from engine.datasets import Data
from engine.datasets.tables.library import NO_TABLES, TableLibrary
from engine.datasets.tables.table import Header, Table
from engine.metrics import measure
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.views.trivial_answer import trivial_answer

SEEDS = range(5)
MAX_ROWS = 1000  # that a run uses of a table
SLICE = 1000
BUILT_IN = ("iris", "wine", "breast_cancer", "digits", "moons", "gauss", "multi_gauss")
MODELS = ("default run", "MLP", "linear model", "trivial answer")

# The names of the files, and what is set beside what is recognised.
TABLE_FILES: dict[str, dict[str, Any]] = {
    **dict.fromkeys((
        "abalone", "auto-insurance", "banknote_authentication", "breast-cancer-wisconsin", "breast-cancer",
        "ecoli", "geyser", "german", "glass", "haberman", "housing", "ionosphere", "iris", "longley",
        "new-thyroid", "phoneme", "pima-indians-diabetes", "sonar", "wheat-seeds", "wine",
    ), {}),
    "winequality-red": {"task": "regression"},
    "winequality-white": {"task": "regression"},
    "car_crashes": {"target": ("total",)},
    "mpg": {"target": ("mpg",)},
    "penguins": {"target": ("species",)},
    "tips": {"target": ("tip",)},
    "titanic": {"target": ("survived",), "ignore": ("alive",)},
}  # fmt: skip


class OneTable:
    """A table library with one table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def content_of(self, name: str) -> str | None:
        """Returns the content of the table, whatever the name is."""
        return self._table.content

    def names(self) -> list[str]:
        """Returns an empty list."""
        return []

    def header(self, content: str) -> Header | None:
        """Returns the header of the table."""
        return self._table.header

    def table(self, content: str) -> Table:
        """Returns the table."""
        return self._table


def measure_built_in() -> Iterator[dict[str, Any]]:
    """Yields one row for each built-in table."""
    for name in BUILT_IN:
        yield compare(name, NO_TABLES, None)


def measure_files(folder: Path) -> Iterator[dict[str, Any]]:
    """Yields one row for each of TABLE_FILES in a folder. Raises FileNotFoundError for one that is absent."""
    for name, options in TABLE_FILES.items():
        result = import_file((folder / f"{name}.csv").read_bytes(), ImportOptions(**options))
        assert result.table is not None, (name, result.problems)
        yield compare(name, OneTable(result.table), min(MAX_ROWS, result.table.header.rows))


def compare(name: str, tables: TableLibrary, samples: int | None) -> dict[str, Any]:
    """Returns the test scores of all models for every seed, accuracy or R²."""
    scores: dict[str, list[float]] = {model: [] for model in MODELS}
    data = None
    for seed in SEEDS:
        raw = {"dataset": {"name": name, "seed": seed, "samples": samples}, "features": None, "seed": seed}
        config = parse(raw, tables)
        data = load_data(config, tables)
        metric = "r2" if data.task == "regression" else "accuracy"
        training = trainer(config, data)
        while training.advance(SLICE).ended is None:
            pass
        scores["default run"].append(float(training.measure()["metrics"][f"test_{metric}"]))
        scores["MLP"].append(_score(*_models(data.task, seed)["MLP"], data, metric))
        scores["linear model"].append(_score(*_models(data.task, seed)["linear model"], data, metric))
        scores["trivial answer"].append(float(trivial_answer(data, data.test, metric).value or 0.0))
    assert data is not None
    return {"name": name, "rows": len(data.train) + len(data.test), "inputs": len(data.inputs),
            "score": metric, "scores": scores, "kept": is_kept(scores)}  # fmt: skip


def is_kept(scores: dict[str, list[float]]) -> bool:
    """Whether the default run is on average not worse than the MLP by more than the spread of its seeds.

    The spread is the difference of the best and the worst of the seeds, of either model.
    """
    own, other = scores["default run"], scores["MLP"]
    spread = max(np.ptp(own), np.ptp(other))
    return bool(np.mean(own) >= np.mean(other) - spread)


def _models(task: str, seed: int) -> dict[str, tuple[Any, bool]]:
    """Returns the models, and whether their target is standardised."""
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    if task == "regression":
        return {"MLP": (MLPRegressor(random_state=seed), True), "linear model": (Ridge(), True)}
    linear = LogisticRegression(max_iter=1000)
    return {"MLP": (MLPClassifier(random_state=seed), False), "linear model": (linear, False)}


def _score(model: Any, standardised: bool, data: Data, metric: str) -> float:
    y = data.train.truth
    mean, scale = (y.mean(), y.std() or 1.0) if standardised else (0, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that 200 iterations are its limit
        model.fit(data.train.inputs, (y - mean) / scale if standardised else y)
    predicted = model.predict(data.test.inputs) * scale + mean
    classes = None if data.task == "regression" else data.classes
    return float(measure(data.task, data.test.truth, predicted, classes, data.positive)[metric])


HEAD = """
## Tables beside other models

Test scores (mean and spread of five seeds) of default runs, of scikit-learn's multilayer perceptron and of a
linear model, each with its default settings, on the same rows; and of the trivial answer: the most frequent
class, or the mean. A run on a table of fewer than 50 rows has the settings that fit it. {kept} of {count}
default runs are not worse than the perceptron by more than the spread. `benchmarks/compared_models.py`

| table | rows | inputs | score | default run | MLP | linear model | trivial answer | kept |
|---|---|---|---|---|---|---|---|---|
"""


def table(results: list[dict[str, Any]]) -> str:
    """Returns the section in Markdown; empty without results."""
    if not results:
        return ""
    kept = sum(result["kept"] for result in results)
    return HEAD.format(kept=kept, count=len(results)) + "".join(map(line, results))


def line(result: dict[str, Any]) -> str:
    """Returns one row of the section."""
    cells = " | ".join(
        f"{np.mean(result['scores'][model]):.3f} ± {np.ptp(result['scores'][model]):.3f}" for model in MODELS
    )
    name = {"r2": "R²"}.get(result["score"], result["score"])
    kept = "yes" if result["kept"] else "**no**"
    return f"| {result['name']} | {result['rows']} | {result['inputs']} | {name} | {cells} | {kept} |\n"
