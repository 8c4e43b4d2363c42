"""Dense: a fully connected layer, a = f(W x + b).

Arrays are feature-major, (units, samples). The input has a last row of ones, (inputs + 1, samples): one
product with the layer's matrix computes W x + b, and one product the gradients of weights and biases.
The `record_*` methods are NumPy calls on a namespace `xp` (see `engine.operations`), recorded or executed at
once. `theta` and all arrays may have a leading axis of K networks.
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
    alpha: float | None  # parameter of the activation; of a learned one its initial value
    dropout: float
    frozen: bool
    start: int = 0
    alpha_start: int | None = None
    disabled: tuple[int, ...] = ()  # units whose output is 0

    # shapes

    @property
    def matrix_size(self) -> int:
        """Number of weights and biases."""
        return (self.inputs + 1) * self.units

    @property
    def alpha_count(self) -> int:
        """Number of learned alphas: one per unit, or 0."""
        return self.units if self.activation_function.learned else 0

    @property
    def input_rows(self) -> int:
        """Rows of its input array: the inputs and the row of ones."""
        return self.inputs + 1

    @property
    def activation_function(self) -> Activation:
        """The catalogue entry of its activation."""
        return ACTIVATIONS[self.activation]

    @property
    def masked(self) -> bool:
        """Whether its outputs are multiplied by a mask while it trains."""
        return self.dropout > 0 or bool(self.disabled)

    def enabled(self, dtype: np.dtype) -> np.ndarray:
        """1 for enabled units, 0 for disabled ones: a column (units, 1)."""
        column = np.ones((self.units, 1), dtype)
        column[list(self.disabled)] = 0
        return column

    # parameters, as views of a flat vector (..., size)

    def matrix(self, theta: np.ndarray) -> np.ndarray:
        """Weights and, as last row, biases: (..., inputs + 1, units)."""
        flat = theta[..., self.start : self.start + self.matrix_size]
        return flat.reshape(*theta.shape[:-1], self.inputs + 1, self.units)

    def weights(self, theta: np.ndarray) -> np.ndarray:
        """(..., inputs, units)."""
        return self.matrix(theta)[..., :-1, :]

    def biases(self, theta: np.ndarray) -> np.ndarray:
        """(..., units)."""
        return self.matrix(theta)[..., -1, :]

    def learned_alphas(self, theta: np.ndarray) -> np.ndarray | None:
        """(..., units, 1), or None if the activation has no learned parameter."""
        if self.alpha_start is None:
            return None
        return theta[..., self.alpha_start : self.alpha_start + self.units, None]

    def alphas(self, theta: np.ndarray) -> np.ndarray | float | None:
        """The parameter of the activation: learned (..., units, 1), a constant, or None."""
        return self.alpha if self.alpha_start is None else self.learned_alphas(theta)

    def parameters(self, theta: np.ndarray) -> dict[str, np.ndarray]:
        """All its parameters by name: `weights`, `biases` and, if learned, `alphas`."""
        alphas = self.learned_alphas(theta)
        values = {"weights": self.weights(theta), "biases": self.biases(theta)}
        return values if alphas is None else values | {"alphas": alphas}

    def selected(self, theta: np.ndarray, units: Any, inputs: Any) -> dict[str, np.ndarray]:
        """Its parameters by name, for some of its units and inputs only (indices, or a slice for all)."""
        values, alphas = self.parameters(theta), self.learned_alphas(theta)
        values["weights"] = values["weights"][..., inputs, :][..., units]
        values["biases"] = values["biases"][..., units]
        return values if alphas is None else values | {"alphas": alphas[..., units, :]}

    def position(self, unit: int, source: int | None) -> int:
        """Index in `theta` of one weight, or of the bias (`source` None)."""
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
        """Draw the weights; set the biases to `bias` and learned alphas to `alpha`."""
        self.weights(theta)[:] = initializer.draw(generator, self.inputs, self.units, scale)
        self.biases(theta)[:] = bias
        alphas = self.learned_alphas(theta)
        if alphas is not None:
            alphas[:] = self.alpha

    # forward

    def record_preactivation(self, xp: Any, theta: np.ndarray, x: Any, z: np.ndarray) -> None:
        """z = W x + b of `x` (inputs + 1, samples): one product."""
        xp.dot(self.matrix(theta).swapaxes(-1, -2), x, z)

    def record_activation(self, xp: Any, z: np.ndarray, a: np.ndarray, alpha: Any, d: Any = None) -> None:
        """a = f(z); `a` may be the memory of `z`.

        `d` receives the intermediate result that the derivative needs. If it is None, `a` holds these values
        until f(z) is written.
        """
        same = z.__array_interface__["data"] == a.__array_interface__["data"]
        function = self.activation_function
        if d is None and function.leaves_slope:
            d = xp.temp(z) if same else a
        function.forward(xp, z, z if same else a, d, alpha)

    # backward

    def record_backward(self, xp: Any, theta: np.ndarray, delta: np.ndarray, upstream: np.ndarray) -> None:
        """dE/dx = W dE/dz: from `delta` (units, samples) into `upstream` (inputs, samples)."""
        # With one unit it is an outer product, which is faster as a broadcast for many networks.
        product = xp.multiply if self.units == 1 and theta.ndim > 1 else xp.dot
        product(self.weights(theta), delta, upstream)

    def record_pullback(self, xp: Any, a: np.ndarray, slopes: np.ndarray | None, delta: np.ndarray) -> None:
        """From dE/da to dE/dz, in place in `delta`: times f'(z), or times the Jacobian of a softmax.

        `slopes` is f'(z); None is allowed where the activation has no derivative of its own (softmax).
        """
        function = self.activation_function
        if function.pullback:
            function.pullback(xp, a, delta)
        elif function.derivative:
            xp.multiply(delta, slopes, delta)

    def record_gradient(self, xp: Any, x: Any, delta: np.ndarray, gradient: np.ndarray) -> None:
        """dE/dW and dE/db, summed over the samples, into the flat `gradient`."""
        xp.dot(x, delta.swapaxes(-1, -2), self.matrix(gradient))

    def record_alpha_gradient(
        self, xp: Any, negatives: np.ndarray, upstream: np.ndarray, gradient: np.ndarray
    ) -> None:
        """dE/dα = Σ over samples of dE/da · min(z, 0), into the flat `gradient`."""
        target = self.learned_alphas(gradient)
        assert target is not None
        products = xp.temp(upstream)
        xp.multiply(negatives, upstream, products)
        if products.ndim > 2:
            xp.call(np.add.reduce, products, -1, None, target, True)
        else:  # a product with ones is faster for one network
            xp.dot(products, xp.ones(products[:1]).T, target)
