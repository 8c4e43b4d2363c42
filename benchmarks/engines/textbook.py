"""Textbook formulas in NumPy, float64; the reference for all other engines."""

from typing import Any

import numpy as np

from benchmarks.engines.process import serve
from benchmarks.problem import Parameters, Problem

Array = np.ndarray


def activate(name: str, z: Array) -> Array:
    """Returns f(z), (samples, units)."""
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return np.maximum(0.0, z)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "softmax":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    return z


def slope(name: str, a: Array) -> Array | float:
    """Returns f'(z) from a = f(z)."""
    if name == "tanh":
        return 1 - a**2
    if name == "relu":
        return a > 0
    return 1.0


def forward(problem: Problem, layers: Parameters, x: Array) -> list[Array]:
    """Returns the inputs and the activations of all layers."""
    values = [x]
    for index, (weights, biases) in enumerate(layers):
        name = problem.settings.output if index == len(layers) - 1 else problem.settings.hidden
        values.append(activate(name, values[-1] @ weights + biases))
    return values


def loss(problem: Problem, layers: Parameters) -> float:
    """Returns the mean loss over all batches, computed in float64."""
    columns = problem.inputs.shape[-1]
    exact = [(weights.astype(np.float64), biases.astype(np.float64)) for weights, biases in layers]
    a = forward(problem, exact, problem.inputs.reshape(-1, columns).astype(np.float64))[-1]
    y = problem.targets.reshape(a.shape).astype(np.float64)
    if problem.settings.error == "half_squared":
        return float(0.5 * ((a - y) ** 2).sum(axis=1).mean())
    if problem.settings.output == "sigmoid":
        return float(-(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=1).mean())
    return float(-(y * np.log(a)).sum(axis=1).mean())


class Textbook:
    """A training step without optimisations."""

    version = f"NumPy {np.__version__}, float64"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.batches = [
            (x.astype(np.float64), y.astype(np.float64))
            for x, y in zip(problem.inputs, problem.targets, strict=True)
        ]
        self.reset()

    def reset(self) -> None:
        """Restores the initial parameters as float64, and moments of 0."""
        self.layers = [(w.astype(np.float64), b.astype(np.float64)) for w, b in self.problem.initial]
        self.moments: list[Any] = [
            [(np.zeros_like(p), np.zeros_like(p)) for p in layer] for layer in self.layers
        ]
        self.steps = 0

    def run(self, steps: int) -> int:
        """Runs one step per batch."""
        for index in range(steps):
            self.step(*self.batches[index % len(self.batches)])
        return steps

    def epoch(self) -> Parameters:
        """Runs one epoch."""
        self.run(self.problem.epoch)
        return self.layers

    def step(self, x: Array, y: Array) -> None:
        """Forward, backward, update."""
        settings = self.problem.settings
        values = forward(self.problem, self.layers, x)
        delta = (values[-1] - y) / len(x)
        if settings.error == "half_squared":
            delta = delta * slope(settings.output, values[-1])
        self.steps += 1
        for index in reversed(range(len(self.layers))):
            weights, biases = self.layers[index]
            gradients = values[index].T @ delta, delta.sum(axis=0)
            if index:
                delta = (delta @ weights.T) * slope(settings.hidden, values[index])
            self.layers[index] = (
                weights - self.change(index, 0, gradients[0]),
                biases - self.change(index, 1, gradients[1]),
            )

    def change(self, layer: int, array: int, g: Array) -> Array:
        """Returns what the optimizer subtracts from one array (0: weights, 1: biases) of a layer."""
        s = self.problem.settings
        if s.optimizer == "sgd":
            return s.learning_rate * g
        m, v = self.moments[layer][array]
        m = s.beta_1 * m + (1 - s.beta_1) * g
        v = s.beta_2 * v + (1 - s.beta_2) * g**2
        self.moments[layer][array] = m, v
        m_hat, v_hat = m / (1 - s.beta_1**self.steps), v / (1 - s.beta_2**self.steps)
        return s.learning_rate * m_hat / (np.sqrt(v_hat) + s.epsilon)


if __name__ == "__main__":
    serve(Textbook)
