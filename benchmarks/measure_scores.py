"""Scoring: trains every row of SCORES with several seeds on one core, and writes the results.

    python -m benchmarks.measure_scores [NAME ...]

measures the named rows, or all, and the remedies of the diagnoses (`remedies`: some 30 seconds). All rows are
written to benchmarks/results/scores.json, the remedies to remedies.json, and both to docs/scores.md.
Exit code 1 if a bound is not reached, or a remedy does not lower the loss.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is loaded

from benchmarks import remedies  # noqa: E402
from benchmarks.scores import SCORES, Score  # noqa: E402
from engine.tasks.paradigms import load_data  # noqa: E402
from engine.tasks.resolve import parse  # noqa: E402
from engine.trainers import trainer  # noqa: E402

SEEDS = range(5)
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
REMEDIES = "remedies"  # the name of the table of remedies
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
    """Measures the named rows and, if named, the remedies; or all."""
    unknown = [name for name in names if name not in (*SCORES, REMEDIES)]
    if unknown:
        print(f"unknown row {unknown[0]}; available: {', '.join(SCORES)}, {REMEDIES}", file=sys.stderr)
        return 2
    results = [_measured(name) for name in names or SCORES if name != REMEDIES]
    if not names:
        _write("scores", results)
    tried = remedies.measure_all() if not names or REMEDIES in names else []
    if tried:
        _write(REMEDIES, tried)
        text = page(_read("scores")) + remedies.table(tried)
        (ROOT / "docs" / "scores.md").write_text(text, "utf-8")
    return 0 if all(result["kept"] for result in [*results, *tried]) else 1


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
