"""Dense: a fully connected layer, a = f(W x + b).

Arrays are (units, samples). The last row of the input is ones, (inputs + 1, samples), so that one product
with the matrix of the layer computes W x + b, and one product the gradients of weights and biases. The
`record_*` methods call a namespace `xp` (see `engine.operations`), which records or executes the calls.
`theta` and all arrays may have a leading axis of K networks.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.layers.activations import ACTIVATIONS, Activation
from engine.layers.initializers import Initializer


@dataclass(frozen=True)
class Dense:
    """The shape of one layer, and the position of its parameters in the flat parameter vector `theta`.

    The weights (inputs, units) begin at `start`, the biases (units,) follow. Learned alphas (units,) begin at
    `alpha_start`.
    """

    inputs: int
    units: int
    activation: str
    alpha: float | None  # parameter of the activation, or its initial value if learned
    dropout: float
    frozen: bool
    start: int = 0
    alpha_start: int | None = None
    disabled: tuple[int, ...] = ()  # units whose output is 0

    # shapes

    @property
    def matrix_size(self) -> int:
        """The number of weights and biases."""
        return (self.inputs + 1) * self.units

    @property
    def alpha_count(self) -> int:
        """The number of learned alphas: one per unit, or 0."""
        return self.units if self.activation_function.learned else 0

    @property
    def input_rows(self) -> int:
        """The number of rows of the input array: the inputs and the row of ones."""
        return self.inputs + 1

    @property
    def activation_function(self) -> Activation:
        """The catalogue entry of the activation."""
        return ACTIVATIONS[self.activation]

    @property
    def masked(self) -> bool:
        """Whether the outputs are multiplied by a mask in training."""
        return self.dropout > 0 or bool(self.disabled)

    def enabled(self, dtype: np.dtype) -> np.ndarray:
        """Returns 1 for enabled and 0 for disabled units, (units, 1)."""
        column = np.ones((self.units, 1), dtype)
        column[list(self.disabled)] = 0
        return column

    # parameters, as views of a flat vector (..., size)

    def matrix(self, theta: np.ndarray) -> np.ndarray:
        """Returns the weights and, as last row, the biases, (..., inputs + 1, units)."""
        flat = theta[..., self.start : self.start + self.matrix_size]
        return flat.reshape(*theta.shape[:-1], self.inputs + 1, self.units)

    def weights(self, theta: np.ndarray) -> np.ndarray:
        """Returns the weights, (..., inputs, units)."""
        return self.matrix(theta)[..., :-1, :]

    def biases(self, theta: np.ndarray) -> np.ndarray:
        """Returns the biases, (..., units)."""
        return self.matrix(theta)[..., -1, :]

    def learned_alphas(self, theta: np.ndarray) -> np.ndarray | None:
        """Returns the learned alphas, (..., units, 1), or None."""
        if self.alpha_start is None:
            return None
        return theta[..., self.alpha_start : self.alpha_start + self.units, None]

    def alphas(self, theta: np.ndarray) -> np.ndarray | float | None:
        """Returns the parameter of the activation: learned (..., units, 1), a constant, or None."""
        return self.alpha if self.alpha_start is None else self.learned_alphas(theta)

    def parameters(self, theta: np.ndarray) -> dict[str, np.ndarray]:
        """Returns all parameters by name: `weights`, `biases` and, if learned, `alphas`."""
        alphas = self.learned_alphas(theta)
        values = {"weights": self.weights(theta), "biases": self.biases(theta)}
        return values if alphas is None else values | {"alphas": alphas}

    def selected(self, theta: np.ndarray, units: Any, inputs: Any) -> dict[str, np.ndarray]:
        """Returns the parameters of some units and inputs (indices, or a slice for all) by name."""
        values, alphas = self.parameters(theta), self.learned_alphas(theta)
        values["weights"] = values["weights"][..., inputs, :][..., units]
        values["biases"] = values["biases"][..., units]
        return values if alphas is None else values | {"alphas": alphas[..., units, :]}

    def position(self, unit: int, source: int | None) -> int:
        """Returns the index in `theta` of a weight, or of the bias if `source` is None."""
        row = self.inputs if source is None else source
        return self.start + row * self.units + unit

    # initialisation

    def initialize(
        self,
        theta: np.ndarray,
        generator: np.random.Generator,
        initializer: Initializer,
        scale: float,
        bias: float,
    ) -> None:
        """Draws the weights, and sets the biases to `bias` and learned alphas to `alpha`."""
        self.weights(theta)[:] = initializer.draw(generator, self.inputs, self.units, scale)
        self.biases(theta)[:] = bias
        alphas = self.learned_alphas(theta)
        if alphas is not None:
            alphas[:] = self.alpha

    # forward

    def record_preactivation(self, xp: Any, theta: np.ndarray, x: Any, z: np.ndarray) -> None:
        """z = W x + b of `x` (inputs + 1, samples)."""
        xp.dot(self.matrix(theta).swapaxes(-1, -2), x, z)

    def record_activation(self, xp: Any, z: np.ndarray, a: np.ndarray, alpha: Any, d: Any = None) -> None:
        """a = f(z); `a` may share the memory of `z`.

        The intermediate result for the derivative is written to `d`; if it is None, to `a` before f(z).
        """
        same = z.__array_interface__["data"] == a.__array_interface__["data"]
        function = self.activation_function
        if d is None and function.leaves_slope:
            d = xp.temp(z) if same else a
        function.forward(xp, z, z if same else a, d, alpha)

    # backward

    def record_backward(self, xp: Any, theta: np.ndarray, delta: np.ndarray, upstream: np.ndarray) -> None:
        """dE/dx = W dE/dz, from `delta` (units, samples) to `upstream` (inputs, samples)."""
        # With one unit this is an outer product, which for many networks is faster as a broadcast.
        product = xp.multiply if self.units == 1 and theta.ndim > 1 else xp.dot
        product(self.weights(theta), delta, upstream)

    def record_pullback(self, xp: Any, a: np.ndarray, slopes: np.ndarray | None, delta: np.ndarray) -> None:
        """Changes dE/da in `delta` to dE/dz: times f'(z), or times the Jacobian of softmax.

        `slopes` is f'(z), or None for softmax.
        """
        function = self.activation_function
        if function.pullback:
            function.pullback(xp, a, delta)
        elif function.derivative:
            xp.multiply(delta, slopes, delta)

    def record_gradient(self, xp: Any, x: Any, delta: np.ndarray, gradient: np.ndarray) -> None:
        """Writes dE/dW and dE/db, summed over the samples, to the flat `gradient`."""
        xp.dot(x, delta.swapaxes(-1, -2), self.matrix(gradient))

    def record_alpha_gradient(
        self, xp: Any, negatives: np.ndarray, upstream: np.ndarray, gradient: np.ndarray
    ) -> None:
        """Writes dE/dα = Σ over samples of dE/da · min(z, 0) to the flat `gradient`."""
        target = self.learned_alphas(gradient)
        assert target is not None
        products = xp.temp(upstream)
        xp.multiply(negatives, upstream, products)
        if products.ndim > 2:
            xp.call(np.add.reduce, products, -1, None, target, True)
        else:  # for one network a product with ones is faster
            xp.dot(products, xp.ones(products[:1]).T, target)
