"""The gradient of the surrogate loss compared with central differences."""

import numpy as np
import pytest

from engine.layers.network import build
from engine.policy_gradient.returns import advantages
from engine.policy_gradient.rollout import entropy
from engine.policy_gradient.step_plan import PolicyPlan
from engine.tasks.resolve import parse
from engine.training.compiled.forward import Forward
from engine.training.compiled.rates import RateBlocks, RateTable
from engine.training.compiled.update import StepArrays

CART_POLE = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}}


def surrogate(config, network, theta, observations, actions, weights):
    """Returns L = -1/N Σ (Â ln π(a) + β H) + ½ l2 Σ w²."""
    forward = Forward(network, len(observations), np.dtype("float64"))
    policy = forward.run(theta, observations).output(len(network.layers) - 1)
    log_probability = np.log(policy[actions, np.arange(len(actions))])
    penalty = 0.5 * config.l2 * (theta[network.weight_mask()] ** 2).sum()
    return -np.mean(weights * log_probability + config.entropy_bonus * entropy(policy)) + penalty


@pytest.mark.parametrize("activation", ["tanh", "relu", "swish", "prelu"])
@pytest.mark.parametrize("bonus", [0.0, 0.3])
def test_the_gradient_is_the_central_difference_of_the_surrogate(activation, bonus):
    layers = [{"units": 5, "activation": activation}, {"units": 4, "activation": activation}]
    raw = CART_POLE | {"layers": layers, "dtype": "float64", "entropy_bonus": bonus, "l2": 0.01}
    config = parse(raw | {"optimizer": {"name": "adam"}})
    network, rng = build(config, 2), np.random.default_rng(1)
    theta = rng.normal(0, 0.7, network.size)
    observations, actions, weights = rng.normal(size=(30, 4)), rng.integers(0, 2, 30), rng.normal(size=30)
    plan = PolicyPlan(network, config, StepArrays(theta, [], []), 40, update=False)
    plan.fill(observations, actions, weights, config.entropy_bonus)
    table = RateTable(RateBlocks(config), 40, plan.rate_rows)
    plan.run((plan.inputs,), (None,), *table.slices(0, 1))
    for index in range(0, network.size, 3):
        losses = []
        for shift in (1e-6, -1e-6):
            shifted = theta.copy()
            shifted[index] += shift
            losses.append(surrogate(config, network, shifted, observations, actions, weights))
        assert plan.gradient[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_a_step_of_the_trainer_follows_the_gradient_of_the_surrogate(optimizer, policy_trainer, run):
    settings = {"name": optimizer, "learning_rate": 0.05}
    training = policy_trainer(
        "cart_pole", dtype="float64", layers=[{"units": 3}], optimizer=settings, episodes=4
    )
    before = training.state.theta.copy()
    while not training.rollout.over:
        if not training.rollout.begun:
            training.rollout.begin(training.state.shuffle)
        training.rollout.play(training.state.theta, training.state.shuffle, 50)
    record = {name: array.copy() for name, array in training.rollout.recorded().items()}
    training.save_rollout()
    run(training, 1)
    alive, config = record["alive"], training.config
    weights = advantages("time", True, record["rewards"], record["passed"], alive, 1, 0.99)
    observations, actions = record["observations"][alive], record["actions"][alive]
    for index in range(0, len(before), 2):
        losses = []
        for shift in (1e-6, -1e-6):
            shifted = before.copy()
            shifted[index] += shift
            losses.append(surrogate(config, training.network, shifted, observations, actions, weights))
        slope = (losses[0] - losses[1]) / 2e-6
        assert before[index] - training.state.theta[index] == pytest.approx(0.05 * slope, rel=1e-4, abs=1e-9)
