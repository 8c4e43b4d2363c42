"""A forward and backward pass that keeps all intermediate arrays, for views that show their values.

Without dropout, with disabled units masked. Arrays are feature-major, (units, samples).
"""

from dataclasses import dataclass, field

import numpy as np

from engine.config.models import ExamplesConfig
from engine.datasets import Data, Part
from engine.layers.activations import slope
from engine.layers.dense import Dense
from engine.layers.network import Network
from engine.losses import LOSSES
from engine.operations import EAGER
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import Buffers, block_size, prepared
from engine.training.compiled.plan import matched_loss
from engine.training.measured_points import MAX_MEASURED, sample_losses

MAX_PRODUCTS = 3e8  # of one pass over training points: large networks use fewer points
MIN_POINTS = 100  # of them
SPACING = float(np.finfo(np.float64).eps) ** (1 / 3)  # optimal relative step of a central difference


@dataclass
class PassArrays:
    """The arrays of one pass, per layer. `unmasked` is f(z) before disabled units are masked, `a` after.

    `upstream` is dE/da and `deltas` dE/dz of each sample's own loss; `slopes` is f'(z), None for softmax,
    whose units depend on each other.
    """

    network: Network
    theta: np.ndarray
    inputs: np.ndarray  # (features, samples)
    sources: list[np.ndarray]  # the input of each layer with a row of ones: (inputs + 1, samples)
    z: list[np.ndarray] = field(default_factory=list)
    unmasked: list[np.ndarray] = field(default_factory=list)
    a: list[np.ndarray] = field(default_factory=list)
    slopes: list[np.ndarray | None] = field(default_factory=list)
    upstream: list[np.ndarray] = field(default_factory=list)
    deltas: list[np.ndarray] = field(default_factory=list)

    def layer_inputs(self, index: int) -> np.ndarray:
        """The input of layer `index`, (inputs, samples)."""
        return self.inputs if index == 0 else self.a[index - 1]


def forward(network: Network, theta: np.ndarray, inputs: np.ndarray) -> PassArrays:
    """The forward pass of `inputs` (samples, features) with the parameters `theta`, in their precision."""
    run = prepared(network, len(inputs), theta.dtype.name, keep_z=True, unmasked=True)
    columns = run.columns(inputs).copy()
    buffers, unmasked = run.run_columns(theta, columns), run.masks.unmasked
    arrays = PassArrays(network, theta, columns[:-1], [columns])
    for index in range(len(network.layers)):
        arrays.sources.append(buffers.output_with_ones(index).copy())
        arrays.a.append(arrays.sources[-1][:-1])
        arrays.z.append(buffers.preactivation(index).copy())
        arrays.unmasked.append(unmasked[index].copy() if index in unmasked else arrays.a[-1])
    return arrays


def training_pass(checkpoint: Checkpoint, data: Data) -> PassArrays:
    """Forward and backward pass over the first 2,000 training points, for large networks over fewer."""
    network, part = checkpoint.network, data.train
    samples = min(MAX_MEASURED, len(part), max(MIN_POINTS, int(MAX_PRODUCTS / network.size)))
    arrays = forward(network, checkpoint.theta, part.inputs[:samples])
    backward(checkpoint.config, arrays, training_targets(checkpoint, data, samples))
    return arrays


def training_targets(checkpoint: Checkpoint, data: Data, samples: int) -> np.ndarray:
    """The targets (outputs, samples) of the first training points, in the run's precision."""
    return np.ascontiguousarray(data.train.targets[:samples].T, checkpoint.config.dtype)


def losses(config: ExamplesConfig, arrays: PassArrays, targets: np.ndarray) -> np.ndarray:
    """The loss (samples,) of each sample; `targets` (outputs, samples)."""
    with np.errstate(all="ignore"):
        return sample_losses(config, matched_loss(config), arrays.z[-1], arrays.a[-1], targets)


def output_gradient(config: ExamplesConfig, a: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """dE/da (outputs, samples) of the outputs `a`."""
    loss, g = LOSSES[config.loss.name], np.empty_like(a)
    with np.errstate(all="ignore"):
        loss.gradient(EAGER, a, targets, g, config.loss.delta)
    return g * loss.factor if loss.factor != 1.0 else g


def backward(config: ExamplesConfig, arrays: PassArrays, targets: np.ndarray) -> None:
    """Compute slopes, upstream and deltas of `arrays`; the output's delta as training computes it."""
    network, theta = arrays.network, arrays.theta
    count = len(network.layers)
    arrays.upstream = [np.empty(0)] * count
    arrays.deltas = [np.empty(0)] * count
    with np.errstate(all="ignore"):
        arrays.slopes = [_slope(arrays, index, layer) for index, layer in enumerate(network.layers)]
        arrays.upstream[-1] = output_gradient(config, arrays.a[-1], targets)
        for index in range(count - 1, -1, -1):
            if index == count - 1 and delta_is_error(config):
                arrays.deltas[index] = arrays.a[-1] - targets
            else:
                arrays.deltas[index] = pull_back(arrays, index, arrays.upstream[index])
            if index:
                arrays.upstream[index - 1] = np.empty_like(arrays.a[index - 1])
                network.layers[index].record_backward(
                    EAGER, theta, arrays.deltas[index], arrays.upstream[index - 1]
                )


def delta_is_error(config: ExamplesConfig) -> bool:
    """Whether the output's delta is a - y: for matched losses and the perceptron rule."""
    return OPTIMIZERS[config.optimizer.name].perceptron_rule or matched_loss(config) is not None


def pull_back(arrays: PassArrays, index: int, upstream: np.ndarray) -> np.ndarray:
    """dE/dz of a layer from its dE/da `upstream`, as a new array."""
    layer = arrays.network.layers[index]
    delta = upstream * layer.enabled(upstream.dtype)
    layer.record_pullback(EAGER, arrays.unmasked[index], arrays.slopes[index], delta)
    return delta


def gradient(arrays: PassArrays) -> np.ndarray:
    """dE/dtheta of the mean loss, flat, without penalties."""
    network, samples = arrays.network, arrays.inputs.shape[1]
    flat = np.zeros(network.size, arrays.theta.dtype)
    with np.errstate(all="ignore"):
        for index, layer in enumerate(network.layers):
            layer.record_gradient(EAGER, arrays.sources[index], arrays.deltas[index] / samples, flat)
            alphas = layer.learned_alphas(flat)
            if alphas is not None:
                products = arrays.upstream[index] * layer.enabled(flat.dtype) * np.minimum(arrays.z[index], 0)
                alphas[:, 0] = products.sum(axis=1) / samples
    return flat


def sample_buffers(checkpoint: Checkpoint, part: Part) -> Buffers:
    """z and f(z) of all layers over the first 2,000 points of a part, for large networks over fewer, in the
    run's precision.
    """
    inputs = part.inputs[:MAX_MEASURED]
    inputs = inputs[: block_size(checkpoint.network, len(inputs))]
    forward = prepared(checkpoint.network, len(inputs), checkpoint.config.dtype, keep_z=True)
    return forward.run(checkpoint.theta, inputs)


def difference_step(value: float) -> float:
    """The step h of a central difference at `value`, in double precision."""
    return SPACING * max(1.0, abs(value))


def float64_parameters(checkpoint: Checkpoint) -> np.ndarray:
    """The parameters in double precision."""
    return checkpoint.theta.astype(np.float64)


def _slope(arrays: PassArrays, index: int, layer: Dense) -> np.ndarray | None:
    if layer.activation_function.pullback:
        return None
    return slope(
        layer.activation_function, arrays.z[index], layer.alphas(arrays.theta), arrays.unmasked[index]
    )
