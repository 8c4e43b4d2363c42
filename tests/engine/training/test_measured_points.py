"""Measured points: losses and metrics compared with a plain forward pass, and the measured steps."""

from typing import Any

import numpy as np
import pytest

from engine.layers.activations import value
from engine.training.measured_points import MeasurementSchedule


def test_measurements_do_not_use_dropout(make: Any) -> None:
    trainer = make(layers=[{"units": 50, "dropout": 0.3}])
    trainer.advance(1)
    assert trainer.measure() == trainer.measure()


def test_measured_losses_equal_a_plain_forward_pass(make: Any) -> None:
    trainer = make(dtype="float64", l1=0.01, l2=0.02)
    trainer.advance(40)
    point = trainer.measure()
    w1, w2 = (layer.matrix(trainer.state.theta) for layer in trainer.network.layers)
    for name in ("train", "test"):
        part = getattr(trainer.data, name)
        hidden = np.tanh(part.inputs @ w1[:-1] + w1[-1])
        p = value("sigmoid", hidden @ w2[:-1] + w2[-1])
        loss = -(part.targets * np.log(p) + (1 - part.targets) * np.log(1 - p)).mean()
        assert point[f"{name}_loss"] == pytest.approx(loss)
        assert point["metrics"][f"{name}_accuracy"] == np.mean((p[:, 0] >= 0.5) == part.truth)
    weights = np.concatenate([w1[:-1].ravel(), w2[:-1].ravel()])
    assert point["penalty"] == pytest.approx(0.01 * np.abs(weights).sum() + 0.01 * (weights**2).sum())
    assert point["validation_loss"] is None


def test_at_most_2000_points_of_a_part_are_measured(make: Any) -> None:
    trainer = make(dataset={"name": "circle", "samples": 9000})
    assert trainer.measured_sizes() == {"train": 2000, "validation": 0, "test": 2000}


def test_the_spacing_of_measured_steps_grows_and_depends_only_on_the_step() -> None:
    schedule = MeasurementSchedule(500, 32)
    steps, step = [0], 0
    while step < 2_000_000:
        step = schedule.next_after(step)
        steps.append(step)
    assert steps[:33] == list(range(33))
    assert all(step % schedule.spacing(step) == 0 for step in steps)
    assert all(b - a <= schedule.spacing(b) for a, b in zip(steps, steps[1:], strict=False))
    assert len(steps) < 20_000
    for start in (0, 5, 100, 4097, 123_456):
        assert schedule.next_after(start) == min(s for s in steps if s > start)
