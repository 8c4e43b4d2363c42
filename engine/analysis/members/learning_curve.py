"""Learning curve: how the error falls with the number of training examples, and whether more would help.

Of each member the error e(n) is known on the training and on the test part after training on n examples; the
same member is the one of equal seeds. With N the largest number and n the one nearest to N / 2 (on a
logarithmic scale), the evidence is the slope of the test error over the last doubling, and the gap at N:

    slope = mean over members of (e_test(N) - e_test(n)) / log2(N / n)      (change per doubling)
    gap   = mean over members of e_test(N) - e_train(N)
    interval = mean ± t(0.975, m - 1) s / sqrt(m)                           (Student, 95 %)

The differences are of one member each (paired), so that what the seeds change at both numbers alike does not
widen the interval. m values with standard deviation s are the differences averaged over the members of one
value of a seed; if several seeds vary, the widest of their intervals counts, as members that share a seed are
not independent. With one value of every seed there is no interval.

Error curves flatten: the slope over the last doubling is what the next one brings at most, as long as the
curve is convex. The conclusion compares its interval with 0 and with a tenth of the test error at N.
"""

from collections.abc import Mapping, Sequence
from math import cos, log2, pi, sin, sqrt, tan
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95  # of the intervals
RELEVANT = 0.1  # of the test error: a smaller fall per doubling is little

Seeds = tuple[Any, ...]  # the values of the seeds that vary, in one order
Conclusion = Literal["helps", "helps_little", "does_not_help", "undecided"]


class Size(NamedTuple):
    """The finite errors of the members that trained on `samples` examples, by their seeds."""

    samples: int
    train: Mapping[Seeds, float]
    test: Mapping[Seeds, float]


class Estimate(NamedTuple):
    """The mean of `members` values, and its interval at 95 %; None if no seed has two values."""

    mean: float
    interval: tuple[float, float] | None
    members: int


class Evidence(NamedTuple):
    """What speaks for and against more training examples.

    `slope` is the change of the test error per doubling of the examples, from `smaller` to `larger` examples;
    `error` the mean test error at `larger`; `gap` test minus training error there, None if neither is known.
    """

    smaller: int
    larger: int
    error: float
    slope: Estimate
    gap: Estimate | None
    conclusion: Conclusion


def evidence(sizes: Sequence[Size]) -> Evidence | None:
    """Returns the evidence of the last doubling; None if no member was tested at two numbers."""
    known = sorted((size for size in sizes if size.test), key=lambda size: size.samples)
    if len(known) < 2:
        return None
    larger = known[-1]
    smaller = min(known[:-1], key=lambda size: abs(log2(larger.samples / size.samples) - 1))
    pairs = [seeds for seeds in larger.test if seeds in smaller.test]
    if not pairs:
        return None
    doublings = log2(larger.samples / smaller.samples)
    slope = estimate({seeds: (larger.test[seeds] - smaller.test[seeds]) / doublings for seeds in pairs})
    gaps = {seeds: larger.test[seeds] - larger.train[seeds] for seeds in larger.test if seeds in larger.train}
    error = float(np.mean(list(larger.test.values())))
    return Evidence(
        smaller.samples, larger.samples, error, slope, estimate(gaps) if gaps else None,
        conclusion(slope, error),
    )  # fmt: skip


def conclusion(slope: Estimate, error: float) -> Conclusion:
    """Returns what the interval of the slope says, compared with 0 and with the fall that is relevant.

    `helps`: the error falls (the interval is below 0), possibly by more than RELEVANT of it per doubling;
    `helps_little`: it falls, but by less; `does_not_help`: 0 is inside, and a relevant fall is not, or the
    error rises; `undecided`: both are inside, or there is no interval.
    """
    if slope.interval is None:
        return "undecided"
    low, high = slope.interval
    is_at_most_little = low > -RELEVANT * error or (low == high == 0)
    if high < 0:
        return "helps_little" if is_at_most_little else "helps"
    return "does_not_help" if is_at_most_little or low > 0 else "undecided"


def estimate(values: Mapping[Seeds, float]) -> Estimate:
    """Returns the mean of the values of members, and its interval: the widest over the seeds that vary."""
    array = np.array(list(values.values()), np.float64)
    columns = zip(*values, strict=True)
    intervals = [interval for column in columns if (interval := _interval(array, column)) is not None]
    widest = max(intervals, key=lambda interval: interval[1] - interval[0], default=None)
    return Estimate(float(array.mean()), widest, len(array))


def _interval(values: NDArray[np.float64], levels: Sequence[Any]) -> tuple[float, float] | None:
    """Student's interval of the means (m,) of the values of each level; None for one level."""
    means = [values[[each == level for each in levels]].mean() for level in dict.fromkeys(levels)]
    if len(means) < 2:
        return None
    half = float(student_quantile(len(means) - 1, LEVEL) * np.std(means, ddof=1) / np.sqrt(len(means)))
    return float(np.mean(means)) - half, float(np.mean(means)) + half


def student_quantile(freedom: int, level: float) -> float:
    """Returns the t with the probability `level` that |T| <= t, T of Student's distribution.

    With θ = atan(t / sqrt(freedom)) the probability is, after Abramowitz and Stegun 26.7.3 and 26.7.4,

        2/π (θ + sin θ (cos θ + 2/3 cos³θ + ... + 2·4···(f - 3) / 3·5···(f - 2) cos^(f-2) θ))    f odd
        sin θ (1 + 1/2 cos²θ + ... + 1·3···(f - 3) / 2·4···(f - 2) cos^(f-2) θ)                  f even
    """
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _probability(freedom, middle) < level else (low, middle)
    return sqrt(freedom) * tan(low)


def _probability(freedom: int, theta: float) -> float:
    is_odd = freedom % 2
    term, total = (cos(theta), 0.0) if is_odd else (1.0, 0.0)
    for power in range(1 + is_odd, freedom, 2):
        total += term
        term *= power / (power + 1) * cos(theta) ** 2
    return 2 / pi * (theta + sin(theta) * total) if is_odd else sin(theta) * total
