"""Protocol of an engine process: one JSON line per command and answer, so that engines can be interleaved.

- `{"run": steps}` restores the initial weights and times at least `steps` optimizer steps. The answer has the
  `microseconds` of wall time and as `work` the processor time of all threads, also in microseconds.
- `{"epoch": path}` trains one epoch from the initial weights and writes the parameters to a file.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.problem import Parameters, Problem, by_name


class Engine(Protocol):
    """The operations of an engine."""

    version: str

    def reset(self) -> None:
        """Restores the initial weights and optimizer state, so that all repetitions are equal."""

    def run(self, steps: int) -> int:
        """Runs at least `steps` optimizer steps to their end. Returns their number."""

    def epoch(self) -> Parameters:
        """Returns the parameters after one epoch from the initial ones."""


def serve(make: Callable[[Problem], Engine]) -> None:
    """Executes commands until the input ends. Answers `missing` if a library is not installed."""
    try:
        engine = make(Problem.load(Path(sys.argv[1])))
    except ImportError as error:
        send(missing=f"not installed: {error.name}")
        return
    engine.run(1)
    send(version=engine.version)
    for line in sys.stdin:
        send(**_execute(engine, json.loads(line)))


def _execute(engine: Engine, command: dict[str, Any]) -> dict[str, Any]:
    if "epoch" in command:
        engine.reset()
        np.savez(command["epoch"], **by_name(engine.epoch()))
        return {"saved": command["epoch"]}
    engine.reset()
    start, work = time.perf_counter_ns(), time.process_time_ns()
    steps = engine.run(command["run"])
    work = time.process_time_ns() - work  # of all threads
    return {"steps": steps, "microseconds": (time.perf_counter_ns() - start) / 1000, "work": work / 1000}


def send(**answer: Any) -> None:
    """Writes an answer to standard output."""
    print(json.dumps(answer), flush=True)


MIN_STEPS = 250  # per call for small networks, so that the overhead of a call is negligible
MAX_SMALL_BATCH = 50_000  # values in a batch of a small network


def rounds_per_call(problem: Problem) -> int:
    """Returns the number of epochs in one call of `run`."""
    return max(1, -(-MIN_STEPS // problem.epoch)) if problem.inputs[0].size < MAX_SMALL_BATCH else 1
