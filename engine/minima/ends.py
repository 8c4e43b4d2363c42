"""Ends: the weights at which several trainings of one shape ended, with what is computed of them."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.config.errors import ConfigError
from engine.config.task_names import FROM_EXAMPLES, NUMBERS
from engine.datasets import Data
from engine.layers.network import Network
from engine.metrics import decide
from engine.minima.alignment import align
from engine.minima.normal_form import normal_form, without_disabled
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.training.measured_points import MAX_MEASURED


@dataclass(frozen=True)
class Ends:
    """K ends of one shape: checkpoints without disabled units, and parameters in normal form, (K, size).

    `data` are those of each; the loss and the inputs of predictions are those of the first.
    """

    checkpoints: list[Checkpoint]
    data: list[Data]
    thetas: np.ndarray

    @property
    def network(self) -> Network:
        """The network of all of them, without disabled units."""
        return self.checkpoints[0].network

    @property
    def has_same_data(self) -> bool:
        """Whether all of them were trained with the same data."""
        return len({checkpoint.digest for checkpoint in self.checkpoints}) == 1


def ends_of(checkpoints: Sequence[Checkpoint], data: Sequence[Data]) -> Ends:
    """Returns the ends of trainings. Raises ConfigError if they differ in shape, or are not of examples."""
    task, shape = checkpoints[0].problem.task, _shape(checkpoints[0])
    if task not in FROM_EXAMPLES:
        limit = list(FROM_EXAMPLES)
        raise ConfigError("runs", f"minima do not apply to the task {task}", given=task, limit=limit)
    for checkpoint in checkpoints:
        if _shape(checkpoint) != shape:
            message = "must have networks with the same units and activations, and the same features"
            raise ConfigError("runs", message, given=_shape(checkpoint), limit=shape)
    enabled = [_enabled(checkpoint) for checkpoint in checkpoints]
    thetas = [normal_form(checkpoint.network, checkpoint.theta) for checkpoint in enabled]
    return Ends(enabled, list(data), np.stack(thetas))


def _enabled(checkpoint: Checkpoint) -> Checkpoint:
    """Returns the checkpoint of the same function with all units enabled, without the optimizer state."""
    theta = without_disabled(checkpoint.network, checkpoint.theta)
    return replace(checkpoint, state=replace(checkpoint.state, memory=theta[None], disabled=()))


def _shape(checkpoint: Checkpoint) -> str:
    """The features and the layers as text, such as `x1, x2; 2 tanh; 1 sigmoid`."""
    layers = [f"{layer.units} {layer.activation}" for layer in checkpoint.network.layers]
    alphas = [
        f" ({layer.alpha:g})" if layer.alpha is not None and layer.alpha_start is None else ""
        for layer in checkpoint.network.layers
    ]
    named = [layer + alpha for layer, alpha in zip(layers, alphas, strict=True)]
    return "; ".join([", ".join(checkpoint.problem.features), *named])


def distances(ends: Ends) -> Generator[float, None, np.ndarray]:
    """Returns the Euclidean distances (K, K) between the aligned parameters in normal form.

    Yields the fraction done after each row.
    """
    count = len(ends.thetas)
    found = np.zeros((count, count))
    for row in range(count):
        for column in range(row + 1, count):
            aligned = align(ends.network, ends.thetas[row], ends.thetas[column])
            found[row, column] = found[column, row] = np.linalg.norm(aligned - ends.thetas[row])
            if len(ends.network.layers) > 2:  # each of several layers is assigned several times
                yield row / count
        yield (row + 1) / count
    return found


def compared_part(data: Data) -> str:
    """Returns the part whose predictions are compared: the test part, or the training part without one."""
    return "test" if len(data.test) else "train"


def predictions(ends: Ends) -> Generator[float, None, list[np.ndarray]]:
    """Returns the predictions of each end for the first 2,000 points, in the units of the data.

    Each is given the same rows of the first data, standardised as in its own training. Yields the fraction
    done after each end.
    """
    rows = getattr(ends.data[0], compared_part(ends.data[0])).raw[:MAX_MEASURED]
    found = []
    for checkpoint, data in zip(ends.checkpoints, ends.data, strict=True):
        with np.errstate(all="ignore"):
            inputs = data.transform(rows).astype(checkpoint.config.dtype)
            found.append(decide(data, outputs(checkpoint.network, checkpoint.theta, inputs).T))
        yield len(found) / len(ends.data)
    return found


def disagreements(task: str, predicted: Sequence[np.ndarray]) -> np.ndarray:
    """Returns how much predictions differ, (K, K).

    Classes and labels: the share of different ones. Numbers: the root of the mean squared difference.
    """
    count = len(predicted)
    found = np.zeros((count, count))
    for row in range(count):
        for column in range(row + 1, count):
            difference = predicted[row] - predicted[column]
            with np.errstate(all="ignore"):
                value = np.sqrt((difference**2).mean()) if task in NUMBERS else (difference != 0).mean()
            found[row, column] = found[column, row] = value
    return found
