"""Levels: values in one byte each, with the same decisions."""

import numpy as np
import pytest

from engine.analysis.levels import Levels, to_levels

RANDOM = np.random.default_rng(0)


def smooth(outputs: int = 1, scale: float = 1.0) -> np.ndarray:
    """A sum of waves over a plane, squashed to between 0 and 1: (outputs, 60, 60)."""
    y, x = np.mgrid[0:1:60j, 0:1:60j]
    a, b, c = RANDOM.normal(0, scale, (3, outputs, 1, 1))
    return (1 / (1 + np.exp(-4 * scale * np.sin(5 * a * x + 7 * b * y + c)))).astype(np.float32)


def decoded(values: np.ndarray, threshold: float | None) -> np.ndarray:
    result = to_levels(values, threshold)
    assert result is not None
    return result[0].table()[result[1]]


THRESHOLDS = [None, 0.5, 0.0, 1.0, 0.97, 0.501, 0.03, -2.0, 2.0]


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_no_value_changes_by_more_than_one_255th_of_the_range_and_none_changes_sides(threshold):
    for scale in (0.1, 0.5, 1, 3):
        values = smooth(scale=scale)
        result = decoded(values, threshold)
        reach = float(values.max()) - float(values.min())
        assert np.abs(result.astype(float) - values).max() <= reach / 255 + 1e-7
        if threshold is not None:
            assert ((result >= threshold) == (values >= threshold)).all()


def test_a_threshold_just_inside_the_range_keeps_the_bound():
    for share in (1e-5, 1e-3, 0.5 / 255, 1.5 / 255):
        values = np.array([[0, share, 0.3, 0.987, 1]], np.float32) - np.float32(share)
        for field, threshold in ((values, 0.0), (-values, 0.0)):
            result = decoded(field, threshold)
            assert ((result >= threshold) == (field >= threshold)).all()
            assert np.abs(result.astype(float) - field).max() <= 1 / 255 + 1e-7


@pytest.mark.parametrize("outputs", [2, 3, 10])
def test_without_a_threshold_the_largest_output_stays_the_largest(outputs):
    for scale in (0.02, 0.5, 2):
        values = smooth(outputs, scale)
        values /= values.sum(axis=0)
        result = decoded(values, None)
        assert (result.argmax(axis=0) == values.argmax(axis=0)).all()
        reach = float(values.max()) - float(values.min())
        assert np.abs(result.astype(float) - values).max() <= reach / 255 + 1e-7


def test_the_largest_output_stays_the_largest_where_all_have_the_highest_code():
    values = np.array([[0, 0.999], [0.5, 0.9995], [0.2, 1]], np.float32)
    assert decoded(values, None).argmax(axis=0).tolist() == values.argmax(axis=0).tolist()


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.8, 0.95])
def test_the_line_where_values_cross_the_threshold_moves_by_less_than_a_tenth_of_a_cell(share):
    for scale in (0.3, 0.5, 1):
        values = smooth(scale=scale)
        threshold = float(np.quantile(values, share))  # with so much of the plane below it
        before = neighbours(values[0].astype(float) - threshold)
        after = neighbours(decoded(values, threshold)[0].astype(float) - threshold)
        crosses = (before[0] < 0) != (before[1] < 0)
        assert crosses.any()
        moves = crossing(*before[:, crosses]) - crossing(*after[:, crosses])
        assert np.abs(moves).max() < 0.1


def neighbours(field: np.ndarray) -> np.ndarray:
    """Every two values beside or below each other: (2, pairs)."""
    pairs = [(field[:, :-1], field[:, 1:]), (field[:-1], field[1:])]
    return np.concatenate([[first.ravel(), second.ravel()] for first, second in pairs], axis=1)


def crossing(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Where the line between two values crosses 0, as a part of their distance."""
    return first / (first - second)


def test_values_that_levels_cannot_tell_apart_are_refused():
    assert to_levels(np.full((1, 2, 2), 0.5, np.float32), 0.5) is None
    assert to_levels(np.array([[0.5, np.nextafter(np.float32(0.5), 1)]], np.float32), 0.5) is None
    assert to_levels(np.array([[0, np.nan, 1]], np.float32), 0.5) is None
    assert to_levels(np.array([[0, np.inf, 1]], np.float32), None) is None


def test_the_table_of_evenly_spaced_levels_ends_at_low_and_high():
    table = Levels(-1.0, 3.0).table()
    assert (table[0], table[255]) == (-1, 3)
    assert np.diff(table) == pytest.approx(4 / 255, rel=1e-4)
