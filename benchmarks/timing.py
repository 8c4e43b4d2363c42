"""Interleaved timing: each repetition runs all candidates, so that slow periods affect all of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

Measured = dict[str, list[float]]


def interleave(candidates: Mapping[str, Callable[[], float]], repetitions: int) -> Measured:
    """Returns `repetitions` results of each candidate, run in turns with a rotating order."""
    results: Measured = {name: [] for name in candidates}
    names = list(candidates)
    for turn in range(repetitions):
        start = turn % max(1, len(names))
        for name in names[start:] + names[:start]:
            results[name].append(candidates[name]())
    return results


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> float:
    """Returns the median over repetitions of numerator / denominator."""
    return median(a / b for a, b in zip(numerators, denominators, strict=True))


def microseconds(work: Callable[[], object], turns: int) -> float:
    """Returns microseconds per call over `turns` calls."""
    start = time.perf_counter()
    for _ in range(turns):
        work()
    return (time.perf_counter() - start) * 1e6 / turns


def repeated(work: Callable[[], object], repetitions: int, seconds: float = 0.03) -> list[float]:
    """Returns microseconds per call, measured `repetitions` times for about `seconds` each."""
    work()
    once = microseconds(work, 1)
    turns = max(1, int(seconds * 1e6 / max(once, 0.1)))
    return [microseconds(work, turns) for _ in range(repetitions)]
