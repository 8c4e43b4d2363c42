"""PolicyTrainer: resuming, live changes, weight edits, divergence and the end of training."""

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.policy_gradient.trainer import PolicyTrainer, plan_size
from engine.training.checkpoint import Checkpoint
from engine.training.reason import ending


def test_plan_sizes_are_few_and_at_most_a_third_too_large():
    sizes = {plan_size(n) for n in range(1, 100_000, 7)}
    assert len(sizes) < 50
    assert all(n <= plan_size(n) < 1.34 * max(n, 128) for n in range(1, 3000))


@pytest.mark.parametrize(("environment", "episodes"), [("cart_pole", 4), ("scheduling", 8), ("telescope", 8)])
def test_a_training_resumed_within_episodes_gives_the_same_bits(environment, episodes, policy_trainer, run):
    uninterrupted = policy_trainer(environment, episodes=episodes)
    points = run(uninterrupted, 6)
    resumed, resumed_points, interruptions = policy_trainer(environment, episodes=episodes), [], 0
    resumed.max_time_steps = 7
    while resumed.state.step < 6:
        resumed_points += resumed.advance(6 - resumed.state.step).points
        interruptions += resumed.state.position > 0
        checkpoint = Checkpoint.from_bytes(resumed.checkpoint().to_bytes())
        resumed = PolicyTrainer(resumed.config, resumed.data, checkpoint)
        resumed.max_time_steps = 7
    assert interruptions > 6  # in the middle of episodes
    assert np.array_equal(resumed.state.memory, uninterrupted.state.memory)
    assert resumed_points == points
    assert resumed.measure() == uninterrupted.measure()
    assert resumed.state.shuffle.bit_generator.state == uninterrupted.state.shuffle.bit_generator.state


def test_one_call_of_advance_plays_at_most_max_time_steps(policy_trainer):
    training = policy_trainer("cart_pole", episodes=16)
    report = training.advance(1000)
    assert training.state.position <= training.max_time_steps
    assert report.steps <= 5


def test_reset_repeats_the_same_training(policy_trainer, run):
    training = policy_trainer("scheduling")
    first = run(training, 3)
    training.reset()
    assert (training.state.attempt, training.state.step, training.state.position) == (1, 0, 0)
    assert run(training, 3) == first


def test_before_the_first_step_there_are_no_metrics(policy_trainer):
    point = policy_trainer("scheduling").measure()
    assert point["metrics"] == {}
    assert point["train_loss"] is None


def test_a_point_describes_the_scores_of_the_episodes_of_its_step(policy_trainer, run):
    training = policy_trainer("scheduling")
    (point,) = run(training, 1)
    metrics = point["metrics"]
    names = ("return", "length", "entropy", "slowdown")
    assert set(metrics) == {
        f"{name}_{statistic}" for name in names for statistic in ("mean", "std", "p10", "p90")
    }
    assert metrics["return_p10"] <= metrics["return_mean"] <= metrics["return_p90"] < 0
    assert metrics["slowdown_mean"] >= 1
    assert 0 < metrics["entropy_mean"] <= np.log(6)
    assert training.measure() == point


def test_live_changes_are_applied_and_others_are_refused(policy_trainer, run):
    training = policy_trainer("scheduling")
    run(training, 1)
    training.advance(1)
    changes = {
        "optimizer": {"learning_rate": 0.002},
        "entropy_bonus": 0.1,
        "discount": 0.9,
        "baseline": "none",
    }
    training.change(changes)
    assert training.config.entropy_bonus == 0.1
    assert training.learning_rate() == 0.002
    assert training.state.position > 0 or training.state.step == 2  # the current episodes continue
    run(training, 2)
    for changes in ({"episodes": 4}, {"environment": {"load": 0.5}}, {"beginnings": 1}):
        with pytest.raises(ConfigError) as error:
            training.change(changes)
        assert error.value.code == "needs_restart"


def test_a_larger_entropy_bonus_increases_the_entropy(policy_trainer, run):
    entropies = []
    for bonus in (0.01, 5.0):
        training = policy_trainer("scheduling")
        run(training, 1)
        training.change({"entropy_bonus": bonus})
        run(training, 20)
        entropies.append(training.measure()["metrics"]["entropy_mean"])
    assert entropies[1] > entropies[0]


def test_a_weight_edit_discards_the_current_episodes(policy_trainer, run):
    training = policy_trainer("cart_pole")
    training.advance(1)
    run(training, 2)
    training.max_time_steps = 3
    training.advance(1)
    assert training.state.position == 3
    point = training.measure()
    training.apply_edits({"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]})
    assert training.state.position == 0
    assert training.measure()["metrics"] == point["metrics"]
    training.max_time_steps = 32
    run(training, 2)
    assert training.network.layers[0].units == 25


def test_a_step_that_diverges_is_reverted(policy_trainer):
    settings = {"name": "sgd", "learning_rate": 1000.0}
    training = policy_trainer(
        "cart_pole", optimizer=settings, l2=100.0, layers=[{"units": 4, "activation": "relu"}]
    )
    ended = None
    for _ in range(3000):
        ended = training.advance(10).ended
        if ended:
            break
    assert ended is not None
    assert ended[0] == "diverged"
    assert training.state.finite()


def test_a_finished_training_continues_after_epochs_are_increased(policy_trainer, run):
    training = policy_trainer("scheduling", epochs=2)
    points = run(training, 5)
    assert training.advance(1).ended == ("finished", ending("steps_done", steps=2))
    assert [point["step"] for point in points] == [1, 2]
    training.change({"epochs": 3})
    assert [point["step"] for point in run(training, 5)] == [3]
