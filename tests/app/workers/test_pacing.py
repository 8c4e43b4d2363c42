"""Pacing: limited speeds, slices, rates and turns."""

import pytest

from app.workers.training.pacing import SLICE, Cost, Pace, Rate, Rhythm, SliceSize
from app.workers.training.turns import Turns


@pytest.mark.parametrize("speed", [1, 7, 60, 1000, 250_000])
def test_a_limited_run_takes_the_configured_steps_per_second(speed):
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


def test_steps_are_evenly_spaced():
    pace, now, times = Pace(20, 0.0), 0.0, []
    pace.restart(0.0)
    while now < 2:
        steps = pace.allowed(now)
        pace.spend(steps)
        times += [now] * steps
        now += 0.001
    intervals = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert max(intervals) <= 0.052
    assert min(intervals) >= 0.048


@pytest.mark.parametrize("speed", [5, 300, 5000])
def test_a_run_trains_at_once_when_it_starts(speed):
    pace = Pace(speed, 0.0)
    pace.restart(7.0)
    assert pace.due() == 7.0
    assert pace.allowed(7.0) >= 1


def test_the_time_of_the_next_step_is_computed_in_advance():
    pace = Pace(10, 0.0)
    pace.restart(0.0)
    pace.spend(pace.allowed(0.0))
    assert pace.due() == pytest.approx(0.1)
    assert pace.allowed(0.09) == 0
    assert pace.due() == pytest.approx(0.1)


def test_a_run_without_a_limit_is_always_due():
    pace = Pace(None, 3.0)
    assert pace.due() <= 3.0
    assert pace.allowed(3.0) > 1e9


@pytest.mark.parametrize("per_step", [7e-6, 1e-3, 0.2])
def test_slices_converge_to_five_milliseconds_or_one_step(per_step):
    size = SliceSize()
    for _ in range(20):
        size.observe(size.steps, size.steps * per_step)
    assert size.steps == max(1, int(SLICE / per_step)) or size.steps * per_step == pytest.approx(
        SLICE, rel=0.01
    )


def test_the_rate_is_measured_over_the_last_half_second():
    rate = Rate(0.0)
    for tick in range(1, 101):
        rate.add(50, tick / 100)
    assert rate.value == pytest.approx(5000, rel=0.05)


class SimulatedRun:
    """A run in simulated time: every step takes `per_step` seconds."""

    def __init__(self, speed, per_step):
        self.pace, self.size, self.per_step, self.steps = Pace(speed, 0.0), SliceSize(), per_step, 0
        self.pace.restart(0.0)

    def train_slice(self, now, rhythm):
        """Returns the time after the slice."""
        self.size.duration, self.pace.wait, _ = rhythm
        steps = min(self.pace.allowed(now), self.size.steps)
        self.pace.spend(steps)
        if steps:
            self.size.observe(steps, steps * self.per_step)
        self.steps += steps
        return now + steps * self.per_step


def simulate(runs, seconds, overhead=1e-5):
    """The loop of a worker: one slice of a due run, or the time until the next run is due."""
    now, turns, rhythm = 0.0, Turns(), Rhythm.of(len(runs))
    for run in runs:
        turns.plan(run, run.pace.due())
    while now < seconds:
        run = turns.next(now)
        if run is None:
            now = turns.next_due() + 1e-6
            continue
        began, now = now, run.train_slice(now, rhythm) + overhead
        turns.spend(run, now - began)
        turns.plan(run, run.pace.due())


@pytest.mark.parametrize("speed", [20, 300, 2000])
@pytest.mark.parametrize("unlimited_runs", [0, 1, 3, 60])
def test_a_limited_run_keeps_its_speed_beside_runs_without_a_limit(speed, unlimited_runs):
    limited = SimulatedRun(speed, 8e-6)
    unlimited = [SimulatedRun(None, 7e-6) for _ in range(unlimited_runs)]
    simulate([*unlimited, limited], 5.0)
    assert limited.steps == pytest.approx(5 * speed, rel=0.05, abs=1)
    # The limited run takes little time from the others.
    assert all(run.steps * run.per_step > 4.4 / unlimited_runs for run in unlimited)


def test_two_hundred_limited_runs_keep_their_speed():
    runs = [SimulatedRun(300, 8e-6) for _ in range(200)]
    simulate(runs, 3.0, overhead=4e-5)
    assert [run.steps for run in runs] == pytest.approx([900] * 200, rel=0.05)


def test_runs_that_together_want_too_much_are_slowed_down_equally_if_they_want_more_than_their_share():
    modest = [SimulatedRun(300, 8e-6) for _ in range(100)]
    greedy = [SimulatedRun(20_000, 8e-6) for _ in range(10)] + [SimulatedRun(None, 8e-6) for _ in range(10)]
    simulate([*modest, *greedy], 5.0, overhead=4e-5)
    assert min(run.steps for run in modest) >= 0.95 * 1500
    steps = [run.steps for run in greedy]
    assert min(steps) >= 0.9 * max(steps) > 3 * 1500


def test_the_cost_of_a_run_is_that_of_its_later_steps():
    cost = Cost()
    cost.add(0.5, 900)
    cost.add(0.5, 200)
    assert cost.share(300) is None
    for _ in range(100):
        cost.add(0.001, 100)
        assert cost.share(300) == pytest.approx(0.003)
    assert cost.share(None) == 1.0


def test_the_more_runs_train_the_shorter_are_slices_and_the_rarer_batches_and_messages():
    alone, many, most = Rhythm.of(1), Rhythm.of(60), Rhythm.of(200)
    assert alone == (SLICE, 0.01, 1 / 30)
    assert alone.slice > many.slice > most.slice >= 0.001
    assert alone.wait < many.wait <= most.wait < 0.1
    # Two hundred runs without viewers send 400 messages a second.
    assert alone.report < many.report < most.report == 0.5
