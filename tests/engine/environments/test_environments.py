"""Environments compared with loops over their equations, and properties of all environments."""

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


def play(name, numbers, act, seed=0, episodes=20):
    """Plays episodes with the actions of `act(state, rng)`; returns their returns and the last state."""
    entry, rng = ENVIRONMENTS[name], generator(seed)
    state, total = entry.initial_state(numbers, rng, episodes, episodes), np.zeros(episodes)
    for _ in range(entry.max_decisions(numbers) + 1):
        if state["ended"].all():
            return total, state
        total += entry.step(numbers, state, act(state, rng)).reward
    raise AssertionError("the episodes do not end")


def play_heuristic(name, rule, **options):
    heuristic, numbers = ENVIRONMENTS[name].heuristics[rule], DEFAULTS[name]
    return play(name, numbers, lambda state, rng: heuristic.act(numbers, state, rng), **options)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_observations_have_names_and_moderate_values(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    state = entry.initial_state(numbers, generator(), 30, 30)
    for _ in range(40):
        observed = entry.observe(numbers, state)
        assert observed.shape == (30, len(entry.observation_names(numbers)))
        assert np.abs(observed).max() < 10
        entry.step(numbers, state, generator().integers(0, len(entry.action_names(numbers)), 30))


@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("extreme", ["minimum", "maximum"])
def test_random_episodes_end_with_the_extreme_values_of_all_parameters(name, extreme):
    entry = ENVIRONMENTS[name]
    numbers = {key: getattr(parameter, extreme) for key, parameter in entry.parameters.items()}
    count = len(entry.action_names(numbers))
    total, _ = play(name, numbers, lambda state, rng: rng.integers(0, count, 20))
    assert np.isfinite(total).all()


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_episodes_of_a_batch_do_not_influence_each_other(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    batch = entry.initial_state(numbers, generator(), 6, 6)
    separate = [{key: array[k : k + 1].copy() for key, array in batch.items()} for k in range(6)]
    rng = generator(1)
    for _ in range(60):
        actions = rng.integers(0, len(entry.action_names(numbers)), 6)
        transition = entry.step(numbers, batch, actions)
        for k, state in enumerate(separate):
            single = entry.step(numbers, state, actions[k : k + 1])
            assert single.reward[0] == transition.reward[k]
            assert all(np.array_equal(array[0], batch[key][k]) for key, array in state.items())


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_ended_episode_does_not_change(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    _, state = play_heuristic(name, "random")
    before = {key: array.copy() for key, array in state.items()}
    transition = entry.step(numbers, state, np.zeros(20, np.int64))
    assert (transition.reward == 0).all()
    assert (transition.duration == 0).all()
    assert all(np.array_equal(before[key], state[key]) for key in before)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_consecutive_episodes_have_the_same_initial_state(name):
    entry, numbers = ENVIRONMENTS[name], DEFAULTS[name]
    observed = entry.observe(numbers, entry.initial_state(numbers, generator(), 6, 2))
    assert (observed[:3] == observed[0]).all()
    assert (observed[3:] == observed[3]).all()
    assert (observed[0] != observed[3]).any()


def test_cart_pole_accelerations_solve_the_equations_of_motion():
    rng = generator()
    physical, force = rng.normal(0, 1, (50, 4)), rng.choice([-10.0, 10.0], 50)
    cart, pole = accelerations(physical, force)
    _, speed, angle, turning = physical.T
    friction = 0.0005 * np.sign(speed)
    horizontal = 1.1 * cart + 0.1 * 0.5 * (pole * np.cos(angle) - turning**2 * np.sin(angle))
    rotation = 4 / 3 * 0.5 * pole + cart * np.cos(angle)
    np.testing.assert_allclose(horizontal, force - friction, rtol=1e-12)
    np.testing.assert_allclose(
        rotation, 9.8 * np.sin(angle) - 0.000002 * turning / 0.05, rtol=1e-10, atol=1e-12
    )


def test_an_episode_of_cart_pole_equals_a_loop_over_its_equations():
    entry, numbers, rng = ENVIRONMENTS["cart_pole"], DEFAULTS["cart_pole"], generator(3)
    state = entry.initial_state(numbers, rng, 1, 1)
    x, v, angle, turning = state["physical"][0].tolist()
    for decisions in range(500):  # noqa: B007 - used after the loop
        action = int(rng.integers(0, 2))
        force = 10.0 if action else -10.0
        friction = 0.0005 * ((v > 0) - (v < 0))
        torque = 9.8 * math.sin(angle) - 0.000002 * turning / 0.05
        torque += math.cos(angle) * (-force - 0.05 * turning**2 * math.sin(angle) + friction) / 1.1
        pole = torque / (0.5 * (4 / 3 - 0.1 * math.cos(angle) ** 2 / 1.1))
        cart = (force + 0.05 * (turning**2 * math.sin(angle) - pole * math.cos(angle)) - friction) / 1.1
        x, v, angle, turning = x + 0.02 * v, v + 0.02 * cart, angle + 0.02 * turning, turning + 0.02 * pole
        transition = entry.step(numbers, state, np.array([action]))
        assert transition.reward[0] == 1
        np.testing.assert_allclose(state["physical"][0], [x, v, angle, turning], rtol=1e-9, atol=1e-12)
        failed = abs(x) > 2.4 or abs(angle) > math.radians(12)
        assert state["ended"][0] == failed
        if failed:
            break
    assert 5 < decisions < 200


def test_cart_pole_ends_at_the_horizon():
    total, _ = play_heuristic("cart_pole", "falling")
    assert (total == 500).all()


def reference_episode(lengths, demands, actions, capacity, slots, horizon):
    """Returns the cost of every action and the slowdown of every job, by a loop over the jobs."""
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
            active = [j for j in jobs if j <= tick and (j not in start or tick < start[j] + lengths[j])]
            costs.append(sum(1 / lengths[j] for j in active))
            tick += 1
        if all(j in start and start[j] + lengths[j] <= tick for j in jobs):
            break
    return costs, [(start[j] + lengths[j] - j) / lengths[j] for j in jobs if j in start]


@pytest.mark.parametrize("seed", range(4))
def test_an_episode_of_scheduling_equals_a_loop_over_its_jobs(seed):
    entry, numbers = ENVIRONMENTS["scheduling"], DEFAULTS["scheduling"]
    state = entry.initial_state(numbers, generator(seed), 1, 1)
    lengths, demands = state["length"][0].tolist(), state["demand"][0].tolist()
    actions, costs, rng = [], [], generator(seed + 100)
    while not state["ended"][0]:
        actions.append(int(rng.integers(0, 6)))
        costs.append(-entry.step(numbers, state, np.array(actions[-1:])).reward[0])
    expected, slowdowns = reference_episode(lengths, demands, actions, 10, 5, 50)
    np.testing.assert_allclose(costs, expected)
    assert len(slowdowns) == np.count_nonzero(demands)  # all jobs were started
    np.testing.assert_allclose(slowdown(numbers, state)["slowdown"][0], np.mean(slowdowns))


def test_the_costs_of_scheduling_add_up_to_the_slowdowns():
    total, state = play_heuristic("scheduling", "shortest")
    jobs = (state["demand"] > 0).sum(axis=1)
    np.testing.assert_allclose(-total, slowdown({}, state)["slowdown"] * jobs)


def test_running_jobs_never_use_more_than_the_capacity():
    entry, numbers, rng = ENVIRONMENTS["scheduling"], DEFAULTS["scheduling"], generator()
    state = entry.initial_state(numbers, rng, 40, 40)
    for _ in range(100):
        entry.step(numbers, state, rng.integers(0, 6, 40))
        end = state["start"] + state["length"]
        running = (state["start"] != NEVER) & (end > state["tick"][:, None])
        assert (np.where(running, state["demand"], 0).sum(axis=1) <= 10).all()
        assert (state["free"][:, 0] == 10 - np.where(running, state["demand"], 0).sum(axis=1)).all()


def test_an_impossible_action_waits():
    entry, numbers = ENVIRONMENTS["scheduling"], DEFAULTS["scheduling"]
    state = entry.initial_state(numbers, generator(), 10, 10)
    empty = ~fits(state)[:, 4]
    assert empty.all()  # at the first tick there is at most one job
    transition = entry.step(numbers, state, np.full(10, 4))
    assert (transition.duration == 1).all()
    assert (transition.reward < 0).all()


def test_the_load_is_the_mean_requested_fraction_of_the_capacity():
    numbers = DEFAULTS["scheduling"] | {"horizon": 200, "load": 0.7}
    state = initial_state(numbers, generator(), 400, 400)
    requested = (state["length"] * state["demand"])[:, 1:].mean()  # without the certain job of tick 0
    assert requested / 10 == pytest.approx(0.7, rel=0.02)


def test_shortest_first_is_better_than_first_come_and_this_than_random():
    rules = ["shortest", "first_come", "random"]
    costs = [-play_heuristic("scheduling", rule, episodes=100)[0].mean() for rule in rules]
    assert costs[0] < 0.7 * costs[1]
    assert costs[1] < 0.8 * costs[2]
