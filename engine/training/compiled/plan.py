"""One optimizer step, prepared for one batch size: forward, error, backward, penalties, clipping, update.

Everything is recorded once as NumPy calls on fixed buffers; the Trainer then runs many steps in one prepared
loop.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.config.models import ExamplesConfig
from engine.layers.network import Layer, Network, runs_alike
from engine.losses import LOSSES, Matched
from engine.operations import Recorder, Slot, aligned
from engine.optimizers import OPTIMIZERS
from engine.tasks.paradigms import problem
from engine.training.compiled.forward import (
    INPUTS,
    Buffers,
    record_activation,
    record_product,
    record_silence,
)
from engine.training.compiled.update import FOLD, RATES, Bound, record_penalties, record_update

TARGETS = Slot("targets")  # (outputs, samples), in the loss's prepared form
SCALE = Slot(
    "scale"
)  # what turns the output's error into the mean gradient: factor / samples, times the rate if folded
CHANGING = (SCALE, FOLD, *RATES)  # in the order of the rate table


def matched_loss(config: ExamplesConfig) -> Matched | None:
    """The joint form of loss and output activation, where they match."""
    matched = LOSSES[config.loss.name].matched
    if matched is None or matched.activation != config.output_activation:
        return None
    return matched if problem(config).task in matched.tasks else None


def prepare_targets(config: ExamplesConfig, targets: np.ndarray) -> np.ndarray:
    """Targets (outputs, samples) in the form that the recorded gradient expects."""
    matched = None if OPTIMIZERS[config.optimizer.name].mistakes_only else matched_loss(config)
    return matched.prepare(targets) if matched else targets


def gradient_factor(config: ExamplesConfig) -> float:
    """The constant that the recorded error still lacks."""
    if not isinstance(config, ExamplesConfig) or OPTIMIZERS[config.optimizer.name].mistakes_only:
        return 1.0
    matched = matched_loss(config)
    return matched.factor if matched else LOSSES[config.loss.name].factor


class StepPlan:
    """A step for batches of `samples`.

    `run(inputs, targets, *changing)` takes one item of each per step; `changing` are the indices into
    CHANGING of what the step needs. With `update` false it stops at the gradient: it stays in `gradient`, a
    flat vector like theta.
    """

    def __init__(
        self, network: Network, config: ExamplesConfig, bound: Bound, samples: int, update: bool = True
    ) -> None:
        self.network, self.config, self.bound, self.samples = network, config, bound, samples
        self.dtype = bound.theta.dtype
        self.xp = Recorder(self.dtype)
        keep_z = any(layer.entry.keeps_z for layer in network.layers)
        self.buffers = Buffers(network, samples, self.dtype, keep_z, bound.networks)
        self.gradient = aligned(bound.theta.shape, self.dtype)
        self.derivatives = aligned(self.buffers.a.shape, self.dtype)
        self.derivatives.fill(1)  # no 0 to divide by in the rows between the layers
        self.deltas = [
            aligned((*bound.networks, layer.units, samples), self.dtype) for layer in network.layers
        ]
        self.undropped: dict[int, np.ndarray] = {}  # f(z) of masked layers, before the mask
        self.masks: dict[int, np.ndarray] = {}
        self.alphas = self._wide_alphas()
        self._forward()
        self.negatives = self._negatives()
        self._output_error()
        self._backward()
        record_penalties(self.xp, network, config, bound, self.gradient)
        if update:
            record_update(self.xp, network, config, bound, self.gradient)
        self.changing = [index for index, slot in enumerate(CHANGING) if slot.name in self.xp.used]
        names = (INPUTS.name, TARGETS.name, *(CHANGING[index].name for index in self.changing))
        self.run: Callable[..., None] = self.xp.compile(names)

    # forward

    def _wide_alphas(self) -> np.ndarray | None:
        """The learned alphas as wide as the buffers: once per step, because operands that differ in shape
        cost NumPy four times as much. Other rows hold what nobody reads.
        """
        layers = self.network.layers
        if not any(layer.entry.learned for layer in layers):
            return None
        places = np.zeros(self.buffers.a.shape[-2], np.intp)
        for rows, layer in zip(self.buffers.rows, layers, strict=True):
            if layer.alpha_start is not None:
                places[rows] = np.arange(layer.alpha_start, layer.alpha_start + layer.units)
        column = np.zeros((*self.bound.networks, len(places)), self.dtype)
        wide = aligned(self.buffers.a.shape, self.dtype)
        self.xp.call(self.bound.theta.take, places, -1, column, "clip")
        if self.bound.networks:
            self.xp.copyto(wide, column[..., None])
        else:
            self.xp.dot(column[:, None], self.xp.ones(wide[:1]), wide)
        return wide

    def _alpha(self, layer: Layer, rows: slice) -> np.ndarray | float | None:
        """The parameter of the activation at these rows."""
        if layer.entry.learned:
            assert self.alphas is not None
            return self.alphas[..., rows, :]
        return layer.alpha

    def _forward(self) -> None:
        hidden = self.network.layers[:-1]
        for index, layer in enumerate(hidden):
            record_product(self.xp, self.network, self.bound.theta, self.buffers, index)
            z, a = self.buffers.preactivation(index), self.buffers.output(index)
            if layer.masked:
                self._masked(index, layer, z, a)
            else:
                self._activate(index, z, a)
        record_product(self.xp, self.network, self.bound.theta, self.buffers, len(hidden))

    def _activate(self, index: int, z: np.ndarray, a: np.ndarray) -> None:
        layer, rows = self.network.layers[index], self.buffers.rows[index]
        record_activation(self.xp, layer, z, a, self._alpha(layer, rows), self.derivatives[..., rows, :])

    def _masked(self, index: int, layer: Layer, z: np.ndarray, a: np.ndarray) -> None:
        """a = f(z) · mask: 0 for units switched off, and by chance for a share of all units.

        Inverted dropout, mask / keep, so that nothing needs rescaling afterwards (Srivastava et al. 2014).
        """
        xp, keep, full = self.xp, 1.0 - layer.dropout, np.zeros_like(a)
        self._activate(index, z, full)
        mask = layer.on(self.dtype)
        if layer.dropout > 0:
            mask, kept = np.zeros(a.shape, self.dtype), np.zeros(a.shape, bool)
            for generator, own in zip(self.bound.dropout, mask.reshape(-1, *mask.shape[-2:]), strict=True):
                xp.call(generator.random, None, self.dtype.type, own)
            xp.less(mask, keep, kept)
            xp.multiply(kept, 1.0 / keep, mask)
            record_silence(xp, layer, mask)
        xp.multiply(full, mask, a)
        self.undropped[index], self.masks[index] = full, mask

    def _negatives(self) -> np.ndarray | None:
        """min(z, 0) of all layers in one call, which the gradients of learned alphas need."""
        if self.alphas is None:
            return None
        negatives = aligned(self.buffers.z.shape, self.dtype)
        self.xp.minimum(self.buffers.z, self.xp.zeros(negatives), negatives)
        return negatives

    # the output's error

    def _output_error(self) -> None:
        """The error of each output and sample, dE/dz, scaled; left in the last of `deltas`."""
        xp, last = self.xp, len(self.network.layers) - 1
        z, delta = self.buffers.preactivation(last), self.deltas[last]
        matched, loss = matched_loss(self.config), LOSSES[self.config.loss.name]
        rule = OPTIMIZERS[self.config.optimizer.name].mistakes_only
        if matched and not rule:
            matched.gradient(xp, z, TARGETS, delta)
        else:
            a = self.buffers.output(last)
            self._activate(last, z, a)
            if rule:
                xp.subtract(a, TARGETS, delta)
            else:
                loss.gradient(xp, a, TARGETS, delta, self.config.loss.delta)
        xp.multiply(delta, SCALE, delta)
        xp.release()
        through = matched is None and not rule  # the error still has to pass the output's activation
        behind = len(self.network.layers) if through else last
        self._derivatives(behind)
        if through:
            self._pull_back(last)

    # backward

    def _backward(self) -> None:
        """All errors first, then all gradients: calls of one kind in a row cost each other less."""
        xp, network = self.xp, self.network
        for index in range(len(network.layers) - 1, 0, -1):
            layer, delta = network.layers[index], self.deltas[index]
            weights = network.block(self.bound.theta, layer)[..., :-1, :]
            # Of one unit it is an outer product, which many networks have faster as a broadcast.
            product = xp.multiply if layer.units == 1 and self.bound.networks else xp.dot
            product(weights, delta, self.deltas[index - 1])
            if index - 1 in self.masks:
                xp.multiply(self.deltas[index - 1], self.masks[index - 1], self.deltas[index - 1])
            self._pull_back(index - 1)
        for index, layer in enumerate(network.layers):
            below: Any = INPUTS if index == 0 else self.buffers.block(index - 1)
            xp.dot(below, self.deltas[index].swapaxes(-1, -2), network.block(self.gradient, layer))

    def _derivatives(self, count: int) -> None:
        """f' of the first `count` layers."""
        for first, final in runs_alike(self.network.layers[:count], lambda layer: layer.masked):
            self._derivative(first, final)

    def _derivative(self, first: int, last: int) -> None:
        """f' of the layers first..last at once; the rows of ones between them come along, never read."""
        layer = self.network.layers[first]
        if layer.entry.derivative is None:
            return
        rows = slice(self.buffers.rows[first].start, self.buffers.rows[last].stop)
        a = self.undropped[first] if first in self.undropped else self.buffers.a[..., rows, :]
        z, d = self.buffers.z[..., rows, :], self.derivatives[..., rows, :]
        layer.entry.derivative(self.xp, z, a, d, self._alpha(layer, rows))
        self.xp.release()

    def _pull_back(self, index: int) -> None:
        """From dE/da to dE/dz of one layer, in place; on the way the gradient of learned alphas."""
        xp, layer, delta = self.xp, self.network.layers[index], self.deltas[index]
        if layer.entry.pullback:
            a = self.undropped.get(index, self.buffers.output(index))
            layer.entry.pullback(xp, a, delta)
            xp.release()
            return
        if layer.entry.learned:
            self._alpha_gradient(index)
        if layer.entry.derivative:
            xp.multiply(delta, self.derivatives[..., self.buffers.rows[index], :], delta)

    def _alpha_gradient(self, index: int) -> None:
        """dE/dα = Σ over samples of dE/da · min(z, 0)."""
        assert self.negatives is not None
        xp, delta = self.xp, self.deltas[index]
        share = xp.temp(delta)
        xp.multiply(self.negatives[..., self.buffers.rows[index], :], delta, share)
        target = self.network.alpha(self.gradient, self.network.layers[index])
        assert isinstance(target, np.ndarray)
        if self.bound.networks:
            xp.call(np.add.reduce, share, -1, None, target, True)
        else:  # a product with ones is faster for one network
            xp.dot(share, xp.ones(share[:1]).T, target)
        xp.release()
