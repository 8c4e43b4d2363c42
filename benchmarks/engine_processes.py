"""Engine processes: starts the compared engines and sends them commands."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.problem import Parameters, Problem, parameters
from benchmarks.shared import ROOT

OURS = "perceptarium"
PLAYGROUND = "PLAYGROUND_PATH"
OTHERS = "BENCH_PEERS_PYTHON"


@dataclass(frozen=True)
class EngineSpec:
    """An engine: its title in the results, its module, and its requirements."""

    title: str
    module: str
    arguments: tuple[str, ...] = ()
    other: bool = True  # runs with the Python of BENCH_PEERS_PYTHON, if set
    workloads: tuple[str, ...] = ("W1", "W2", "W3", "W4")


ENGINES: dict[str, EngineSpec] = {
    OURS: EngineSpec("Perceptarium, bare step", "perceptarium", other=False),
    "perceptarium_loop": EngineSpec(
        "Perceptarium, ordinary training", "perceptarium", ("loop",), other=False
    ),
    "jax_scan": EngineSpec("JAX lax.scan", "jax_steps", ("scan",)),
    "jax_jit": EngineSpec("JAX jit per step", "jax_steps", ("jit",)),
    "jax_vmap": EngineSpec("JAX vmap, 64 networks at once", "jax_steps", ("vmap",), workloads=()),
    "playground": EngineSpec("TF Playground nn.ts", "playground", workloads=("W1", "W2")),
    "scikit_learn": EngineSpec("scikit-learn", "scikit"),
    "pytorch": EngineSpec("PyTorch eager", "torch_eager"),
    "textbook": EngineSpec("textbook NumPy, float64", "textbook", other=False),
}


class Missing(Exception):
    """An engine is not installed."""


class EngineProcess:
    """A running engine, which computes only during a command."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._time = self._work = 0.0
        self.version: str = self._answer()["version"]

    def run(self, steps: int) -> float:
        """Returns microseconds per step over at least `steps` steps."""
        answer = self._request({"run": steps})
        self._time += answer["microseconds"]
        self._work += answer["work"]
        return float(answer["microseconds"]) / int(answer["steps"])

    def work(self, steps: int) -> float:
        """Returns microseconds of processor time per step over at least `steps` steps."""
        answer = self._request({"run": steps})
        return float(answer["work"]) / int(answer["steps"])

    def cores(self) -> float:
        """Returns the CPU time divided by the wall time of all runs."""
        return self._work / self._time

    def epoch(self, folder: Path) -> Parameters:
        """Returns the parameters after one epoch."""
        path = folder / f"epoch-{self.process.pid}.npz"
        self._request({"epoch": str(path)})
        if not path.read_bytes().startswith(b"["):
            with np.load(path) as file:
                return parameters(file)
        layers = json.loads(path.read_text("utf-8"))
        return [(np.array(layer["weights"]), np.array(layer["biases"])) for layer in layers]

    def _request(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise Missing("the process ended without an answer")
        answer: dict[str, Any] = json.loads(line)
        if "missing" in answer:
            raise Missing(answer["missing"])
        return answer


def start(spec: EngineSpec, problem: Path, stack: ExitStack) -> EngineProcess:
    """Starts the engine; the process ends with `stack`. Raises Missing."""
    process = stack.enter_context(_process(_command(spec, problem)))
    return EngineProcess(process)


def _command(spec: EngineSpec, problem: Path) -> list[str]:
    if spec.module == "playground":
        compiled = os.environ.get(PLAYGROUND)
        if not compiled:
            raise Missing(f"{PLAYGROUND} is not set to a compiled nn.ts")
        script = ROOT / "benchmarks" / "engines" / "playground.mjs"
        return ["node", str(script), compiled, str(_as_json(problem))]
    python = os.environ.get(OTHERS, sys.executable) if spec.other else sys.executable
    return [python, "-m", f"benchmarks.engines.{spec.module}", str(problem), *spec.arguments]


def _as_json(path: Path) -> Path:
    """Writes the problem as JSON, for engines without NumPy."""
    problem, target = Problem.load(path), path.with_suffix(".json")
    layers = [{"weights": weights.tolist(), "biases": biases.tolist()} for weights, biases in problem.initial]
    body = {"settings": problem.settings.__dict__, "inputs": problem.inputs.tolist(), "initial": layers}
    target.write_text(json.dumps(body | {"targets": problem.targets.tolist()}), "utf-8")
    return target


@contextmanager
def _process(command: list[str]) -> "Iterator[subprocess.Popen[str]]":
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, text=True)
    except FileNotFoundError:
        raise Missing(f"not installed: {command[0]}") from None
    with process:
        try:
            yield process
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
