"""Statements of the lesson on activations, measured with its experiments."""

from typing import Any

import numpy as np
import pytest

from app.lessons import LESSONS
from engine.layers.activations import value
from engine.training.trainer import Trainer
from engine.views import VIEWS

LESSON = LESSONS["activations"]


def trained(make: Any, title: str, steps: int, **fields: Any) -> Trainer:
    """Returns the trainer of an experiment of the lesson after some steps."""
    changes = next(experiment for experiment in LESSON.tries if experiment.title == title).changes
    trainer: Trainer = make({**LESSON.config, **changes, **fields})
    trainer.advance(steps)
    return trainer


def health(trainer: Trainer) -> list[dict[str, Any]]:
    view = VIEWS["layer_health"]
    layers: list[dict[str, Any]] = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["layers"]
    return layers


def gradient_ratio(trainer: Trainer) -> float:
    """Returns the gradient norm of the first layer divided by that of the output layer."""
    layers = health(trainer)
    return float(layers[0]["gradient_norm"] / layers[-1]["gradient_norm"])


def steps_to(make: Any, title: str, seed: int, max_loss: float = 0.05) -> int:
    """Returns the first measured step with a training loss below `max_loss`."""
    changes = next(experiment for experiment in LESSON.tries if experiment.title == title).changes
    config = {**LESSON.config, **changes, "dataset": {"name": "circle", "seed": seed}, "seed": seed}
    report = make(config).advance(4000)
    return next(int(point["step"]) for point in report.points if point["train_loss"] < max_loss)


def test_the_gradient_vanishes_in_ten_layers_of_sigmoid_but_not_of_tanh_or_relu(make: Any) -> None:
    assert gradient_ratio(trained(make, "Ten layers of sigmoid", 1)) < 1e-5
    assert gradient_ratio(trained(make, "Ten layers of tanh", 1)) > 0.05
    assert gradient_ratio(trained(make, "Ten layers of ReLU", 1)) > 0.05


@pytest.mark.slow
def test_relu_needs_at_most_about_half_the_steps_of_sigmoid(make: Any) -> None:
    ratios = [
        steps_to(make, "Three layers, ReLU", seed) / steps_to(make, "Three layers, sigmoid", seed)
        for seed in range(5)
    ]
    assert max(ratios) < 0.55 and np.mean(ratios) < 0.4


def test_a_dead_relu_layer_does_not_learn_and_a_leaky_relu_layer_does(make: Any) -> None:
    dead, leaky = trained(make, "ReLU that dies", 600), trained(make, "Leaky ReLU, same start", 600)
    assert health(dead)[1]["dead"] == 1 and dead.measure()["train_loss"] > 0.6
    assert health(leaky)[1]["dead"] == 0 and leaky.measure()["train_loss"] < 0.2


def test_a_layer_before_a_hidden_step_activation_does_not_learn(make: Any) -> None:
    before, after = trained(make, "A hidden step", 0), trained(make, "A hidden step", 300)
    network = before.network
    first = network.layers[0]
    assert np.array_equal(first.matrix(before.state.theta), first.matrix(after.state.theta))
    last = network.layers[-1]
    assert not np.array_equal(last.matrix(before.state.theta), last.matrix(after.state.theta))


@pytest.mark.slow
def test_forty_five_layers_learn_with_swish_and_not_with_sigmoid(make: Any) -> None:
    assert trained(make, "Forty-five layers of swish", 3000).measure()["train_loss"] < 0.2
    assert trained(make, "Forty-five layers of sigmoid", 3000).measure()["train_loss"] > 0.6


def test_softmax_gives_the_probabilities_printed_in_the_lesson() -> None:
    z = np.array([[1.3], [5.1], [2.2], [0.7], [1.1]])
    assert round(float(np.exp(z).sum()), 2) == 181.73
    assert value("softmax", z)[:, 0].round(2).tolist() == [0.02, 0.9, 0.05, 0.01, 0.02]
