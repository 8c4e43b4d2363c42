"""Returns, baselines and advantages compared with loops over episodes; sampling and entropy of a policy."""

import numpy as np
import pytest

from engine.policy_gradient.returns import advantages, baseline, clock_of, rewards_to_go
from engine.policy_gradient.rollout import entropy, sample_actions


def episodes(seed=0, steps=9, count=6):
    """Returns random rewards, durations and masks of episodes, (steps, count) each."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, steps + 1, count)
    alive = np.arange(steps)[:, None] < lengths
    rewards, passed = rng.normal(size=alive.shape) * alive, rng.integers(0, 2, alive.shape) * alive
    return rewards, passed, alive


def test_rewards_to_go_equal_those_of_a_loop():
    rewards, passed, alive = episodes()
    result = rewards_to_go(rewards, passed, 0.9)
    for k in range(rewards.shape[1]):
        for t in range(alive[:, k].sum()):
            expected, factor = 0.0, 1.0
            for later in range(t, len(rewards)):
                expected += factor * rewards[later, k]
                factor *= 0.9 ** passed[later, k]
            assert result[t, k] == pytest.approx(expected)


def test_the_time_baseline_is_the_mean_over_one_initial_state_at_the_same_time():
    rewards, passed, alive = episodes()
    returns, clock = rewards_to_go(rewards, passed, 1.0), clock_of(passed)
    result = baseline("time", returns, clock, alive, 2)
    for t, k in np.argwhere(alive):
        group = [j for j in range(6) if j // 3 == k // 3]
        values = [
            returns[s, j] for j in group for s in range(9) if alive[s, j] and clock[s, j] == clock[t, k]
        ]
        assert result[t, k] == pytest.approx(np.mean(values))


def test_the_other_baselines_are_the_mean_of_all_returns_and_0():
    rewards, passed, alive = episodes()
    returns = rewards_to_go(rewards, passed, 1.0)
    assert (baseline("mean", returns, clock_of(passed), alive, 1) == returns[alive].mean()).all()
    assert (baseline("none", returns, clock_of(passed), alive, 1) == 0).all()


def test_normalised_advantages_have_deviation_1_and_are_proportional():
    rewards, passed, alive = episodes()
    raw = advantages("time", False, rewards, passed, alive, 2, 0.9)
    normal = advantages("time", True, rewards, passed, alive, 2, 0.9)
    assert normal.std() == pytest.approx(1)
    np.testing.assert_allclose(normal * raw.std(), raw, rtol=1e-6)


def test_actions_are_sampled_with_their_probabilities():
    policy = np.repeat([[0.1], [0.0], [0.6], [0.3]], 20_000, axis=1)
    frequency = np.bincount(sample_actions(policy, np.random.default_rng(0)), minlength=4) / 20_000
    np.testing.assert_allclose(frequency, [0.1, 0, 0.6, 0.3], atol=0.01)


def test_entropy_follows_its_definition_also_for_probability_0():
    policy = np.array([[0.5, 1.0, 0.2], [0.5, 0.0, 0.8]])
    np.testing.assert_allclose(entropy(policy), [np.log(2), 0, -0.2 * np.log(0.2) - 0.8 * np.log(0.8)])
