"""Comparison with other libraries on W1 to W4: one process each, interleaved, on the same batches."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.engine_processes import ENGINES, OURS, EngineProcess, Missing, start
from benchmarks.engines import textbook
from benchmarks.engines.scikit import adapted
from benchmarks.limits import Claim, at_least, at_most
from benchmarks.problem import Problem
from benchmarks.summary import short, summary
from benchmarks.timing import Measured, interleave, ratio
from benchmarks.workloads import WORKLOADS, problem_of

MAX_CORES = 1.1  # CPU time / wall time up to which an engine counts as single-threaded
MAX_DIFFERENCE = 1e-4  # relative difference of the losses after one epoch, above which it is void
LOOP = f"{OURS}_loop"
# Upper bounds of our time / time of the library, and lower bounds of the inverse ratio.
AT_MOST: dict[str, dict[str, float]] = {"jax_scan": {"W1": 1.25, "W2": 1.1, "W3": 1.1, "W4": 1.25}}
AT_LEAST: dict[str, dict[str, float]] = {
    "pytorch": {"W1": 20, "W2": 20, "W3": 6, "W4": 1.6},
    "scikit_learn": {"W1": 10, "W2": 10, "W3": 6, "W4": 1.6},
    "playground": {"W2": 8},
}
LOOP_AT_MOST = 1.2


def run(quick: bool) -> dict[str, Any]:
    """Returns microseconds per step, losses and ratios of each engine on all workloads."""
    repetitions, seconds = (3, 0.02) if quick else (15, 0.05)
    results: dict[str, Any] = {}
    claims: list[Claim] = []
    for name, workload in WORKLOADS.items():
        with tempfile.TemporaryDirectory() as folder:
            results[name] = _workload(name, Path(folder), repetitions, seconds)
        results[name]["title"] = workload.title
        claims += _claims(name, results[name]["engines"])
    return {"workloads": results, "claims": [claim.as_dict() for claim in claims]}


def _workload(name: str, folder: Path, repetitions: int, seconds: float) -> dict[str, Any]:
    problem, path = problem_of(name), folder / f"{name}.npz"
    problem.save(path)
    with ExitStack() as stack:
        engines, missing = _start_all(name, path, stack)
        losses = losses_of(engines, problem, folder)
        timers = {}
        for key, engine in engines.items():
            steps = _step_count(engine, seconds)
            timers[key] = lambda engine=engine, steps=steps: engine.run(steps)
        measured = interleave(timers, repetitions)
    rows = {key: _engine(key, engine, measured, losses[key]) for key, engine in engines.items()}
    return {"engines": rows, "missing": missing}


def _start_all(name: str, path: Path, stack: ExitStack) -> tuple[dict[str, EngineProcess], dict[str, str]]:
    engines, missing = {}, {}
    for key, spec in ENGINES.items():
        if name in spec.workloads:
            try:
                engines[key] = start(spec, path, stack)
            except Missing as reason:
                missing[key] = str(reason)
                print(f"  {spec.title}: {reason}", flush=True)
    return engines, missing


def _step_count(engine: EngineProcess, seconds: float) -> int:
    """Returns the number of steps that take about `seconds`; the first call may compile."""
    engine.run(1)
    return max(1, int(seconds * 1e6 / engine.run(16)))


def losses_of(
    engines: dict[str, EngineProcess], problem: Problem, folder: Path
) -> dict[str, dict[str, float]]:
    """Returns the loss after one epoch, and its relative difference to the textbook formulas in float64."""
    variants = {"own": problem, "scikit_learn": adapted(problem)}
    exact = {name: textbook.loss(one, textbook.Textbook(one).epoch()) for name, one in variants.items()}
    losses = {}
    for key, engine in engines.items():
        variant = key if key in variants else "own"
        loss = textbook.loss(variants[variant], engine.epoch(folder))
        losses[key] = {
            "loss_after_one_epoch": loss,
            "relative_difference": abs(loss / exact[variant] - 1),
        }
    return losses


def _engine(key: str, engine: EngineProcess, measured: Measured, loss: dict[str, float]) -> dict[str, Any]:
    difference = loss["relative_difference"]
    return {
        "title": ENGINES[key].title,
        "version": engine.version,
        "microseconds_per_step": summary(measured[key]),
        "times_ours": short(ratio(measured[key], measured[OURS])),
        "cores": short(engine.cores()),
        **loss,
        "void": not (difference <= MAX_DIFFERENCE and engine.cores() <= MAX_CORES),
    }


def _claims(name: str, engines: dict[str, Any]) -> list[Claim]:
    """Returns the limits of one workload without void results."""
    claims = []
    valid = {key: engine["times_ours"] for key, engine in engines.items() if not engine["void"]}
    for key, times in valid.items():
        title = ENGINES[key].title
        if name in AT_MOST.get(key, {}):
            claims.append(at_most(f"{name}: bare step ÷ {title}", 1 / times, AT_MOST[key][name], "×"))
        if name in AT_LEAST.get(key, {}):
            claims.append(at_least(f"{name}: {title} ÷ bare step", times, AT_LEAST[key][name], "×"))
    if LOOP in valid:
        claims.append(at_most(f"{name}: ordinary training ÷ bare step", valid[LOOP], LOOP_AT_MOST, "×"))
    return claims
