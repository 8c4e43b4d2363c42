"""The engine's side of the protocol: one JSON line in, one out, so that repetitions can interleave.

`{"run": steps}` restores the initial weights and times at least so many optimizer steps (`work` is processor
time: more than the time that passed where there are several threads); `{"epoch": path}`
trains one epoch from the initial weights and writes its parameters to a file for the reference.
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
    """What an engine can be asked for."""

    version: str

    def reset(self) -> None:
        """Back to the initial weights and optimizer state, so that every repetition does the same work."""

    def run(self, steps: int) -> int:
        """Train at least `steps` optimizer steps and wait for them; how many it were."""

    def epoch(self) -> Parameters:
        """The parameters after one epoch from the initial ones."""


def serve(make: Callable[[Problem], Engine]) -> None:
    """Carry out commands until the input ends. A missing library is an answer, not an error."""
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
    """Writes one line to standard output."""
    print(json.dumps(answer), flush=True)


FEW_STEPS = 250  # of a small network, in whose time the cost of one more call hardly counts
SMALL_BATCH = 50_000  # numbers in a batch


def in_rounds(problem: Problem) -> int:
    """How many epochs one call should cover."""
    return max(1, -(-FEW_STEPS // problem.epoch)) if problem.inputs[0].size < SMALL_BATCH else 1
