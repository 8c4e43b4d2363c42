"""Workloads: the four networks W1 to W4 of all benchmarks, and their problems for engines."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.problem import Problem, Settings
from engine.config.models import RunConfig
from engine.datasets import Data, Part, load
from engine.layers.network import Network
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer

W4_INPUTS = 784  # inputs of W4


@dataclass(frozen=True)
class Workload:
    """A configuration as in a request, and its description."""

    title: str
    raw: dict[str, Any]


def _layers(activation: str, *units: int) -> list[dict[str, Any]]:
    return [{"units": count, "activation": activation} for count in units]


_SGD = {"name": "sgd", "learning_rate": 0.03}
_ADAM = {"name": "adam", "learning_rate": 0.001, "epsilon": 1e-8}
# With 0.001, rounding differences between libraries grow to 4e-4 of the loss within the epoch of W4, and the
# comparison is void; with a fifth of it the differences are below 1e-5.
_SLOW_ADAM = _ADAM | {"learning_rate": 0.0002}
_MANY_EPOCHS = 1_000_000_000

WORKLOADS: dict[str, Workload] = {
    "W1": Workload(
        "2-4-2-1 tanh, ½ squared error, SGD, batch 10, 250 samples",
        {"dataset": {"name": "circle", "samples": 500}, "layers": _layers("tanh", 4, 2),
         "output_activation": "tanh", "loss": {"name": "half_squared_error"}, "optimizer": _SGD,
         "batch_size": 10, "epochs": _MANY_EPOCHS},
    ),
    "W2": Workload(
        "2-8-8-8-1 tanh, sigmoid + BCE, SGD, batch 32, 500 samples",
        {"dataset": {"name": "spiral", "samples": 1000}, "layers": _layers("tanh", 8, 8, 8),
         "optimizer": _SGD, "batch_size": 32, "epochs": _MANY_EPOCHS},
    ),
    "W3": Workload(
        "64-64-32-10 relu, softmax + CE, Adam, batch 64, 1,437 samples",
        {"dataset": {"name": "digits", "test_fraction": 360 / 1797}, "layers": _layers("relu", 64, 32),
         "optimizer": _ADAM, "batch_size": 64, "epochs": _MANY_EPOCHS},
    ),
    "W4": Workload(
        "784-256-128-10 relu, softmax + CE, Adam, batch 128, 10,000 samples",
        {"dataset": {"name": "digits", "test_fraction": 0.0}, "layers": _layers("relu", 256, 128),
         "optimizer": _SLOW_ADAM, "batch_size": 128, "epochs": _MANY_EPOCHS},
    ),
}  # fmt: skip


def configure(name: str, **changes: Any) -> RunConfig:
    """Returns the resolved configuration of a workload, with top-level changes."""
    config = parse(WORKLOADS[name].raw | changes)
    if name != "W4":
        return config
    return config.model_copy(update={"features": [f"pixel {index}" for index in range(W4_INPUTS)]})


def data_of(name: str, config: RunConfig) -> Data:
    """Returns the data of the configuration, or for W4 generated data with 784 inputs."""
    return _clouds() if name == "W4" else load(config)


def _clouds(samples: int = 10_000, classes: int = 10, seed: int = 0) -> Data:
    """Returns normal clouds of standard deviation 1 in 784 dimensions, with centres N(0, 0.06²)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    truth = rng.integers(classes, size=samples)
    inputs = rng.normal(0, 0.06, (classes, W4_INPUTS))[truth] + rng.normal(size=(samples, W4_INPUTS))
    targets = (truth[:, None] == np.arange(classes)).astype(np.float64)
    train = Part(inputs, inputs, targets, truth)
    empty = Part(inputs[:0], inputs[:0], targets[:0], truth[:0])
    names = [f"pixel {index}" for index in range(W4_INPUTS)]
    zeros, ones = np.zeros(W4_INPUTS), np.ones(W4_INPUTS)
    return Data("multiclass", names, names, [str(k) for k in range(classes)], classes, train, empty, empty,
                zeros, ones, np.zeros(classes), np.ones(classes), 0.0, 1.0, "clouds")  # fmt: skip


@dataclass
class Prepared:
    """A workload with its initial weights; `order` is the permutation of the first epoch."""

    config: RunConfig
    data: Data
    network: Network
    theta: np.ndarray
    order: np.ndarray


def prepare(name: str, **changes: Any) -> Prepared:
    """Returns a workload with top-level changes of its configuration."""
    config = configure(name, **changes)
    return prepared(config, data_of(name, config))


def prepared(config: RunConfig, data: Data) -> Prepared:
    """Returns configuration and data with the initial weights and order of a training."""
    trainer = Trainer(config, data)
    theta = trainer.state.theta.copy()
    trainer.advance(1)
    return Prepared(config, data, trainer.network, theta, trainer.state.order.copy())


def layers_of(network: Network, theta: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Returns copies of weights (inputs, units) and biases of each layer."""
    return [(layer.weights(theta).copy(), layer.biases(theta).copy()) for layer in network.layers]


def problem_of(name: str) -> Problem:
    """Returns the full batches of the first epoch of a workload, as arrays for any engine."""
    return as_problem(name, prepare(name))


def as_problem(name: str, ready: Prepared) -> Problem:
    """Returns the full batches of the first epoch, as arrays for any engine."""
    config, part = ready.config, ready.data.train
    count = len(part) // config.batch_size
    rows = ready.order[: count * config.batch_size]
    shape = (count, config.batch_size, -1)
    optimizer = config.optimizer
    squared = config.loss.name == "half_squared_error"
    settings = Settings(
        name,
        config.layers[0].activation,
        config.output_activation,
        "half_squared" if squared else "crossentropy",
        optimizer.name,
        optimizer.learning_rate or 0.0,
        optimizer.beta_1 or 0.0,
        optimizer.beta_2 or 0.0,
        optimizer.epsilon or 0.0,
    )
    return Problem(
        settings,
        part.inputs[rows].astype(np.float32).reshape(shape),
        part.targets[rows].astype(np.float32).reshape(shape),
        layers_of(ready.network, ready.theta),
    )
