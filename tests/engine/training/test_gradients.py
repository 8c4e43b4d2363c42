"""The gradient compared with central differences in float64, for all valid combinations of settings.

The differences are computed with an independent forward pass and textbook formulas of the losses.
"""

from typing import Any

import numpy as np
import pytest

from engine.layers.activations import ACTIVATIONS, value
from engine.losses import LOSSES
from engine.tasks.resolve import parse
from engine.training.compiled.plan import StepPlan, gradient_factor, prepare_targets
from engine.training.compiled.update import StepArrays
from engine.training.trainer import Trainer

H = 1e-6
TASKS = {"binary": "circle", "multiclass": "blobs", "multilabel": "discs", "regression": "multi_gauss"}
PENALTIES = {"none": {}, "l1": {"l1": 0.03}, "l2": {"l2": 0.05}, "both": {"l1": 0.02, "l2": 0.04}}


def textbook_loss(name: str, a: np.ndarray, y: np.ndarray, delta: float | None) -> float:
    """Returns the mean over samples of the sum over outputs; a and y are (samples, outputs)."""
    p = np.clip(a, 1e-7, 1 - 1e-7)
    e = np.abs(y - a)
    per_output = {
        "half_squared_error": lambda: 0.5 * (y - a) ** 2,
        "mean_squared_error": lambda: (y - a) ** 2,
        "mean_absolute_error": lambda: e,
        "huber": lambda: np.where(e <= delta, 0.5 * e**2, delta * (e - 0.5 * delta)),
        "binary_crossentropy": lambda: -(y * np.log(p) + (1 - y) * np.log(1 - p)),
        "categorical_crossentropy": lambda: -y * np.log(p),
        "hinge": lambda: np.maximum(0, 1 - y * a),
    }[name]()
    return float(per_output.sum(axis=1).mean())


def forward(
    trainer: Trainer, theta: np.ndarray, inputs: np.ndarray, masks: dict[int, np.ndarray]
) -> np.ndarray:
    """Returns the outputs (samples, outputs), computed layer by layer."""
    a = inputs
    for index, layer in enumerate(trainer.network.layers):
        matrix = layer.matrix(theta)
        alpha: Any = layer.alpha
        if layer.alpha_start is not None:
            alpha = theta[layer.alpha_start : layer.alpha_start + layer.units][:, None]
        a = value(layer.activation, (a @ matrix[:-1] + matrix[-1]).T, alpha).T
        if index in masks:
            a = a * masks[index].T
    return a


def objective(
    trainer: Trainer, theta: np.ndarray, inputs: np.ndarray, y: np.ndarray, masks: dict[int, np.ndarray]
) -> float:
    config = trainer.config
    total = textbook_loss(config.loss.name, forward(trainer, theta, inputs, masks), y, config.loss.delta)
    for layer in trainer.network.layers:
        w = layer.matrix(theta)[:-1]
        total += config.l1 * np.abs(w).sum() + 0.5 * config.l2 * (w**2).sum()
    return total


def max_error(trainer: Trainer, samples: int = 7) -> float:
    """Returns the largest difference between recorded gradient and central differences, relative."""
    config, rng = trainer.config, np.random.default_rng(5)
    theta = trainer.state.theta
    theta[:] = rng.normal(0, 0.6, len(theta))  # initial values can be at a kink of the activation
    part = trainer.data.train
    inputs, y = part.inputs[:samples], part.targets[:samples]
    plan = StepPlan(
        trainer.network,
        config,
        StepArrays(theta, trainer.state.optimizer_state, [trainer.state.dropout]),
        samples,
        update=False,
    )
    scale = np.array(gradient_factor(config) / samples)
    columns = np.vstack([inputs.T, np.ones(samples)])
    with np.errstate(all="ignore"):
        rates = [(scale if index == 0 else np.array(1.0),) for index in plan.rate_rows]
        plan.run((columns,), (prepare_targets(config, y.T),), *rates)
    estimate = np.empty_like(theta)
    for i in range(len(theta)):
        upper, lower = theta.copy(), theta.copy()
        upper[i] += H
        lower[i] -= H
        losses = [objective(trainer, t, inputs, y, plan.masks.factors) for t in (upper, lower)]
        estimate[i] = (losses[0] - losses[1]) / (2 * H)
    return float(np.abs(plan.gradient - estimate).max() / (np.abs(estimate).max() + 1e-6))


def combinations() -> list[tuple[str, str, str]]:
    return [
        (task, output, loss)
        for task in TASKS
        for output, entry in ACTIVATIONS.items()
        if not entry.learned
        for loss, description in LOSSES.items()
        if task in description.applies_to
    ]


@pytest.mark.parametrize(("task", "output", "loss"), combinations())
def test_gradient_of_every_loss_and_output_activation(make: Any, task: str, output: str, loss: str) -> None:
    trainer = make(
        dataset={"name": TASKS[task], "samples": 40},
        layers=[{"units": 4, "activation": "tanh"}],
        output_activation=output,
        loss={"name": loss},
        dtype="float64",
    )
    assert max_error(trainer) < 1e-6


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_gradient_of_every_hidden_activation_loss_and_penalty(
    make: Any, hidden: str, loss: str, penalty: str
) -> None:
    trainer = make(
        dataset={"name": "discs", "samples": 40},
        layers=[{"units": 3, "activation": hidden}] * 2,
        loss={"name": loss},
        dtype="float64",
        **PENALTIES[penalty],
    )
    assert max_error(trainer) < 1e-6


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_gradient_with_dropout_equals_that_of_the_masked_network(make: Any, hidden: str) -> None:
    trainer = make(
        layers=[{"units": 6, "activation": hidden, "dropout": 0.4}, {"units": 5, "activation": hidden}],
        dtype="float64",
    )
    assert max_error(trainer) < 1e-6


def test_gradient_with_a_different_activation_in_every_layer(make: Any) -> None:
    names = ["tanh", "tanh", "prelu", "relu", "swish", "swish", "softmax", "elu", "elu", "leaky_relu"]
    layers = [{"units": 4, "activation": name} for name in names]
    layers[7]["alpha"] = 0.5
    trainer = make(layers=layers, dtype="float64", l2=0.01)
    assert max_error(trainer) < 1e-6


@pytest.mark.parametrize("task", TASKS)
def test_gradient_of_a_network_without_hidden_layers(make: Any, task: str) -> None:
    assert max_error(make(dataset={"name": TASKS[task], "samples": 40}, layers=[], dtype="float64")) < 1e-6


def test_every_combination_of_these_tests_is_a_valid_configuration() -> None:
    for task, output, loss in combinations():
        config = parse(
            {"dataset": {"name": TASKS[task]}, "output_activation": output, "loss": {"name": loss}}
        )
        assert (config.output_activation, config.loss.name) == (output, loss)
