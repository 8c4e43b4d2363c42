"""Replayed states: each state is computed once, and kept within a limit of bytes."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.workers.recorded import EventInLog, Replay
from app.workers.views.replayed_states import ReplayedStates, StateCache, size_of
from engine.replay import ReplayProgress


def replay_to(step, *events, first=0, attempt=0, run="run"):
    """A replay; `events` are (seq, step)."""
    return Replay(run, attempt, first, step, tuple(EventInLog(seq, at, {}) for seq, at in events))


def checkpoint(step, numbers=1000):
    stopping = SimpleNamespace(best_theta=None)
    arrays = {"memory": np.zeros(numbers), "order": np.zeros(0), "frozen": None, "episodes": {}}
    return SimpleNamespace(step=step, state=SimpleNamespace(stopping=stopping, **arrays))


class Replays:
    """Replays in slices of 10 steps, and how many were computed."""

    def __init__(self):
        self.slices = 0
        self.starts = []

    def begin(self, step):
        def slices(cached):
            self.starts.append(None if cached is None else cached.step)
            for reached in range(0 if cached is None else cached.step, step, 10):
                self.slices += 1
                yield ReplayProgress(reached / step, 0)
            return checkpoint(step)

        return slices


def result(slices):
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return end.value


def test_a_state_that_was_replayed_is_not_replayed_again():
    states, replays = ReplayedStates(), Replays()
    first = result(states.state(replay_to(50), replays.begin(50)))
    assert result(states.state(replay_to(50), replays.begin(50))) is first
    assert replays.slices == 5


def test_those_who_want_the_same_state_at_the_same_time_share_one_replay():
    states, replays = ReplayedStates(), Replays()
    one = states.state(replay_to(50), replays.begin(50))
    other = states.state(replay_to(50), replays.begin(50))
    for _ in range(2):
        next(one), next(other)
    assert replays.slices == 4
    assert result(other) is result(one)
    assert (replays.slices, replays.starts) == (5, [None])


def test_a_replay_continues_while_one_of_those_who_want_it_is_left():
    states, replays = ReplayedStates(), Replays()
    one = states.state(replay_to(50), replays.begin(50))
    other = states.state(replay_to(50), replays.begin(50))
    next(one), next(other)
    del one
    assert result(other).step == 50
    assert replays.starts == [None]


def test_a_replay_that_nobody_wants_any_more_ends():
    states, replays = ReplayedStates(), Replays()
    abandoned = states.state(replay_to(50), replays.begin(50))
    next(abandoned)
    del abandoned
    result(states.state(replay_to(50), replays.begin(50)))
    assert replays.slices == 1 + 5


@pytest.mark.parametrize(
    "other",
    [
        replay_to(60),
        replay_to(50, (7, 50)),
        replay_to(50, (7, 20)),
        replay_to(50, attempt=1),
        replay_to(50, run="x"),
    ],
)
def test_another_step_event_attempt_or_run_is_another_state(other):
    states, replays = ReplayedStates(), Replays()
    first = result(states.state(replay_to(50), replays.begin(50)))
    assert result(states.state(other, replays.begin(other.step))) is not first


@pytest.mark.parametrize(
    ("wanted", "start"),
    [
        (replay_to(70, (7, 25), (8, 45)), 40),
        (replay_to(39, (7, 25)), 30),
        (replay_to(24), 20),
        (replay_to(19), None),
        (replay_to(70, (7, 25), (8, 35)), 30),
        (replay_to(70, (7, 25), first=50), None),
        (replay_to(70, (9, 10)), None),
    ],
)
def test_a_replay_begins_at_the_nearest_cached_state_with_the_same_events(wanted, start):
    states, replays = ReplayedStates(), Replays()
    result(states.state(replay_to(20), replays.begin(20)))
    result(states.state(replay_to(30, (7, 25)), replays.begin(30)))
    result(states.state(replay_to(40, (7, 25)), replays.begin(40)))
    result(states.state(wanted, replays.begin(wanted.step)))
    assert replays.starts[-1] == start


def test_a_failed_replay_is_reported_to_all_who_want_it():
    def failing(cached):
        yield ReplayProgress(0.0, 0)
        raise ValueError("not reached")

    states = ReplayedStates()
    slices = [states.state(replay_to(50), failing) for _ in range(2)]
    next(slices[0])
    for each in slices:
        with pytest.raises(ValueError, match="not reached"):
            result(each)


def test_the_least_recently_used_states_go_when_the_bytes_exceed_the_capacity():
    size = size_of(checkpoint(0))
    cache = StateCache(3 * size)
    for step in (1, 2, 3):
        cache.put(replay_to(step).key, checkpoint(step))
    cache.get(replay_to(1).key)
    cache.put(replay_to(4).key, checkpoint(4))
    assert [cache.get(replay_to(step).key) is not None for step in (1, 2, 3, 4)] == [True, False, True, True]
    cache.put(replay_to(5).key, checkpoint(5, 1_000_000))
    assert cache.get(replay_to(5).key) is None and cache.bytes == 3 * size
