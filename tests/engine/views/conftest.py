"""What the tests of views share: trained networks, views computed by name, and values by sums of products."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.layers.activations import value
from engine.losses import LOSSES
from engine.queries import weights
from engine.training.trainer import Trainer
from engine.views import VIEWS

CASES: list[dict[str, Any]] = [
    {
        "dataset": {"name": "circle", "samples": 80},
        "layers": [{"units": 5}, {"units": 4, "activation": "relu"}],
    },
    {"dataset": {"name": "blobs", "samples": 80}, "layers": [{"units": 6, "activation": "swish"}]},
    {"dataset": {"name": "discs", "samples": 80}, "layers": []},
    {"dataset": {"name": "sine", "samples": 80}, "layers": [{"units": 7, "activation": "prelu"}]},
    {"dataset": {"name": "iris"}, "layers": [{"units": 5, "activation": "softplus"}]},
    {"dataset": {"name": "gate_xor"}, "layers": [{"units": 3, "activation": "sigmoid"}]},
]


@pytest.fixture(params=CASES, ids=[case["dataset"]["name"] for case in CASES])
def trained(request: pytest.FixtureRequest, make: Any) -> Trainer:
    """Small trained networks for all supervised tasks, in double precision."""
    trainer: Trainer = make({**request.param, "dtype": "float64"})
    trainer.advance(60)
    return trainer


@pytest.fixture
def compute_view() -> Callable[..., dict[str, Any]]:
    """`compute_view(trainer, name, **options)`: the result of a view."""

    def compute(trainer: Trainer, name: str, **options: Any) -> dict[str, Any]:
        view = VIEWS[name]
        return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))

    return compute


@pytest.fixture
def layer_values() -> Callable[[Trainer, np.ndarray], list[tuple[np.ndarray, np.ndarray]]]:
    """`layer_values(trainer, features)`: (z, a) of every layer, (samples, units), by sums of products."""

    def compute(trainer: Trainer, features: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        a, values = features, []
        for layer in weights(trainer.checkpoint(), trainer.data)["layers"]:
            columns = list(zip(layer["weights"].T, layer["biases"], strict=True))
            z = np.array(
                [[sum(x * w for x, w in zip(row, c, strict=True)) + b for c, b in columns] for row in a]
            )
            alpha = np.array(layer["alpha"])[:, None] if "alpha" in layer else None
            a = value(layer["activation"], z.T, alpha).T
            values.append((z, a))
        return values

    return compute


FEATURES: dict[str, Callable[[Any], float]] = {
    "x1": lambda row: row[0],
    "x2": lambda row: row[1],
    "x1*x2": lambda row: row[0] * row[1],
    "sin(x1)": lambda row: math.sin(row[0]),
}


@pytest.fixture
def preprocess() -> Callable[[Trainer, np.ndarray], np.ndarray]:
    """`preprocess(trainer, raw)`: the standardised features of raw inputs."""

    def compute(trainer: Trainer, raw: np.ndarray) -> np.ndarray:
        scaling = weights(trainer.checkpoint(), trainer.data)["preprocessing"]
        names, inputs = scaling["features"], trainer.data.inputs
        features = [
            [FEATURES[name](row) if name in FEATURES else row[inputs.index(name)] for name in names]
            for row in raw
        ]
        return (np.array(features) - scaling["mean"]) / scaling["scale"]

    return compute


@pytest.fixture
def mean_loss() -> Callable[..., float]:
    """`mean_loss(trainer, theta, rows)`: the mean loss of training points, by sums of products."""

    def compute(trainer: Trainer, theta: np.ndarray, rows: list[int] | slice = slice(None)) -> float:
        losses = []
        part = trainer.data.train
        for a, target in zip(part.inputs[rows], part.targets[rows], strict=True):
            for layer in trainer.network.layers:
                block = layer.matrix(theta)
                z = np.array([sum(a * column[:-1]) + column[-1] for column in block.T])
                a = value(layer.activation, z[:, None], layer.alphas(theta))[:, 0]
                a = np.where(np.isin(np.arange(layer.units), layer.disabled), 0.0, a)
            losses.append(_loss_of_outputs(trainer, z, a, target))
        return sum(losses) / len(losses)

    return compute


def _loss_of_outputs(trainer: Trainer, z: np.ndarray, a: np.ndarray, target: np.ndarray) -> float:
    """The loss of one point; cross-entropies from the logits, which are exact for saturated outputs."""
    name, activation = trainer.config.loss.name, trainer.config.output_activation
    if (name, activation) == ("binary_crossentropy", "sigmoid"):
        return sum(math.log(1 + math.exp(-x if y else x)) for x, y in zip(z, target, strict=True))
    if (name, activation) == ("categorical_crossentropy", "softmax"):
        return math.log(sum(math.exp(x) for x in z)) - float(z[target.argmax()])
    return float(LOSSES[name].value(a[:, None], target[:, None], trainer.config.loss.delta)[0])
