"""Pace: how fast a run may go."""

import pytest

from app.workers.pacing import SLICE, Pace, Rate, SliceSize, TurnOrder


@pytest.mark.parametrize("speed", [1, 7, 60, 1000, 250_000])
def test_a_limited_run_takes_its_steps_per_second_and_no_more(speed):
    pace, now, taken = Pace(speed, 0.0), 0.0, 0
    while now < 10:
        now += 0.003
        steps = pace.allowed(now)
        pace.spend(steps)
        taken += steps
    assert taken == pytest.approx(10 * speed, rel=0.02, abs=1)


def test_a_delay_is_not_followed_by_a_burst():
    pace = Pace(100, 0.0)
    assert pace.allowed(60.0) <= 10


def test_steps_come_evenly():
    pace, now, times = Pace(20, 0.0), 0.0, []
    pace.restart(0.0)
    while now < 2:
        steps = pace.allowed(now)
        pace.spend(steps)
        times += [now] * steps
        now += 0.001
    gaps = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert max(gaps) <= 0.052
    assert min(gaps) >= 0.048


def test_the_time_of_the_next_step_is_known_beforehand():
    pace = Pace(10, 0.0)
    pace.restart(0.0)
    pace.spend(pace.allowed(0.0))
    assert pace.due() == pytest.approx(0.1)
    assert pace.allowed(0.09) == 0
    assert pace.due() == pytest.approx(0.1)


def test_without_a_limit_nothing_waits():
    pace = Pace(None, 3.0)
    assert pace.due() <= 3.0
    assert pace.allowed(3.0) > 1e9


@pytest.mark.parametrize("per_step", [7e-6, 1e-3, 0.2])
def test_slices_come_to_last_five_milliseconds_or_one_step(per_step):
    size = SliceSize()
    for _ in range(20):
        size.observe(size.steps, size.steps * per_step)
    assert size.steps == max(1, int(SLICE / per_step)) or size.steps * per_step == pytest.approx(
        SLICE, rel=0.01
    )


def test_the_rate_is_that_of_the_last_half_second():
    rate = Rate(0.0)
    for tick in range(1, 101):
        rate.add(50, tick / 100)
    assert rate.value == pytest.approx(5000, rel=0.05)


class Simulated:
    """A run on a clock of the test's own: every step takes `per_step` seconds of it."""

    def __init__(self, speed, per_step):
        self.pace, self.size, self.per_step, self.steps = Pace(speed, 0.0), SliceSize(), per_step, 0
        self.pace.restart(0.0)

    def slice(self, now):
        steps = min(self.pace.allowed(now), self.size.steps)
        self.pace.spend(steps)
        if steps:
            self.size.observe(steps, steps * self.per_step)
        self.steps += steps
        return now + steps * self.per_step


def simulate(runs, seconds):
    """The worker's loop: a slice of one of those that are due; until the next is due where none is."""
    now, turns = 0.0, TurnOrder()
    while now < seconds:
        due = [run for run in runs if run.pace.due() <= now]
        soonest = min(run.pace.due() for run in runs) + 1e-6
        now = turns.next(due).slice(now) + 1e-5 if due else soonest


@pytest.mark.parametrize("speed", [20, 300, 2000])
@pytest.mark.parametrize("fast", [0, 1, 3])
def test_a_limited_run_keeps_its_pace_beside_runs_without_a_limit(speed, fast):
    limited = Simulated(speed, 8e-6)
    unlimited = [Simulated(None, 7e-6) for _ in range(fast)]
    simulate([*unlimited, limited], 5.0)
    assert limited.steps == pytest.approx(5 * speed, rel=0.05, abs=1)
    # Limited ones cost the others next to nothing.
    assert all(run.steps * run.per_step > 4.5 / fast for run in unlimited)


def test_many_limited_runs_each_keep_their_pace():
    runs = [Simulated(300, 8e-6) for _ in range(16)]
    simulate(runs, 3.0)
    assert [run.steps for run in runs] == pytest.approx([900] * 16, rel=0.05)
