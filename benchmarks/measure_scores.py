"""Scoring: train every row of SCORES over several seeds on one core, and write what came of it.

    python -m benchmarks.measure_scores [NAME ...]

writes, for all rows, benchmarks/results/scores.json and docs/scores.md. Exit code 1 if a bound is
not kept.
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

from benchmarks.scores import SCORES, Score  # noqa: E402
from engine.tasks.paradigms import load_data  # noqa: E402
from engine.tasks.resolve import parse  # noqa: E402
from engine.trainers import trainer  # noqa: E402

SEEDS = range(5)
ROOT = Path(__file__).resolve().parent.parent
SLICE = 1000


def run(row: Score, seed: int) -> tuple[float, float]:
    """Score and seconds of one training, data and weights drawn from this seed."""
    raw = {**row.config, "seed": seed}
    if "dataset" in raw:
        raw["dataset"] = {**raw["dataset"], "seed": seed}
    config = parse(raw)
    data = load_data(config)
    began = perf_counter()
    made = trainer(config, data)
    while made.advance(SLICE).ended is None:
        pass
    seconds = perf_counter() - began
    return row.score_of(made), seconds


def score(name: str) -> dict[str, Any]:
    """All seeds of one row."""
    row = SCORES[name]
    found = [run(row, seed) for seed in SEEDS]
    scores, seconds = [each for each, _ in found], max(time for _, time in found)
    worst = max(scores) if row.most else min(scores)
    kept = all(row.kept(each) for each in scores) and seconds <= row.seconds
    return {"name": name, "unit": row.unit, "scores": scores, "worst": worst, "bound": row.bound,
            "seconds": seconds, "allowed": row.seconds, "kept": kept, "fast": row.fast}  # fmt: skip


HEAD = """# Scores

What each default run reaches, over five seeds that draw data and weights, on one core; `make scores` measures
it and writes this page. The bound lies a little beyond the worst seed seen. Rows marked “test” are also
trained once, with seed 0, by `make test`. Seconds are the slowest of the five. A row is one entry in
`benchmarks/scores.py`. Decibels are those of the panel “Reconstruction”, on stars or rows not trained on.

| run | measured | worst | mean | best | bound | seconds | allowed | kept |
|---|---|---|---|---|---|---|---|---|
"""


def page(results: Sequence[dict[str, Any]]) -> str:
    """The table as Markdown."""
    return HEAD + "".join(_line(each) for each in results)


def _line(each: dict[str, Any]) -> str:
    scores = sorted(each["scores"], reverse=SCORES[each["name"]].most)
    mean = sum(scores) / len(scores)
    name = f"{each['name']} (test)" if each["fast"] else each["name"]
    numbers = " | ".join(f"{number:.3f}" for number in (scores[0], mean, scores[-1], each["bound"]))
    kept = "yes" if each["kept"] else "**no**"
    return (
        f"| {name} | {each['unit']} | {numbers} | {each['seconds']:.1f} | {each['allowed']:.0f} | {kept} |\n"
    )


def main(names: Sequence[str]) -> int:
    """Score these rows, or all."""
    unknown = [name for name in names if name not in SCORES]
    if unknown:
        print(f"there is no {unknown[0]}; there are: {', '.join(SCORES)}", file=sys.stderr)
        return 2
    results: list[dict[str, Any]] = []
    for name in names or SCORES:
        results.append(score(name))
        print(_line(results[-1]), end="", flush=True)
    (ROOT / "benchmarks" / "results" / "scores.json").write_text(
        json.dumps(results, indent=1) + "\n", "utf-8"
    )
    if not names:
        (ROOT / "docs" / "scores.md").write_text(page(results), "utf-8")
    return 0 if all(each["kept"] for each in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
