"""Optimizers compared with independent implementations of the published formulas."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.operations import LoopVariable, Recorder
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.training.compiled.update import GRADIENT_RATE, RATES, record_clipping

STEPS, SIZE = 30, 5
MASK = np.array([1.0, 1.0, 1.0, 0.0, 0.0])  # weights and biases


class Textbook:
    """The update rules for one parameter, in the form of the papers."""

    def __init__(self, **numbers: float) -> None:
        self.n = numbers
        self.a = [0.0] * SIZE
        self.b = [0.0] * SIZE
        self.t = 0

    def sgd(self, i: int, w: float, g: float) -> float:
        return w - self.n["learning_rate"] * g

    def perceptron(self, i: int, w: float, g: float) -> float:
        self.a[i] += abs(g)
        return w - self.n["learning_rate"] * g

    def momentum(self, i: int, w: float, g: float) -> float:
        self.a[i] = self.n["momentum"] * self.a[i] - self.n["learning_rate"] * g
        return w + self.a[i]

    def nesterov(self, i: int, w: float, g: float) -> float:
        self.a[i] = self.n["momentum"] * self.a[i] - self.n["learning_rate"] * g
        return w + self.n["momentum"] * self.a[i] - self.n["learning_rate"] * g

    def rmsprop(self, i: int, w: float, g: float) -> float:
        self.a[i] = self.n["rho"] * self.a[i] + (1 - self.n["rho"]) * g * g
        return w - self.n["learning_rate"] * g / (math.sqrt(self.a[i]) + self.n["epsilon"])

    def adagrad(self, i: int, w: float, g: float) -> float:
        self.a[i] += g * g
        return w - self.n["learning_rate"] * g / (math.sqrt(self.a[i]) + self.n["epsilon"])

    def adam(self, i: int, w: float, g: float) -> float:
        b1, b2 = self.n["beta_1"], self.n["beta_2"]
        self.a[i] = b1 * self.a[i] + (1 - b1) * g
        self.b[i] = b2 * self.b[i] + (1 - b2) * g * g
        m_hat, v_hat = self.a[i] / (1 - b1 ** (self.t + 1)), self.b[i] / (1 - b2 ** (self.t + 1))
        return w - self.n["learning_rate"] * m_hat / (math.sqrt(v_hat) + self.n["epsilon"])

    def adamw(self, i: int, w: float, g: float) -> float:
        decayed = w - self.n["learning_rate"] * self.n["weight_decay"] * w * MASK[i]
        return self.adam(i, decayed, g)


def recorded_updates(
    name: str, numbers: dict[str, Any], gradients: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Returns the parameters after each step of the recorded update, (steps, size)."""
    optimizer = OPTIMIZERS[name]
    xp, theta, g = Recorder(np.dtype(float)), start.copy(), np.zeros(SIZE)
    state = [np.zeros(SIZE) for _ in range(optimizer.state_vectors)]
    optimizer.update(xp, theta, g, state, numbers | {"weights": MASK}, RATES)
    run = xp.compile((LoopVariable("iteration").name, *(rate.name for rate in RATES)))
    t = np.arange(STEPS, dtype=float)
    rates = optimizer.rates(t, np.full(STEPS, numbers["learning_rate"]), numbers)
    history = []
    for step, gradient in enumerate(gradients):
        g[:] = gradient * (numbers["learning_rate"] if optimizer.rate_in_gradient else 1)
        current = [np.array(r[step]) for r in rates] + [np.array(1.0)] * (len(RATES) - len(rates))
        run((0,), *((value,) for value in current))
        history.append(theta.copy())
    return np.array(history)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_follows_its_published_formula(name: str) -> None:
    rng = np.random.default_rng(4)
    gradients, start = rng.normal(size=(STEPS, SIZE)), rng.normal(size=SIZE)
    numbers = {key: p.default for key, p in OPTIMIZERS[name].parameters.items()} | {"learning_rate": 0.05}
    textbook, w, expected = Textbook(**numbers), list(start), []
    rule: Callable[[int, float, float], float] = getattr(textbook, name)
    for gradient in gradients:
        w = [rule(i, w[i], float(gradient[i])) for i in range(SIZE)]
        textbook.t += 1
        expected.append(w)
    assert recorded_updates(name, numbers, gradients, start) == pytest.approx(
        np.array(expected), rel=1e-10, abs=1e-12
    )


T = np.array([0.0, 1.0, 49.0, 50.0, 99.0, 100.0, 1000.0])
SCHEDULED = {
    "constant": lambda t: 1.0,
    "step": lambda t: 0.5 ** (t // 50),
    "exponential": lambda t: 0.5 ** (t / 50),
    "cosine": lambda t: 0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * min(t, 50) / 50)),
    "linear_warmup": lambda t: min(1.0, (t + 1) / 50),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_follows_its_formula(name: str) -> None:
    numbers = {"decay_steps": 50, "decay_rate": 0.5, "alpha": 0.1, "warmup_steps": 50}
    assert SCHEDULES[name].factor(T, numbers) == pytest.approx([SCHEDULED[name](t) for t in T])


def test_a_schedule_changes_the_steps_of_a_training(make: Any) -> None:
    common = {"name": "sgd", "learning_rate": 0.1}
    constant, warmup = (
        make(optimizer=common, dtype="float64"),
        make(optimizer=common | {"schedule": {"name": "linear_warmup", "warmup_steps": 10}}, dtype="float64"),
    )
    start = constant.state.theta.copy()
    constant.advance(1)
    warmup.advance(1)
    assert warmup.state.theta - start == pytest.approx((constant.state.theta - start) / 10, rel=1e-9)
    assert warmup.learning_rate() == pytest.approx(0.02)


def test_clipping_scales_the_gradient_to_the_norm(make: Any) -> None:
    optimizer = {"name": "sgd", "learning_rate": 0.5, "clip_norm": 0.001}
    trainer = make(optimizer=optimizer, dtype="float64")
    start = trainer.state.theta.copy()
    trainer.advance(1)
    assert np.linalg.norm(trainer.state.theta - start) == pytest.approx(0.5 * 0.001)


def test_a_clip_norm_above_the_norm_of_the_gradient_changes_nothing(make: Any) -> None:
    optimizer = {"name": "sgd", "learning_rate": 0.5}
    clipped = make(optimizer=optimizer | {"clip_norm": 1e6}, dtype="float64")
    unclipped = make(optimizer=optimizer | {"clip_norm": None}, dtype="float64")
    clipped.advance(5)
    unclipped.advance(5)
    assert clipped.state.theta == pytest.approx(unclipped.state.theta, abs=1e-14)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "adam"])
def test_clipping_with_a_learning_rate_of_zero_stays_finite(make: Any, name: str) -> None:
    optimizer = {"name": name, "clip_norm": 1.0, "schedule": {"name": "cosine", "decay_steps": 10}}
    trainer = make(optimizer=optimizer)
    trainer.advance(11)
    assert trainer.learning_rate() == 0 and trainer.advance(5).ended is None
    assert np.isfinite(trainer.state.memory).all()


@pytest.mark.parametrize("size", [1e-25, 1.0, 1e25])
def test_clipping_is_correct_if_squares_of_the_gradient_overflow_or_underflow(size: float) -> None:
    theta = np.zeros(2, np.float32)
    gradient = np.array([-3 * size, 4 * size], np.float32)
    xp = Recorder(theta.dtype)
    record_clipping(xp, gradient, 0.5)
    xp.compile((GRADIENT_RATE.name,))((np.float32(1),))
    assert gradient == pytest.approx(np.array([-0.3, 0.4]) if size >= 1 else [-3e-25, 4e-25])


def test_the_perceptron_rule_changes_weights_only_at_mistakes(make: Any) -> None:
    trainer = make(
        dataset={"name": "gate_and"},
        layers=[],
        optimizer={"name": "perceptron", "learning_rate": 1.0},
        initializer={"name": "zeros"},
        batch_size=1,
        epochs=100,
    )
    weights, bias = np.zeros(2), 0.0
    part = trainer.data.train
    for _ in range(40):
        trainer.advance(1)
        row = trainer.state.order[(trainer.state.step - 1) % 4]
        x, target = part.inputs[row], part.targets[row, 0]
        output = 1.0 if x @ weights + bias >= 0 else 0.0
        weights, bias = weights + (target - output) * x, bias + (target - output)
        assert trainer.state.theta == pytest.approx([*weights, bias])
    assert trainer.measure()["metrics"]["train_accuracy"] == 1
