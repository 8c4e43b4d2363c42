"""StepPlan: an optimizer step for one batch size: forward, error, backward, penalties, clipping, update.

It is recorded once as NumPy calls on fixed buffers and compiled to a loop over many steps.
`engine.training.reference` is the same step in plain NumPy.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.dense import Dense
from engine.layers.network import Network, activation_groups
from engine.losses import LOSSES, Matched
from engine.operations import LoopVariable, Recorder, aligned
from engine.optimizers import OPTIMIZERS
from engine.tasks.paradigms import problem
from engine.training.compiled.forward import INPUTS, Buffers, PassOptions, record_forward
from engine.training.compiled.members import common_number
from engine.training.compiled.update import GRADIENT_RATE, RATES, StepArrays, record_penalties, record_update

TARGETS = LoopVariable("targets")  # (outputs, samples), see `prepare_targets`
# Factor between output error and mean gradient: `gradient_factor` / samples, times GRADIENT_RATE.
SCALE = LoopVariable("scale")
RATE_VARIABLES = (SCALE, GRADIENT_RATE, *RATES)  # in the order of the rows of `RateTable`


def matched_loss(config: ExamplesConfig) -> Matched | None:
    """Returns the matched form of loss and output activation, or None if they do not match."""
    matched = LOSSES[config.loss.name].matched
    if matched is None or matched.activation != config.output_activation:
        return None
    return matched if problem(config).task in matched.tasks else None


def prepare_targets(config: ExamplesConfig, targets: np.ndarray) -> np.ndarray:
    """Returns targets (outputs, samples) converted for the recorded gradient."""
    matched = None if OPTIMIZERS[config.optimizer.name].perceptron_rule else matched_loss(config)
    return matched.prepare(targets) if matched else targets


def gradient_factor(config: ExamplesConfig) -> float:
    """Returns the constant factor of the gradient that is not part of the recorded error."""
    if not isinstance(config, ExamplesConfig) or OPTIMIZERS[config.optimizer.name].perceptron_rule:
        return 1.0
    matched = matched_loss(config)
    return matched.factor if matched else LOSSES[config.loss.name].factor


def _dropout_of(index: int) -> Callable[[ExamplesConfig], float]:
    return lambda config: config.layers[index].dropout


class StepPlan:
    """A step for batches of `samples`.

    `run(inputs, targets, *rates)` takes an iterable of each, with one item per step. `rate_rows` are the
    indices into RATE_VARIABLES of the rates that the step uses. With `update` false the step only computes
    `gradient`, a flat vector like theta.
    """

    def __init__(
        self, network: Network, config: ExamplesConfig, arrays: StepArrays, samples: int, update: bool = True
    ) -> None:
        self.network, self.config, self.arrays, self.samples = network, config, arrays, samples
        self.dtype = arrays.theta.dtype
        self.xp = Recorder(self.dtype)
        keep_z = any(layer.activation_function.keeps_z for layer in network.layers)
        self.buffers = Buffers(network, samples, self.dtype, keep_z, arrays.networks)
        self.gradient = aligned(arrays.theta.shape, self.dtype)
        self.derivatives = aligned(self.buffers.a.shape, self.dtype)
        self.derivatives.fill(1)  # so that there is no division by 0 in the rows between layers
        self.deltas = [
            aligned((*arrays.networks, layer.units, samples), self.dtype) for layer in network.layers
        ]
        self.alphas = self._wide_alphas()
        self._forward()
        self.negatives = self._negatives()
        self.record_output_error()
        self._backward()
        record_penalties(self.xp, network, config, arrays, self.gradient)
        if update:
            record_update(self.xp, network, config, arrays, self.gradient)
        self.rate_rows = [
            index for index, variable in enumerate(RATE_VARIABLES) if variable.name in self.xp.used
        ]
        names = (INPUTS.name, TARGETS.name, *(RATE_VARIABLES[index].name for index in self.rate_rows))
        self.run: Callable[..., None] = self.xp.compile(names)

    # forward

    def _wide_alphas(self) -> np.ndarray | None:
        """Returns the learned alphas repeated along the samples; other rows are not used.

        NumPy takes four times as long for operands of different shapes.
        """
        if not any(layer.alpha_count for layer in self.network.layers):
            return None
        indices = np.zeros(self.buffers.a.shape[-2], np.intp)
        for rows, layer in zip(self.buffers.rows, self.network.layers, strict=True):
            positions = layer.learned_alphas(np.arange(self.network.size))
            if positions is not None:
                indices[rows] = positions[:, 0]
        column = np.zeros((*self.arrays.networks, len(indices)), self.dtype)
        wide = aligned(self.buffers.a.shape, self.dtype)
        self.xp.call(self.arrays.theta.take, indices, -1, column, "clip")
        if self.arrays.networks:
            self.xp.copyto(wide, column[..., None])
        else:
            self.xp.dot(column[:, None], self.xp.ones(wide[:1]), wide)
        return wide

    def _alpha(self, layer: Dense, rows: slice) -> np.ndarray | float | None:
        """Returns the parameter of the activation for these rows."""
        if layer.alpha_count:
            assert self.alphas is not None
            return self.alphas[..., rows, :]
        return layer.alpha

    def needs_output(self) -> bool:
        """Returns whether the error of the output is computed from a = f(z), not from z only."""
        return matched_loss(self.config) is None or OPTIMIZERS[self.config.optimizer.name].perceptron_rule

    def _forward(self) -> None:
        """Records the forward pass with dropout, and keeps what the derivatives need."""
        rows, layers = self.buffers.rows, self.network.layers
        options = PassOptions(
            alphas=[self._alpha(layer, part) for layer, part in zip(layers, rows, strict=True)],
            slopes=[self.derivatives[..., part, :] for part in rows],
            dropout=self.arrays.dropout,
            dropout_rates=self._dropout_rates(),
            unmasked=True,
            activate_output=self.needs_output(),
        )
        self.masks = record_forward(self.xp, self.network, self.arrays.theta, self.buffers, options)

    def _dropout_rates(self) -> list[Any]:
        """Returns the rate of every layer, (K, 1, 1) where it differs between the networks."""
        members, layers = self.arrays.members, self.network.layers
        if members is None:
            return []
        rates = [common_number(members.configs, _dropout_of(index)) for index in range(len(layers) - 1)]
        return [rate[..., None] if isinstance(rate, np.ndarray) else rate for rate in rates]

    def _negatives(self) -> np.ndarray | None:
        """Returns min(z, 0) of all layers for the gradients of learned alphas."""
        if self.alphas is None:
            return None
        negatives = aligned(self.buffers.z.shape, self.dtype)
        self.xp.minimum(self.buffers.z, self.xp.zeros(negatives), negatives)
        return negatives

    # the error of the output

    def record_output_error(self) -> None:
        """Records the mean error of each output and sample, dE/dz, into the last of `deltas`."""
        xp, last = self.xp, len(self.network.layers) - 1
        z, delta = self.buffers.preactivation(last), self.deltas[last]
        matched, loss = matched_loss(self.config), LOSSES[self.config.loss.name]
        rule = OPTIMIZERS[self.config.optimizer.name].perceptron_rule
        if rule:
            xp.subtract(self.buffers.output(last), TARGETS, delta)
        elif matched:
            matched.gradient(xp, z, TARGETS, delta)
        else:
            loss.gradient(xp, self.buffers.output(last), TARGETS, delta, self.config.loss.delta)
        xp.multiply(delta, SCALE, delta)
        xp.release()
        is_upstream = matched is None and not rule  # whether `delta` is dE/da
        self.record_derivatives(len(self.network.layers) if is_upstream else last)
        if is_upstream:
            self._pull_back(last)

    # backward

    def _backward(self) -> None:
        """Records all errors, then all gradients: adjacent calls of one function are faster."""
        xp, layers, theta = self.xp, self.network.layers, self.arrays.theta
        for index in range(len(layers) - 1, 0, -1):
            upstream = self.deltas[index - 1]
            layers[index].record_backward(xp, theta, self.deltas[index], upstream)
            if index - 1 in self.masks.factors:
                xp.multiply(upstream, self.masks.factors[index - 1], upstream)
            self._pull_back(index - 1)
        for index, layer in enumerate(layers):
            layer.record_gradient(xp, self.buffers.source(index), self.deltas[index], self.gradient)

    def record_derivatives(self, count: int) -> None:
        """Records f' of the first `count` layers; adjacent layers with the same activation share calls."""
        for first, last in activation_groups(self.network.layers[:count], lambda layer: layer.masked):
            self._derivative(first, last)

    def _derivative(self, first: int, last: int) -> None:
        """Records f' of the layers first..last; values for the rows of ones between them are not used."""
        layer = self.network.layers[first]
        if layer.activation_function.derivative is None:
            return
        rows = slice(self.buffers.rows[first].start, self.buffers.rows[last].stop)
        a = self.masks.unmasked.get(first, self.buffers.a[..., rows, :])
        z, d = self.buffers.z[..., rows, :], self.derivatives[..., rows, :]
        layer.activation_function.derivative(self.xp, z, a, d, self._alpha(layer, rows))
        self.xp.release()

    def _pull_back(self, index: int) -> None:
        """Records the change of dE/da to dE/dz of one layer, and the gradient of its learned alphas."""
        xp, layer, delta = self.xp, self.network.layers[index], self.deltas[index]
        rows = self.buffers.rows[index]
        if layer.alpha_count:
            assert self.negatives is not None
            layer.record_alpha_gradient(xp, self.negatives[..., rows, :], delta, self.gradient)
            xp.release()
        a = self.masks.unmasked.get(index, self.buffers.output(index))
        layer.record_pullback(xp, a, self.derivatives[..., rows, :], delta)
        xp.release()
