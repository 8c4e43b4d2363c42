"""Watchdog: unresponsive child processes are killed, and no others."""

from types import SimpleNamespace

import pytest

from app.workers.watchdog import INTERVAL, MAX_OVERDUE, MAX_STARTING_SECONDS, Watchdog


class Clock:
    """A clock of simulated time."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Simulation:
    """A watchdog with one child process, which can wait for a processor, in simulated time."""

    def __init__(self, **child):
        self.killed = False
        self.clock, self.wall_clock, self.waited = Clock(), Clock(), 0.0
        values = {
            "pid": 1,
            "ready": True,
            "responded": False,
            "overdue": 0.0,
            "stuck": False,
            "patience": MAX_OVERDUE,
        }
        self.child = SimpleNamespace(name="worker", kill=self.kill, **(values | child))
        self.watchdog = Watchdog(lambda: [self.child], self.clock, self.wall_clock, lambda pid: self.waited)
        self.watchdog.check()

    def kill(self):
        self.killed = True

    def pass_time(self, seconds, wall_seconds=None):
        """Lets time pass before a check that is the first one after it."""
        self.clock.now += seconds
        self.wall_clock.now += seconds if wall_seconds is None else wall_seconds
        self.watchdog.check()

    def checks_until_killed(self, limit=1000, waiting=0.0, received_every=None):
        """Returns the number of checks until the child was killed, or None."""
        for number in range(1, limit):
            self.waited += waiting * INTERVAL
            self.child.responded = received_every is not None and number % received_every == 0
            self.pass_time(INTERVAL)
            if self.killed:
                return number
        return None


def test_a_child_that_sends_nothing_is_killed_within_eight_seconds():
    assert Simulation().checks_until_killed() * INTERVAL <= 8


def test_a_killed_child_is_stuck_unless_a_signal_has_stopped_it(monkeypatch):
    for is_stopped in (False, True):
        monkeypatch.setattr("app.workers.watchdog.is_stopped", lambda pid, result=is_stopped: result)
        simulation = Simulation()
        simulation.checks_until_killed()
        assert simulation.child.stuck is not is_stopped


def test_a_child_that_sends_something_every_few_seconds_is_not_killed():
    assert Simulation().checks_until_killed(received_every=5) is None


def test_time_in_which_the_child_waits_for_a_processor_does_not_count():
    # At load 20, a process of low priority gets a few hundredths of a processor.
    assert Simulation().checks_until_killed(waiting=0.97, limit=200) is None
    assert Simulation().checks_until_killed(waiting=0.5) == pytest.approx(14, abs=1)


@pytest.mark.parametrize(("seconds", "wall_seconds"), [(3600.0, 3600.0), (0.9, 3600.0), (3600.0, 1.0)])
def test_after_the_server_did_not_run_the_time_begins_again(seconds, wall_seconds):
    simulation = Simulation()
    assert simulation.checks_until_killed(limit=6) is None
    simulation.pass_time(seconds, wall_seconds)  # asleep, or stopped
    assert not simulation.killed
    assert simulation.checks_until_killed(limit=6) is None
    assert simulation.checks_until_killed() is not None


def test_a_child_that_starts_or_reads_a_file_has_more_time():
    assert Simulation(ready=False).checks_until_killed() * INTERVAL == pytest.approx(
        MAX_STARTING_SECONDS, abs=1
    )
    assert Simulation(patience=60.0).checks_until_killed() * INTERVAL == pytest.approx(60, abs=1)


def test_a_replacement_is_not_judged_by_its_predecessor():
    simulation = Simulation()
    assert simulation.checks_until_killed(limit=6) is None
    simulation.child.pid, simulation.child.overdue = 2, 0.0
    assert simulation.checks_until_killed(limit=6) is None
