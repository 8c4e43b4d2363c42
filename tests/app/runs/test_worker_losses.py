"""Worker losses: a run that makes its worker hang is given up, one whose worker is killed outside is not."""

import pytest

from app.errors import Unavailable
from app.runs.worker_losses import (
    COMMAND_SECONDS,
    MAX_LOSSES,
    RECOVERED_SECONDS,
    CommandAttempts,
    WorkerLosses,
)
from app.workers.recorded import Position


class Simulation:
    """A run that trains in simulated time and whose worker is lost; it gets one step further each time."""

    def __init__(self):
        self.now, self.step = 0.0, 0
        self.losses = WorkerLosses(lambda: self.now)

    def lose(self, times, has_hung, seconds=1.0, paused=0.0):
        """Trains for some seconds, and perhaps pauses, before each loss, which is noticed 100 s later."""
        for _ in range(times):
            self.losses.on_status(is_running=True)
            self.step += 1
            self.losses.on_checkpoint(Position(0, self.step, 0))
            if paused:
                self.losses.on_status(is_running=False)
                self.now += paused
                self.losses.on_status(is_running=True)
            self.now += seconds
            self.losses.on_training()
            self.now += 100.0
            self.losses.add(has_hung)
        return self.losses.given_up()


def test_a_run_that_hangs_again_and_again_is_given_up_though_it_gets_further_each_time():
    simulation = Simulation()
    assert simulation.lose(MAX_LOSSES, has_hung=True) is None
    given_up = simulation.lose(1, has_hung=True)
    assert (given_up.code, given_up.parameters) == ("worker_hung", {"count": MAX_LOSSES + 1})


def test_a_run_whose_worker_is_killed_from_outside_is_not_given_up_while_it_gets_further():
    assert Simulation().lose(50, has_hung=False) is None


def test_a_run_that_trains_for_a_minute_between_two_hangs_is_not_given_up():
    assert Simulation().lose(50, has_hung=True, seconds=RECOVERED_SECONDS) is None


def test_a_pause_between_two_hangs_is_no_training():
    assert Simulation().lose(MAX_LOSSES + 1, has_hung=True, paused=1000.0) is not None


@pytest.mark.parametrize("position", [(0, 39, 3), (0, 40, 4), (0, 41, 4), (1, 0, 0)])
def test_only_a_checkpoint_further_than_all_before_ends_the_count_of_ends(position):
    losses = WorkerLosses()
    losses.on_checkpoint(Position(0, 40, 4))
    for _ in range(MAX_LOSSES):
        losses.add(has_hung=False)
    losses.on_checkpoint(Position(*position))
    losses.add(has_hung=False)
    assert (losses.given_up() is None) == (position > (0, 40, 4))


def test_a_run_that_was_given_up_can_be_started_again():
    simulation = Simulation()
    simulation.lose(MAX_LOSSES + 1, has_hung=True)
    simulation.losses.clear()
    assert simulation.lose(MAX_LOSSES, has_hung=True) is None


def test_a_command_is_tried_again_after_losses_because_of_another_run_until_its_time_is_over():
    times = iter([100.0, *[100.0 + COMMAND_SECONDS - 1] * 20, 100.0 + COMMAND_SECONDS])
    attempts = CommandAttempts(lambda: next(times))
    for _ in range(21):
        attempts.add(is_own=False)
    with pytest.raises(Unavailable, match="because of another run"):
        attempts.add(is_own=False)


def test_a_command_whose_worker_ends_because_of_it_is_given_up():
    attempts = CommandAttempts(lambda: 0.0)
    for _ in range(MAX_LOSSES):
        attempts.add(is_own=True)
        attempts.add(is_own=False)
    with pytest.raises(Unavailable, match=f"ended {MAX_LOSSES + 1} times while doing this"):
        attempts.add(is_own=True)
