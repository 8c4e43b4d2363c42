"""Scoring: trains every row of SCORES with several seeds on one core, and writes the results.

    python -m benchmarks.measure_scores [NAME ...]

measures the named rows, or all, the remedies of the diagnoses (`remedies`: some 30 seconds), and the tables
beside other models (`tables`, or `files=FOLDER`: see compared_models.py). All rows are written to
benchmarks/results/scores.json, the others to remedies.json, tables.json and table_files.json, and all to
docs/scores.md.
Exit code 1 if a bound is not reached, or a remedy does not lower the loss.
"""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is loaded

from benchmarks import compared_models, remedies  # noqa: E402
from benchmarks.scores import SCORES, Score  # noqa: E402
from engine.tasks.paradigms import load_data  # noqa: E402
from engine.tasks.resolve import parse  # noqa: E402
from engine.trainers import trainer  # noqa: E402

SEEDS = range(5)
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
REMEDIES = "remedies"  # the name of the table of remedies
TABLES, FILES = "tables", "table_files"  # the names of the results beside other models
FOLDER = "files="  # the prefix of the argument that names a folder of files
SLICE = 1000


def run(row: Score, seed: int) -> tuple[float, float]:
    """Returns score and seconds of one training; the seed determines data and weights."""
    raw = {**row.config, "seed": seed}
    if "dataset" in raw:
        raw["dataset"] = {**raw["dataset"], "seed": seed}
    config = parse(raw)
    data = load_data(config)
    start = perf_counter()
    training = trainer(config, data)
    while training.advance(SLICE).ended is None:
        pass
    seconds = perf_counter() - start
    return row.score_of(training), seconds


def score(name: str) -> dict[str, Any]:
    """Measures all seeds of one row."""
    row = SCORES[name]
    runs = [run(row, seed) for seed in SEEDS]
    scores, seconds = [value for value, _ in runs], max(time for _, time in runs)
    worst = max(scores) if row.lower_is_better else min(scores)
    kept = all(row.is_reached(value) for value in scores) and seconds <= row.seconds
    return {"name": name, "unit": row.unit, "scores": scores, "worst": worst, "bound": row.bound,
            "seconds": seconds, "allowed": row.seconds, "kept": kept, "fast": row.fast}  # fmt: skip


HEAD = """# Scores

The scores of all default runs with five seeds for data and weights, on one core; `make scores` measures them
and writes this page. Bounds are a little worse than the worst seed. Rows marked “test” are also trained once,
with seed 0, by `make test`. Seconds are those of the slowest seed. A row is one entry of
`benchmarks/scores.py`. Decibels are those of the panel “Reconstruction” on the test part.

| run | measured | worst | mean | best | bound | seconds | allowed | kept |
|---|---|---|---|---|---|---|---|---|
"""


def page(results: Sequence[dict[str, Any]]) -> str:
    """Returns the page in Markdown."""
    return HEAD + "".join(_line(result) for result in results)


def _line(result: dict[str, Any]) -> str:
    scores = sorted(result["scores"], reverse=SCORES[result["name"]].lower_is_better)
    mean = sum(scores) / len(scores)
    name = f"{result['name']} (test)" if result["fast"] else result["name"]
    numbers = " | ".join(f"{number:.3f}" for number in (scores[0], mean, scores[-1], result["bound"]))
    kept = "yes" if result["kept"] else "**no**"
    seconds = f"{result['seconds']:.1f} | {result['allowed']:.0f}"
    return f"| {name} | {result['unit']} | {numbers} | {seconds} | {kept} |\n"


def main(names: Sequence[str]) -> int:
    """Measures the named rows and, if named, the remedies and tables; or all but the files of a folder."""
    folders = [Path(name.removeprefix(FOLDER)) for name in names if name.startswith(FOLDER)]
    unknown = [name for name in names if name not in (*SCORES, REMEDIES, TABLES) and FOLDER not in name]
    if unknown:
        available = ", ".join((*SCORES, REMEDIES, TABLES, f"{FOLDER}FOLDER"))
        print(f"unknown row {unknown[0]}; available: {available}", file=sys.stderr)
        return 2
    results = [_measured(name) for name in names or SCORES if name in SCORES]
    if not names:
        _write("scores", results)
    if not names or REMEDIES in names:
        results += _kept(REMEDIES, remedies.measure_all())
    if not names or TABLES in names:
        _kept(TABLES, _printed(compared_models.measure_built_in()))  # their runs have no settings of a table
    for folder in folders:
        results += _kept(FILES, _printed(compared_models.measure_files(folder)))
    _write_page()
    return 0 if all(result["kept"] for result in results) else 1


def _kept(name: str, results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    _write(name, results)
    return results


def _printed(results: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    measured = []
    for result in results:
        print(compared_models.line(result), end="", flush=True)
        measured.append(result)
    return measured


def _write_page() -> None:
    """Writes the page from all results that were measured, now or before."""
    text = page(_read("scores")) + remedies.table(_read(REMEDIES))
    text += compared_models.table([*_read(TABLES), *_read(FILES)])
    (ROOT / "docs" / "scores.md").write_text(text, "utf-8")


def _measured(name: str) -> dict[str, Any]:
    result = score(name)
    print(_line(result), end="", flush=True)
    return result


def _write(name: str, results: list[dict[str, Any]]) -> None:
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")


def _read(name: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
