"""Learning curve of an experiment: errors of its members by the number of training examples."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from app.errors import Conflict, Invalid
from app.experiments.reports.summary import is_higher_better, names_of, value_of
from app.runs.run_record import RunRecord
from engine.analysis.members.learning_curve import Estimate, Evidence, Size, evidence
from engine.analysis.members.statistics import describe
from engine.datasets import dataset_of, rows_left
from engine.datasets.tables.library import TableLibrary
from engine.tasks.resolve import parse

SAMPLES = "dataset.train_samples"
PARTS = ("train", "test")
BOUNDED = ("accuracy", "precision", "recall", "f1", "r2")  # scores of which 1 is the best, or end in one


def learning_curve(members: Sequence[RunRecord], metric: str | None, tables: TableLibrary) -> dict[str, Any]:
    """Returns the errors of training and test part by number of examples, and the evidence for more of them.

    The error is a loss, or an error metric, or 1 - a score. There is one curve for every combination of the
    other varied fields that are no seeds. Raises Conflict if the number of examples does not vary, and
    Invalid for a metric that the members do not have.
    """
    if not members or SAMPLES not in _values(members[0]):
        message = f"the experiment does not vary {SAMPLES}"
        raise Conflict("no_learning_curve", message, field=SAMPLES)
    metrics = metrics_of(members)
    chosen = metric or next((name for name in metrics if name != "loss"), "loss")
    if metrics and chosen not in metrics:
        message = f"must be one of {', '.join(metrics)}"
        raise Invalid("invalid", message, field="metric", given=metric, limit=metrics)
    curves: dict[str, list[RunRecord]] = {}
    for run in members:
        curves.setdefault(repr(_others(run)), []).append(run)
    return {
        "metric": chosen,
        "metrics": metrics,
        "is_complement": is_higher_better(f"test_{chosen}"),
        "seeds": [path for path in _values(members[0]) if path.endswith("seed")],
        "curves": [_curve(runs, chosen, tables) for runs in curves.values()],
    }


def metrics_of(members: Sequence[RunRecord]) -> list[str]:
    """Returns the quantities that members have of training and test part, of which an error can be made."""
    names = names_of([run.latest for run in members])
    stems = [name.removeprefix("test_") for name in names if name.startswith("test_")]
    both = [stem for stem in stems if f"train_{stem}" in names]
    return [stem for stem in both if stem.endswith(BOUNDED) or not is_higher_better(f"test_{stem}")]


def _values(run: RunRecord) -> dict[str, Any]:
    assert run.experiment is not None
    values: dict[str, Any] = run.experiment["values"]
    return values


def _others(run: RunRecord) -> dict[str, Any]:
    """Returns the values of the varied fields but seeds and the number of examples."""
    return {
        path: value for path, value in _values(run).items() if path != SAMPLES and not path.endswith("seed")
    }


def _curve(runs: Sequence[RunRecord], metric: str, tables: TableLibrary) -> dict[str, Any]:
    by_size: dict[int, list[RunRecord]] = {}
    left = _rows_left(runs[0], tables)
    for run in runs:
        samples = _values(run)[SAMPLES]
        by_size.setdefault(left if samples is None else samples, []).append(run)
    sizes = {samples: _errors(by_size[samples], metric) for samples in sorted(by_size)}
    found = evidence([Size(samples, **errors) for samples, errors in sizes.items()])
    return {
        "values": _others(runs[0]),
        "available": left,
        "sizes": [_size(samples, by_size[samples], errors) for samples, errors in sizes.items()],
        "evidence": None if found is None else _evidence(found),
    }


def _rows_left(run: RunRecord, tables: TableLibrary) -> int:
    """Returns the number of rows that are left for training in the data of a member."""
    dataset = parse(run.config_dict, tables).dataset
    source = dataset_of(dataset, tables)
    return rows_left(source, dataset.samples, dataset.validation_fraction, dataset.test_fraction)


def _errors(runs: Sequence[RunRecord], metric: str) -> dict[str, dict[Any, float]]:
    """Returns the finite errors of members that did not diverge, by part and seeds."""
    errors: dict[str, dict[Any, float]] = {part: {} for part in PARTS}
    for run in runs:
        seeds = tuple(value for path, value in _values(run).items() if path.endswith("seed"))
        for part in PARTS:
            name = f"{part}_{metric}"
            value = value_of(run.latest, name) if run.status != "diverged" else None
            if value is not None:
                errors[part][seeds] = 1 - value if is_higher_better(name) else value
    return errors


def _size(samples: int, runs: Sequence[RunRecord], errors: dict[str, dict[Any, float]]) -> dict[str, Any]:
    described = {}
    for part in PARTS:
        values = list(errors[part].values())
        statistics = describe(values) if values else {"median": None, "quartiles": None}
        described[part] = {
            "n": len(values),
            "median": statistics["median"],
            "quartiles": statistics["quartiles"],
            "errors": values,
        }
    diverged = sum(run.status == "diverged" for run in runs)
    return {"samples": samples, "members": [run.id for run in runs], "diverged": diverged, **described}


def _evidence(found: Evidence) -> dict[str, Any]:
    slope, gap = found.slope, found.gap
    return found._asdict() | {"slope": _estimate(slope), "gap": _estimate(gap) if gap else None}


def _estimate(estimate: Estimate) -> dict[str, Any]:
    interval = list(estimate.interval) if estimate.interval else None
    return estimate._asdict() | {"interval": interval}


def to_csv(found: dict[str, Any]) -> str:
    """Returns CSV: one row per number of examples of each curve."""
    paths = list(dict.fromkeys(path for curve in found["curves"] for path in curve["values"]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [f"{part}_{name}" for part in PARTS for name in ("n", "median", "quartile_1", "quartile_3")]
    writer.writerow([*paths, "metric", "train_samples", "diverged", *columns])
    for curve in found["curves"]:
        values = [curve["values"].get(path) for path in paths]
        for size in curve["sizes"]:
            numbers: list[Any] = []
            for part in PARTS:
                quartiles = size[part]["quartiles"] or [None, None]
                numbers += [size[part]["n"], size[part]["median"], *quartiles]
            writer.writerow([*values, found["metric"], size["samples"], size["diverged"], *numbers])
    return text.getvalue()
