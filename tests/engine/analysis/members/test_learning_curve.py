"""Evidence of a learning curve, compared with SciPy and for curves whose answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.analysis.members.learning_curve import (
    Estimate,
    Size,
    conclusion,
    estimate,
    evidence,
    student_quantile,
)

RANDOM = np.random.default_rng(5)
SIZES = (5, 10, 20, 40, 80, 160, 250)


def sizes_of(curve, spread=0.0, members=8, seed=0, gap=0.0, sizes=SIZES):
    """Sizes of members whose test errors are curve(n), each with a level of its own, plus noise."""
    random = np.random.default_rng(seed)
    levels = 0.3 * random.normal(size=members)  # equal at every size: they must not widen the interval
    return [
        Size(
            samples,
            {(member,): curve(samples) - gap + levels[member] for member in range(members)},
            {
                (member,): curve(samples) + levels[member] + spread * random.normal()
                for member in range(members)
            },
        )
        for samples in sizes
    ]


def test_the_slope_and_its_interval_are_those_of_the_paired_t_test():
    found = evidence(sizes_of(lambda samples: 0.4 / samples**0.3, spread=0.01))
    sizes = {size.samples: np.array(list(size.test.values())) for size in sizes_of(
        lambda samples: 0.4 / samples**0.3, spread=0.01
    )}  # fmt: skip
    assert (found.smaller, found.larger) == (160, 250)
    expected = stats.ttest_rel(sizes[250], sizes[160])
    doublings = np.log2(250 / 160)
    low, high = expected.confidence_interval(0.95)
    assert found.slope.mean == pytest.approx((sizes[250] - sizes[160]).mean() / doublings)
    assert found.slope.interval == pytest.approx((low / doublings, high / doublings))
    assert found.slope.members == 8
    assert found.error == pytest.approx(sizes[250].mean())


def test_the_gap_is_the_mean_difference_of_test_and_training_error():
    found = evidence(sizes_of(lambda samples: 0.2, spread=0.01, gap=0.15))
    assert found.gap.mean == pytest.approx(0.15, abs=0.02)
    assert found.gap.interval[0] < 0.15 < found.gap.interval[1]


@pytest.mark.parametrize(
    ("curve", "spread", "expected"),
    [
        (lambda samples: 2 / samples**0.5, 0.002, "helps"),  # steep: 0.126 at 250
        (lambda samples: 0.1 + 0.5 * np.exp(-samples / 10), 0.001, "does_not_help"),  # the noise limit, 0.1
        (lambda samples: 0.1, 0.05, "undecided"),  # too much noise for an answer
        (lambda samples: 0.4 / samples**0.05, 0.0005, "helps_little"),
        (lambda samples: 0.1 + 0.001 * samples, 0.001, "does_not_help"),  # the error rises
    ],
)
def test_the_verdict_on_curves_with_a_known_answer(curve, spread, expected):
    assert evidence(sizes_of(curve, spread)).conclusion == expected


def test_errors_that_are_all_zero_need_no_more_examples():
    found = evidence(sizes_of(lambda samples: 0.0, members=5)[:0] + [
        Size(samples, {(0,): 0.0, (1,): 0.0}, {(0,): 0.0, (1,): 0.0}) for samples in (10, 20)
    ])  # fmt: skip
    assert (found.slope, found.conclusion) == (Estimate(0, (0, 0), 2), "does_not_help")


def test_a_true_slope_lies_in_the_interval_in_about_95_of_100_experiments():
    contained = 0
    for seed in range(300):
        low, high = evidence(sizes_of(lambda samples: 0.1, 0.02, 6, seed, sizes=(80, 160))).slope.interval
        contained += low <= 0 <= high
    assert 0.91 <= contained / 300 <= 0.985


def test_two_seeds_that_vary_give_the_wider_of_the_intervals_of_their_means():
    values = {(a, b): 0.1 * a + RANDOM.normal(scale=0.01) for a in range(5) for b in range(4)}
    by_first = [np.mean([values[a, b] for b in range(4)]) for a in range(5)]
    expected = stats.ttest_1samp(by_first, 0).confidence_interval(0.95)
    found = estimate(values)
    assert found.interval == pytest.approx(tuple(expected))
    assert (found.mean, found.members) == (pytest.approx(np.mean(list(values.values()))), 20)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 7, 8, 24, 63, 511])
def test_the_quantile_is_that_of_students_distribution(freedom):
    for level in (0.5, 0.95, 0.99):
        expected = stats.t.ppf((1 + level) / 2, freedom)
        assert student_quantile(freedom, level) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seeds", [[()], [(3,)], [(3, 1)]])
def test_members_of_one_seed_have_no_interval_and_decide_nothing(seeds):
    found = evidence([Size(10, {}, {seeds[0]: 0.4}), Size(20, {}, {seeds[0]: 0.1})])
    assert (found.slope.mean, found.slope.interval) == (pytest.approx(-0.3), None)
    assert (found.conclusion, found.gap) == ("undecided", None)


def test_without_two_numbers_of_examples_there_is_no_evidence():
    assert evidence([]) is None
    assert evidence([Size(10, {}, {(0,): 0.1}), Size(20, {(0,): 0.1}, {})]) is None
    assert evidence([Size(10, {}, {(0,): 0.1}), Size(20, {}, {(1,): 0.1})]) is None


@pytest.mark.parametrize(
    ("sizes", "pair"),
    [((5, 10, 20, 40), (20, 40)), ((100, 190, 250), (100, 250)), ((240, 10, 250), (240, 250)),
     ((1, 100), (1, 100))],
)  # fmt: skip
def test_the_last_doubling_begins_at_the_number_nearest_to_half_of_the_largest(sizes, pair):
    found = evidence([Size(samples, {}, {(0,): 0.1}) for samples in sizes])
    assert (found.smaller, found.larger) == pair


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))
def test_every_interval_has_one_verdict(mean, half, error):
    slope = Estimate(mean, (mean - half, mean + half), 5)
    found = conclusion(slope, error)
    assert (found in ("helps", "helps_little")) == (mean + half < 0)
    assert found != "undecided" or mean - half <= -0.1 * error
