"""JAX, compiled: one call of `lax.scan` for many steps, or (argument `jit`) one compiled call per step.

With `vmap`, each step of the scan is that of NETWORKS networks, which train on the same batches.
"""

import os
import sys
from typing import Any

import numpy as np

from benchmarks.engines.process import rounds_per_call, serve
from benchmarks.problem import Parameters, Problem

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

NETWORKS = 64  # with `vmap`


class JaxSteps:
    """The step as a pure function of parameters, Adam's moments and counter; gradients by `jax.grad`."""

    def __init__(self, problem: Problem, scan: bool, networks: int | None = None) -> None:
        import jax  # type: ignore[import-not-found]
        from jax import numpy as jnp

        self.jax, self.jnp, self.problem, self.scan, self.networks = jax, jnp, problem, scan, networks
        self.version = f"JAX {jax.__version__}"
        times = rounds_per_call(problem) if scan else 1
        tile = (times, 1, 1)
        self.steps_per_call = times * problem.epoch if scan else 1
        self.inputs = jnp.asarray(np.tile(problem.inputs, tile))
        self.targets = jnp.asarray(np.tile(problem.targets, tile))
        if scan:
            step = self.step if networks is None else jax.vmap(self.step, in_axes=(0, None))
            self.call: Any = jax.jit(lambda state, xs: jax.lax.scan(step, state, xs)[0], donate_argnums=0)
        else:
            self.call = jax.jit(lambda state, x, y: self.step(state, (x, y))[0], donate_argnums=0)
            self.pairs = list(zip(self.inputs, self.targets, strict=True))
        self.reset()

    def error(self, layers: Any, x: Any, y: Any) -> Any:
        """Returns the mean loss of one batch, from logits."""
        jax, jnp, settings = self.jax, self.jnp, self.problem.settings
        hidden = {"tanh": jnp.tanh, "relu": jax.nn.relu}[settings.hidden]
        for weights, biases in layers[:-1]:
            x = hidden(x @ weights + biases)
        z = x @ layers[-1][0] + layers[-1][1]
        if settings.error == "half_squared":
            return 0.5 * ((jnp.tanh(z) - y) ** 2).sum(axis=1).mean()
        if settings.output == "sigmoid":
            return (jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))).sum(axis=1).mean()
        return -(y * jax.nn.log_softmax(z)).sum(axis=1).mean()

    def step(self, state: Any, batch: Any) -> Any:
        """SGD or Adam; bias corrections with expm1, because 1 - β^t is imprecise in float32."""
        jnp, tree, s = self.jnp, self.jax.tree_util, self.problem.settings
        layers, first, second, t = state
        gradient = self.jax.grad(self.error)(layers, *batch)
        if s.optimizer == "sgd":
            return (tree.tree_map(lambda p, g: p - s.learning_rate * g, layers, gradient), *state[1:]), None
        t = t + 1
        first = tree.tree_map(lambda m, g: s.beta_1 * m + (1 - s.beta_1) * g, first, gradient)
        second = tree.tree_map(lambda v, g: s.beta_2 * v + (1 - s.beta_2) * g * g, second, gradient)
        mean_scale, square_scale = -jnp.expm1(t * np.log(s.beta_1)), -jnp.expm1(t * np.log(s.beta_2))
        layers = tree.tree_map(
            lambda p, m, v: p - s.learning_rate * (m / mean_scale) / (jnp.sqrt(v / square_scale) + s.epsilon),
            layers, first, second,
        )  # fmt: skip
        return (layers, first, second, t), None

    def reset(self) -> None:
        """Creates new device arrays, as the old ones were donated to the compiled call."""
        jnp, initial = self.jnp, self.problem.initial
        adam = self.problem.settings.optimizer == "adam"

        def of_all(values: np.ndarray) -> Any:
            return jnp.asarray(values if self.networks is None else np.stack([values] * self.networks))

        def arrays(zero: bool) -> Any:
            return [tuple(of_all(np.zeros_like(p) if zero else p.copy()) for p in layer) for layer in initial]

        moments = (arrays(True), arrays(True)) if adam else ((), ())
        self.state = (arrays(False), *moments, of_all(np.zeros((), np.float32)))

    def run(self, steps: int) -> int:
        """Runs complete calls and waits for the last one."""
        calls = -(-steps // self.steps_per_call)
        state, call = self.state, self.call
        if self.scan:
            batches = self.inputs, self.targets
            for _ in range(calls):
                state = call(state, batches)
        else:
            pairs, count = self.pairs, self.problem.epoch
            for index in range(calls):
                state = call(state, *pairs[index % count])
        self.state = self.jax.block_until_ready(state)
        return calls * self.steps_per_call

    def epoch(self) -> Parameters:
        """Runs one epoch: a scan of its length, or one call per step."""
        if self.scan:
            count = self.problem.epoch
            self.state = self.call(self.state, (self.inputs[:count], self.targets[:count]))
        else:
            self.run(self.problem.epoch)
        first = (lambda values: values) if self.networks is None else (lambda values: values[0])
        return [(first(np.asarray(weights)), first(np.asarray(biases))) for weights, biases in self.state[0]]


if __name__ == "__main__":
    way = sys.argv[2]
    serve(lambda problem: JaxSteps(problem, way != "jit", NETWORKS if way == "vmap" else None))
