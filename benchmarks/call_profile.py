"""What a recorded step costs call by call: each NumPy call run alone, many times, on its own buffers."""

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
    """One recorded call: the function, the shapes it works on, microseconds."""

    function: str
    operands: str
    microseconds: float


def profile(steps: Steps, repetitions: int, turns: int = 2000) -> list[Call]:
    """The calls of a plan in their order, without the cost of the loop around each.

    Alone and again and again, a call finds caches and branch predictors warm: the sum is a little less than
    a step.
    """
    names = steps.plan.xp.values | steps.slots()
    lines = steps.plan.xp.lines
    loops = [_loop(line, names, turns) for line in ["pass", *lines]]
    times: list[list[float]] = [[] for _ in loops]
    with np.errstate(all="ignore"):
        for _ in range(repetitions):
            for loop, found in zip(loops, times, strict=True):
                found.append(microseconds(loop, 1) / turns)
    empty, *costs = (median(found) for found in times)
    return [
        Call(*_described(line, names), max(0.0, cost - empty))
        for line, cost in zip(lines, costs, strict=True)
    ]


def _loop(line: str, names: dict[str, Any], turns: int) -> Callable[[], None]:
    head = f"def make({', '.join(names)}):\n def loop():\n"
    source = f"{head}  for _ in range({turns}):\n   {line}\n return loop"
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102 - the recorder's own line
    loop: Callable[[], None] = namespace["make"](**names)
    return loop


def _described(line: str, names: dict[str, Any]) -> tuple[str, str]:
    """The function's name, and the arrays it works on as shapes, the one it is a method of first."""
    match = _CALL.fullmatch(line)
    assert match
    path, arguments = match.groups()
    first, _, attribute = path.partition(".")
    called = getattr(names[first], attribute) if attribute else names[first]
    owner = getattr(called, "__self__", None)
    values = [names.get(each.split("=")[-1].strip()) for each in arguments.split(",")]
    arrays = [value for value in (owner, *values) if isinstance(value, np.ndarray)]
    prefix = f"{owner.__name__}." if isinstance(owner, np.ufunc) else ""
    return prefix + called.__name__, " ".join(_shape(array) for array in arrays)


def _shape(array: np.ndarray) -> str:
    return "×".join(map(str, array.shape)) if array.ndim else "number"
