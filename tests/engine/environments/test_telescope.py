"""The telescope compared with a loop over the slots of a night, and what always holds of a night."""

import numpy as np
import pytest

from engine.environments import ENVIRONMENTS
from engine.environments.telescope import CLEAR, OVERCAST, PERSISTENCE, THIN, startable

TELESCOPE = ENVIRONMENTS["telescope"]
DEFAULTS = TELESCOPE.defaults


def generator(seed=0):
    return np.random.Generator(np.random.PCG64(seed))


def night(seed=0, nights=1, **numbers):
    return TELESCOPE.initial_state(DEFAULTS | numbers, generator(seed), nights, nights)


def reference_night(targets, weather, choose):
    """Plays a night slot by slot; returns what every decision did: (slot, target or None, slots, reward)."""
    slot, horizon, complete, log = 0, len(weather), set(), []

    def can_see(target, at):
        allowed = ("clear", "thin") if targets[target]["bright"] else ("clear",)
        return weather[at] in allowed

    while slot < horizon:
        target = choose(slot, complete)
        begins = (
            target < len(targets)
            and target not in complete
            and slot >= targets[target]["rise"]
            and slot + targets[target]["needed"] <= targets[target]["set"]
            and can_see(target, slot)
        )
        if not begins:
            log.append((slot, None, 1, 0))
            slot += 1
            continue
        first, observed = slot, 0
        while observed < targets[target]["needed"] and can_see(target, slot):
            observed += 1
            slot += 1
        success = observed == targets[target]["needed"]
        if success:
            complete.add(target)
        log.append((first, target, observed, targets[target]["priority"] if success else 0))
    return log, complete


@pytest.mark.parametrize("seed", range(8))
def test_a_night_equals_a_loop_over_its_slots(seed):
    state, rng = night(seed), generator(seed + 100)
    names = ("rise", "set", "needed", "priority", "bright")
    targets = [{name: state[name][0, i].item() for name in names} for i in range(int(DEFAULTS["targets"]))]
    weather = [("clear", "thin", "overcast")[kind] for kind in state["weather"][0]]
    actions = rng.integers(0, len(targets) + 1, int(DEFAULTS["horizon"])).tolist()
    played, decisions = iter(actions), []
    expected, complete = reference_night(targets, weather, lambda slot, done: next(played))
    for action, (slot, _, slots, reward) in zip(actions, expected, strict=False):
        assert state["slot"][0] == slot
        transition = TELESCOPE.step(DEFAULTS, state, np.array([action]))
        assert (transition.duration[0], transition.reward[0]) == (slots, reward)
        decisions.append(action)
    assert state["ended"][0]
    assert set(np.flatnonzero(state["completed"][0])) == complete
    seen = [-1 if target is None else target for _, target, slots, _ in expected for _ in range(slots)]
    assert state["observed"][0].tolist() == seen
    assert any(target is not None for _, target, _, _ in expected)


@pytest.mark.parametrize("rule", [*TELESCOPE.heuristics, "any"])
def test_a_target_is_observed_only_within_its_window_and_in_weather_that_shows_it(rule):
    state, rng, count = night(3, 300), generator(1), int(DEFAULTS["targets"])
    while not state["ended"].all():
        if rule == "any":
            actions = rng.integers(0, count + 1, 300)
        else:
            actions = TELESCOPE.heuristics[rule].act(DEFAULTS, state, rng)
        TELESCOPE.step(DEFAULTS, state, actions)
    nights, slots = np.nonzero(state["observed"] >= 0)
    targets = state["observed"][nights, slots]
    assert (state["rise"][nights, targets] <= slots).all()
    assert (slots < state["set"][nights, targets]).all()
    weather = state["weather"][nights, slots]
    assert ((weather == CLEAR) | ((weather == THIN) & state["bright"][nights, targets])).all()
    spent = np.zeros_like(state["needed"])
    np.add.at(spent, (nights, targets), 1)
    assert (spent[state["completed"]] >= state["needed"][state["completed"]]).all()
    assert not state["completed"][spent < state["needed"]].any()


def test_a_complete_target_is_not_observed_again():
    state = night(0, 1, targets=1)
    state["rise"][:], state["set"][:], state["needed"][:], state["weather"][:] = 0, 24, 3, CLEAR
    rewards = [TELESCOPE.step(DEFAULTS, state, np.array([0])).reward[0] for _ in range(5)]
    assert rewards == [state["priority"][0, 0], 0, 0, 0, 0]
    assert state["observed"][0].tolist() == [0] * 3 + [-1] * 21


@pytest.mark.parametrize("rule", TELESCOPE.heuristics)
def test_the_rewards_of_a_night_add_up_to_the_priorities_of_what_was_completed(rule):
    state, rng, total = night(5, 200), generator(), np.zeros(200)
    while not state["ended"].all():
        actions = TELESCOPE.heuristics[rule].act(DEFAULTS, state, rng)
        total += TELESCOPE.step(DEFAULTS, state, actions).reward
    np.testing.assert_array_equal(total, (state["priority"] * state["completed"]).sum(axis=1))
    assert (state["slot"] == DEFAULTS["horizon"]).all()
    assert (TELESCOPE.score(DEFAULTS, state)["completed"] == state["completed"].sum(axis=1)).all()


def test_targets_are_in_the_order_in_which_they_set_and_fit_into_their_windows():
    state = night(0, 500)
    assert (np.diff(state["set"], axis=1) >= 0).all()
    assert (state["rise"] >= 0).all()
    assert (state["set"] <= DEFAULTS["horizon"]).all()
    assert (state["rise"] + state["needed"] <= state["set"]).all()
    assert set(np.unique(state["priority"])) == {1, 2, 3, 4, 5}


def test_the_weather_is_the_stated_markov_chain():
    clouds = 0.6
    weather = night(0, 4000, horizon=50, clouds=clouds)["weather"]
    stationary = np.array([1 - clouds, clouds / 2, clouds / 2])
    for slot in (0, 49):
        shares = np.bincount(weather[:, slot], minlength=3) / 4000
        np.testing.assert_allclose(shares, stationary, atol=0.03)
    before, after = weather[:, :-1].ravel(), weather[:, 1:].ravel()
    counts = np.zeros((3, 3))
    np.add.at(counts, (before, after), 1)
    expected = PERSISTENCE * np.eye(3) + (1 - PERSISTENCE) * stationary
    np.testing.assert_allclose(counts / counts.sum(axis=1, keepdims=True), expected, atol=0.01)


def test_without_clouds_it_is_always_clear():
    assert (night(0, 50, clouds=0.0)["weather"] == CLEAR).all()


def test_through_thin_cloud_only_bright_targets_are_started_and_none_when_overcast():
    state = night(0, 500)
    state["slot"][:] = 12
    possible = {}
    for kind in (CLEAR, THIN, OVERCAST):
        state["weather"][:] = kind
        possible[kind] = startable(state)
    assert possible[CLEAR].any() and possible[THIN].any()
    np.testing.assert_array_equal(possible[THIN], possible[CLEAR] & state["bright"])
    assert not possible[OVERCAST].any()


def test_an_observation_ends_without_reward_when_cloud_comes_and_can_be_repeated():
    state = night(0, 1, targets=1)
    state["rise"][:], state["set"][:], state["needed"][:], state["bright"][:] = 0, 24, 4, False
    state["weather"][:] = CLEAR
    state["weather"][0, 2] = THIN
    first = TELESCOPE.step(DEFAULTS, state, np.array([0]))
    assert (first.duration[0], first.reward[0], state["slot"][0]) == (2, 0, 2)
    assert (
        TELESCOPE.step(DEFAULTS, state, np.array([0])).duration[0] == 1
    )  # not possible through cloud: a wait
    again = TELESCOPE.step(DEFAULTS, state, np.array([0]))
    assert (again.duration[0], again.reward[0], state["slot"][0]) == (4, state["priority"][0, 0], 7)


CHOICES = {
    "earliest_setting": 0,  # of the targets below
    "highest_priority": 1,
    "shortest_first": 2,
    "priority_per_time": 3,
}


@pytest.mark.parametrize("rule", CHOICES)
def test_a_rule_chooses_what_its_name_says(rule):
    state = night(0, 1, targets=4)
    state["rise"][:], state["bright"][:], state["weather"][:] = 0, True, CLEAR
    state["set"][0] = [18, 20, 22, 24]
    state["priority"][0] = [1, 5, 1, 4]
    state["needed"][0] = [5, 6, 2, 3]
    assert TELESCOPE.heuristics[rule].act(DEFAULTS, state, generator())[0] == CHOICES[rule]
    state["weather"][:] = OVERCAST
    assert TELESCOPE.heuristics[rule].act(DEFAULTS, state, generator())[0] == 4  # waits


def test_the_rules_are_in_this_order_over_many_nights():
    means = {}
    for rule, heuristic in TELESCOPE.heuristics.items():
        state, rng = night(7, 2000), generator()
        while not state["ended"].all():
            TELESCOPE.step(DEFAULTS, state, heuristic.act(DEFAULTS, state, rng))
        means[rule] = (state["priority"] * state["completed"]).sum(axis=1).mean()
    order = ["random", "earliest_setting", "shortest_first", "highest_priority", "priority_per_time"]
    assert sorted(means, key=means.get) == order
