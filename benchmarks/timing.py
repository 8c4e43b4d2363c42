"""Interleaved timing: each repetition runs every candidate once, so that slow periods affect all of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

Measured = dict[str, list[float]]


def interleave(candidates: Mapping[str, Callable[[], float]], repetitions: int) -> Measured:
    """What each candidate returns, `repetitions` times, in turns that start one further each time."""
    found: Measured = {name: [] for name in candidates}
    names = list(candidates)
    for turn in range(repetitions):
        start = turn % max(1, len(names))
        for name in names[start:] + names[:start]:
            found[name].append(candidates[name]())
    return found


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median over repetitions of ours / theirs, measured in the same rounds."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def microseconds(work: Callable[[], object], turns: int) -> float:
    """Microseconds per call over `turns` calls."""
    start = time.perf_counter()
    for _ in range(turns):
        work()
    return (time.perf_counter() - start) * 1e6 / turns


def repeated(work: Callable[[], object], repetitions: int, seconds: float = 0.03) -> list[float]:
    """Microseconds per call, measured `repetitions` times over about `seconds` each."""
    work()
    once = microseconds(work, 1)
    turns = max(1, int(seconds * 1e6 / max(once, 0.1)))
    return [microseconds(work, turns) for _ in range(repetitions)]
