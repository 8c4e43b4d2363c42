"""Profile of a compiled step: the time of each NumPy call, run repeatedly on its buffers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from benchmarks.steps import Steps
from benchmarks.timing import microseconds

_CALL = re.compile(r"([\w.]+)\((.*)\)")


@dataclass
class Call:
    """A recorded call: name of the function, shapes of its arrays, microseconds."""

    function: str
    operands: str
    microseconds: float


def profile(steps: Steps, repetitions: int, turns: int = 2000) -> list[Call]:
    """Returns the calls of a step in order, without the time of the measuring loop.

    Repeated calls have warm caches and branch predictors, so that their sum is a little less than a step.
    """
    names = steps.plan.xp.values | steps.loop_variables()
    lines = steps.plan.xp.lines
    loops = [_loop(line, names, turns) for line in ["pass", *lines]]
    times: list[list[float]] = [[] for _ in loops]
    with np.errstate(all="ignore"):
        for _ in range(repetitions):
            for loop, values in zip(loops, times, strict=True):
                values.append(microseconds(loop, 1) / turns)
    empty, *costs = (median(values) for values in times)
    return [
        Call(*_described(line, names), max(0.0, cost - empty))
        for line, cost in zip(lines, costs, strict=True)
    ]


def _loop(line: str, names: dict[str, Any], turns: int) -> Callable[[], None]:
    head = f"def make({', '.join(names)}):\n def loop():\n"
    source = f"{head}  for _ in range({turns}):\n   {line}\n return loop"
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102 - a line of the recorder
    loop: Callable[[], None] = namespace["make"](**names)
    return loop


def _described(line: str, names: dict[str, Any]) -> tuple[str, str]:
    """Returns the name of the function and the shapes of its arrays, that of a method's object first."""
    match = _CALL.fullmatch(line)
    assert match
    path, arguments = match.groups()
    first, _, attribute = path.partition(".")
    function = getattr(names[first], attribute) if attribute else names[first]
    owner = getattr(function, "__self__", None)
    values = [names.get(argument.split("=")[-1].strip()) for argument in arguments.split(",")]
    arrays = [value for value in (owner, *values) if isinstance(value, np.ndarray)]
    prefix = f"{owner.__name__}." if isinstance(owner, np.ufunc) else ""
    return prefix + function.__name__, " ".join(_shape(array) for array in arrays)


def _shape(array: np.ndarray) -> str:
    return "×".join(map(str, array.shape)) if array.ndim else "number"
