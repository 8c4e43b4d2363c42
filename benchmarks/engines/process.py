"""The engine's side of the protocol: one JSON line per command and per answer, to interleave repetitions.

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

from benchmarks.problem import Parameters, Problem, named


class Engine(Protocol):
    """The operations of an engine."""

    version: str

    def reset(self) -> None:
        """Restore the initial weights and optimizer state, so that every repetition does the same work."""

    def run(self, steps: int) -> int:
        """Train at least `steps` optimizer steps and wait for them. Returns their number."""

    def epoch(self) -> Parameters:
        """The parameters after one epoch, trained from the initial ones."""


def serve(make: Callable[[Problem], Engine]) -> None:
    """Execute commands until the input ends. A missing library gives the answer `missing`."""
    try:
        engine = make(Problem.load(Path(sys.argv[1])))
    except ImportError as error:
        say(missing=f"not installed: {error.name}")
        return
    engine.run(1)
    say(version=engine.version)
    for line in sys.stdin:
        say(**_execute(engine, json.loads(line)))


def _execute(engine: Engine, command: dict[str, Any]) -> dict[str, Any]:
    if "epoch" in command:
        engine.reset()
        np.savez(command["epoch"], **named(engine.epoch()))
        return {"saved": command["epoch"]}
    engine.reset()
    start, work = time.perf_counter_ns(), time.process_time_ns()
    steps = engine.run(command["run"])
    work = time.process_time_ns() - work  # of all threads
    return {"steps": steps, "microseconds": (time.perf_counter_ns() - start) / 1000, "work": work / 1000}


def say(**answer: Any) -> None:
    """Write one answer to standard output."""
    print(json.dumps(answer), flush=True)


MIN_STEPS = 250  # per call for small networks: the overhead of the call is then negligible
MAX_SMALL_BATCH = 50_000  # numbers in the batch of a small network


def in_rounds(problem: Problem) -> int:
    """The number of epochs in one call of `run`."""
    return max(1, -(-MIN_STEPS // problem.epoch)) if problem.inputs[0].size < MAX_SMALL_BATCH else 1
