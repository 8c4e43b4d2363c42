"""At which steps checkpoints are recorded, and their scale."""

import pytest

from engine.training.recorded_steps import next_recorded, scale, steps_per_doubling


def recorded(last: int) -> list[int]:
    steps = [0]
    while (step := next_recorded(steps[-1])) <= last:
        steps.append(step)
    return steps


def test_every_one_of_the_first_steps_is_recorded():
    assert recorded(128) == list(range(129))


@pytest.mark.parametrize("last", [1_000, 100_000, 5_000_000])
def test_no_gap_is_larger_than_a_64th_of_its_step(last: int):
    steps = recorded(last)
    assert all(after - before <= max(1, before / 64) for before, after in zip(steps, steps[1:], strict=False))


def test_sixty_seconds_of_a_fast_run_have_more_than_two_hundred_steps_and_sixty_in_the_first_tenth():
    steps = recorded(2_400_000)
    assert 200 <= len(steps) <= 1200
    assert sum(step <= 240_000 for step in steps) >= 60


def test_nearly_every_pixel_of_a_linear_time_line_is_near_a_recorded_step():
    last, width = 2_400_000, 1200
    pixels = [step / last * width for step in recorded(last)]
    near = sum(min(abs(pixel - other) for other in pixels) <= 6 for pixel in range(width))
    assert near >= 0.95 * width


def test_the_scale_runs_from_0_to_1_and_rises():
    values = [scale(step, 1000) for step in range(1001)]
    assert values[0] == 0 and values[-1] == pytest.approx(1) and values == sorted(values)
    assert scale(0, 0) == 0


@pytest.mark.parametrize(("size", "count"), [(4_000, 64), (65_536, 64), (65_537, 32), (10**6, 4), (10**9, 4)])
def test_fewer_steps_are_recorded_where_checkpoints_are_large(size: int, count: int):
    assert steps_per_doubling(size) == count


@pytest.mark.parametrize(("size", "count"), [(4_000, 16), (262_145, 8), (10**6, 4)])
def test_trainings_that_take_their_steps_together_record_at_most_16_steps_per_doubling(size: int, count: int):
    assert steps_per_doubling(size, together=True) == count


def test_with_four_steps_per_doubling_the_gaps_are_a_quarter_of_the_step():
    steps = [next_recorded(step, 4) for step in (0, 7, 8, 16, 100)]
    assert steps == [1, 8, 10, 20, 112]
