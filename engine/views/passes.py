"""One forward and backward pass that keeps all intermediate arrays, for views that show their values.

Without dropout; disabled units stay disabled. Arrays are feature-major, (units, samples).
"""

from dataclasses import dataclass, field

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data
from engine.layers.activations import slope
from engine.layers.dense import Dense
from engine.layers.network import Network
from engine.losses import LOSSES
from engine.operations import EAGER
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import prepared
from engine.training.compiled.plan import matched_loss
from engine.training.measured_points import MAX_MEASURED, sample_losses

MAX_PRODUCTS = 3e8  # of one pass over training points: large networks use fewer points, but not less than
MIN_POINTS = 100


@dataclass
class Passed:
    """The arrays of one pass. `bare[l]` is f(z) before the mask of disabled units, `a[l]` after.

    `upstream` is dE/da, `deltas` dE/dz of every sample by itself; `slopes` f'(z), None where the activation
    mixes units (softmax).
    """

    network: Network
    theta: np.ndarray
    inputs: np.ndarray  # (features, samples)
    sources: list[np.ndarray]  # the input of each layer with a row of ones: (inputs + 1, samples)
    z: list[np.ndarray] = field(default_factory=list)
    bare: list[np.ndarray] = field(default_factory=list)
    a: list[np.ndarray] = field(default_factory=list)
    slopes: list[np.ndarray | None] = field(default_factory=list)
    upstream: list[np.ndarray] = field(default_factory=list)
    deltas: list[np.ndarray] = field(default_factory=list)

    def below(self, index: int) -> np.ndarray:
        """The input of layer `index`, (inputs, samples)."""
        return self.inputs if index == 0 else self.a[index - 1]


def forward(network: Network, theta: np.ndarray, inputs: np.ndarray) -> Passed:
    """Run `inputs` (samples, features) through the network `theta`, in theta's precision."""
    run = prepared(network, len(inputs), theta.dtype.name, keep_z=True, unmasked=True)
    columns = run.columns(inputs).copy()
    buffers, unmasked = run.run_columns(theta, columns), run.masks.unmasked
    passed = Passed(network, theta, columns[:-1], [columns])
    for index in range(len(network.layers)):
        passed.sources.append(buffers.output_with_ones(index).copy())
        passed.a.append(passed.sources[-1][:-1])
        passed.z.append(buffers.preactivation(index).copy())
        passed.bare.append(unmasked[index].copy() if index in unmasked else passed.a[-1])
    return passed


def over_training(checkpoint: Checkpoint, data: Data) -> Passed:
    """Forward and backward over the first 2,000 training points, of large networks over fewer."""
    network, part = checkpoint.network, data.train
    samples = min(MAX_MEASURED, len(part), max(MIN_POINTS, int(MAX_PRODUCTS / network.size)))
    passed = forward(network, checkpoint.theta, part.inputs[:samples])
    backward(checkpoint.config, passed, training_targets(checkpoint, data, samples))
    return passed


def training_targets(checkpoint: Checkpoint, data: Data, samples: int) -> np.ndarray:
    """(outputs, samples) of the first training points, in the run's precision."""
    return np.ascontiguousarray(data.train.targets[:samples].T, checkpoint.config.dtype)


def losses(config: ExamplesConfig, passed: Passed, targets: np.ndarray) -> np.ndarray:
    """The loss of each sample; `targets` (outputs, samples)."""
    with np.errstate(all="ignore"):
        return sample_losses(config, matched_loss(config), passed.z[-1], passed.a[-1], targets)


def output_gradient(config: ExamplesConfig, a: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """dE/da of each output and sample."""
    loss, g = LOSSES[config.loss.name], np.empty_like(a)
    with np.errstate(all="ignore"):
        loss.gradient(EAGER, a, targets, g, config.loss.delta)
    return g * loss.factor if loss.factor != 1.0 else g


def backward(config: ExamplesConfig, passed: Passed, targets: np.ndarray) -> None:
    """Fill in slopes, upstream and deltas; the output's delta in the form that training uses."""
    network, theta = passed.network, passed.theta
    count = len(network.layers)
    passed.upstream = [np.empty(0)] * count
    passed.deltas = [np.empty(0)] * count
    with np.errstate(all="ignore"):
        passed.slopes = [_slope(passed, index, layer) for index, layer in enumerate(network.layers)]
        passed.upstream[-1] = output_gradient(config, passed.a[-1], targets)
        for index in range(count - 1, -1, -1):
            if index == count - 1 and trained_on_error(config):
                passed.deltas[index] = passed.a[-1] - targets
            else:
                passed.deltas[index] = pull_back(passed, index, passed.upstream[index])
            if index:
                passed.upstream[index - 1] = np.empty_like(passed.a[index - 1])
                network.layers[index].record_backward(
                    EAGER, theta, passed.deltas[index], passed.upstream[index - 1]
                )


def trained_on_error(config: ExamplesConfig) -> bool:
    """Whether the output's delta is simply a - y: matched losses, and the perceptron rule."""
    return OPTIMIZERS[config.optimizer.name].perceptron_rule or matched_loss(config) is not None


def pull_back(passed: Passed, index: int, upstream: np.ndarray) -> np.ndarray:
    """dE/dz of a layer from its dE/da, as a new array."""
    layer = passed.network.layers[index]
    delta = upstream * layer.enabled(upstream.dtype)
    layer.record_pullback(EAGER, passed.bare[index], passed.slopes[index], delta)
    return delta


def gradient(passed: Passed) -> np.ndarray:
    """dE/dtheta of the mean loss, flat, without penalties."""
    network, samples = passed.network, passed.inputs.shape[1]
    flat = np.zeros(network.size, passed.theta.dtype)
    with np.errstate(all="ignore"):
        for index, layer in enumerate(network.layers):
            layer.record_gradient(EAGER, passed.sources[index], passed.deltas[index] / samples, flat)
            alphas = layer.learned_alphas(flat)
            if alphas is not None:
                shared = passed.upstream[index] * layer.enabled(flat.dtype) * np.minimum(passed.z[index], 0)
                alphas[:, 0] = shared.sum(axis=1) / samples
    return flat


def exact(checkpoint: Checkpoint) -> np.ndarray:
    """The parameters in double precision."""
    return checkpoint.theta.astype(np.float64)


def _slope(passed: Passed, index: int, layer: Dense) -> np.ndarray | None:
    if layer.activation_function.pullback:
        return None
    return slope(layer.activation_function, passed.z[index], layer.alphas(passed.theta), passed.bare[index])
