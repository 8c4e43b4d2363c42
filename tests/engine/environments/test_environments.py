"""Environments against their own equations: plain loops, bookkeeping, and what has to stay as it is."""

import math

import numpy as np
import pytest

from engine.environments import ENVIRONMENTS
from engine.environments.cart_pole import accelerations
from engine.environments.scheduling import NEVER, fits, initial_state, slowdown

DEFAULTS = {
    name: {key: parameter.default for key, parameter in entry.parameters.items()}
    for name, entry in ENVIRONMENTS.items()
}


def generator(seed=0):
    return np.random.Generator(np.random.PCG64(seed))


def played(name, numbers, act, seed=0, episodes=20):
    """Returns, and the last state, of episodes played by `act(state, rng)`."""
    entry, rng = ENVIRONMENTS[name], generator(seed)
    state, total = entry.initial_state(numbers, rng, episodes, episodes), np.zeros(episodes)
    for _ in range(entry.max_decisions(numbers) + 1):
        if state["ended"].all():
            return total, state
        total += entry.step(numbers, state, act(state, rng)).reward
    raise AssertionError("the episodes do not end")


def by_rule(name, rule, **options):
    heuristic, numbers = ENVIRONMENTS[name].heuristics[rule], DEFAULTS[name]
    return played(name, numbers, lambda state, rng: heuristic.act(numbers, state, rng), **options)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_what_is_observed_has_a_name_and_is_moderate(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    state = entry.initial_state(numbers, generator(), 30, 30)
    for _ in range(40):
        seen = entry.observe(numbers, state)
        assert seen.shape == (30, len(entry.observation_names(numbers)))
        assert np.abs(seen).max() < 10
        entry.step(numbers, state, generator().integers(0, len(entry.action_names(numbers)), 30))


@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("extreme", ["minimum", "maximum"])
def test_every_action_can_be_tried_at_the_ends_of_every_range_until_all_episodes_end(name, extreme):
    entry = ENVIRONMENTS[name]
    numbers = {key: getattr(parameter, extreme) for key, parameter in entry.parameters.items()}
    count = len(entry.action_names(numbers))
    total, _ = played(name, numbers, lambda state, rng: rng.integers(0, count, 20))
    assert np.isfinite(total).all()


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_episodes_in_a_batch_are_what_each_would_be_alone(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    together = entry.initial_state(numbers, generator(), 6, 6)
    alone = [{key: array[k : k + 1].copy() for key, array in together.items()} for k in range(6)]
    rng = generator(1)
    for _ in range(60):
        actions = rng.integers(0, len(entry.action_names(numbers)), 6)
        transition = entry.step(numbers, together, actions)
        for k, state in enumerate(alone):
            single = entry.step(numbers, state, actions[k : k + 1])
            assert single.reward[0] == transition.reward[k]
            assert all(np.array_equal(array[0], together[key][k]) for key, array in state.items())


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_episode_that_has_ended_stays_as_it_is(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    _, state = by_rule(name, "random")
    before = {key: array.copy() for key, array in state.items()}
    transition = entry.step(numbers, state, np.zeros(20, np.int64))
    assert (transition.reward == 0).all()
    assert (transition.duration == 0).all()
    assert all(np.array_equal(before[key], state[key]) for key in before)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_episodes_of_one_beginning_begin_alike_and_others_do_not(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    seen = entry.observe(numbers, entry.initial_state(numbers, generator(), 6, 2))
    assert (seen[:3] == seen[0]).all()
    assert (seen[3:] == seen[3]).all()
    assert (seen[0] != seen[3]).any()


def test_cart_pole_accelerations_solve_the_equations_of_motion():
    rng = generator()
    physical, force = rng.normal(0, 1, (50, 4)), rng.choice([-10.0, 10.0], 50)
    cart, pole = accelerations(physical, force)
    _, speed, angle, turning = physical.T
    rub = 0.0005 * np.sign(speed)
    along = 1.1 * cart + 0.1 * 0.5 * (pole * np.cos(angle) - turning**2 * np.sin(angle))
    about = 4 / 3 * 0.5 * pole + cart * np.cos(angle)
    np.testing.assert_allclose(along, force - rub, rtol=1e-12)
    np.testing.assert_allclose(about, 9.8 * np.sin(angle) - 0.000002 * turning / 0.05, rtol=1e-10, atol=1e-12)


def test_cart_pole_follows_a_plain_loop_to_its_fall():
    entry, numbers, rng = ENVIRONMENTS["cart_pole"], DEFAULTS["cart_pole"], generator(3)
    state = entry.initial_state(numbers, rng, 1, 1)
    x, v, angle, turning = state["physical"][0].tolist()
    for moment in range(500):  # noqa: B007 - how far it came is looked at below
        action = int(rng.integers(0, 2))
        push = 10.0 if action else -10.0
        rub = 0.0005 * ((v > 0) - (v < 0))
        top = 9.8 * math.sin(angle) - 0.000002 * turning / 0.05
        top += math.cos(angle) * (-push - 0.05 * turning**2 * math.sin(angle) + rub) / 1.1
        bend = top / (0.5 * (4 / 3 - 0.1 * math.cos(angle) ** 2 / 1.1))
        go = (push + 0.05 * (turning**2 * math.sin(angle) - bend * math.cos(angle)) - rub) / 1.1
        x, v, angle, turning = x + 0.02 * v, v + 0.02 * go, angle + 0.02 * turning, turning + 0.02 * bend
        transition = entry.step(numbers, state, np.array([action]))
        assert transition.reward[0] == 1
        np.testing.assert_allclose(state["physical"][0], [x, v, angle, turning], rtol=1e-9, atol=1e-12)
        fallen = abs(x) > 2.4 or abs(angle) > math.radians(12)
        assert state["ended"][0] == fallen
        if fallen:
            break
    assert 5 < moment < 200


def test_cart_pole_ends_at_the_horizon():
    total, _ = by_rule("cart_pole", "falling")
    assert (total == 500).all()


def plain_scheduling(lengths, demands, actions, capacity, slots, horizon):
    """The same episode, job by job: the cost of every decision and the slowdown of every job."""
    start, tick, costs = {}, 0, []
    jobs = [j for j in range(horizon) if demands[j] > 0]
    for action in actions:
        queue = [j for j in jobs if j <= tick and j not in start]
        used = sum(demands[j] for j in start if tick < start[j] + lengths[j])
        job = queue[action] if action < min(slots, len(queue)) else None
        if job is not None and demands[job] <= capacity - used:
            start[job] = tick
            costs.append(0.0)
        else:
            there = [j for j in jobs if j <= tick and (j not in start or tick < start[j] + lengths[j])]
            costs.append(sum(1 / lengths[j] for j in there))
            tick += 1
        if all(j in start and start[j] + lengths[j] <= tick for j in jobs):
            break
    return costs, [(start[j] + lengths[j] - j) / lengths[j] for j in jobs if j in start]


@pytest.mark.parametrize("seed", range(4))
def test_scheduling_follows_a_plain_loop_over_the_jobs(seed):
    entry, numbers = ENVIRONMENTS["scheduling"], DEFAULTS["scheduling"]
    state = entry.initial_state(numbers, generator(seed), 1, 1)
    lengths, demands = state["length"][0].tolist(), state["demand"][0].tolist()
    actions, costs, rng = [], [], generator(seed + 100)
    while not state["ended"][0]:
        actions.append(int(rng.integers(0, 6)))
        costs.append(-entry.step(numbers, state, np.array(actions[-1:])).reward[0])
    plain, slowdowns = plain_scheduling(lengths, demands, actions, 10, 5, 50)
    np.testing.assert_allclose(costs, plain)
    assert len(slowdowns) == np.count_nonzero(demands)  # none was cut off
    np.testing.assert_allclose(slowdown(numbers, state)["slowdown"][0], np.mean(slowdowns))


def test_the_costs_of_scheduling_add_up_to_the_slowdowns():
    total, state = by_rule("scheduling", "shortest")
    jobs = (state["demand"] > 0).sum(axis=1)
    np.testing.assert_allclose(-total, slowdown({}, state)["slowdown"] * jobs)


def test_scheduling_never_gives_away_more_than_there_is():
    entry, numbers, rng = ENVIRONMENTS["scheduling"], DEFAULTS["scheduling"], generator()
    state = entry.initial_state(numbers, rng, 40, 40)
    for _ in range(100):
        entry.step(numbers, state, rng.integers(0, 6, 40))
        end = state["start"] + state["length"]
        holds = (state["start"] != NEVER) & (end > state["tick"][:, None])
        assert (np.where(holds, state["demand"], 0).sum(axis=1) <= 10).all()
        assert (state["free"][:, 0] == 10 - np.where(holds, state["demand"], 0).sum(axis=1)).all()


def test_an_action_that_cannot_be_carried_out_waits():
    entry, numbers = ENVIRONMENTS["scheduling"], DEFAULTS["scheduling"]
    state = entry.initial_state(numbers, generator(), 10, 10)
    empty = ~fits(state)[:, 4]
    assert empty.all()  # at the first tick one job is there at most
    transition = entry.step(numbers, state, np.full(10, 4))
    assert (transition.duration == 1).all()
    assert (transition.reward < 0).all()


def test_the_load_is_what_the_jobs_ask_for_on_average():
    numbers = DEFAULTS["scheduling"] | {"horizon": 200, "load": 0.7}
    state = initial_state(numbers, generator(), 400, 400)
    asked = (state["length"] * state["demand"])[:, 1:].mean()  # without the job that surely comes
    assert asked / 10 == pytest.approx(0.7, rel=0.02)


def test_shortest_first_beats_first_come_and_that_beats_chance():
    rules = ["shortest", "first_come", "random"]
    costs = [-by_rule("scheduling", rule, episodes=100)[0].mean() for rule in rules]
    assert costs[0] < 0.7 * costs[1]
    assert costs[1] < 0.8 * costs[2]
