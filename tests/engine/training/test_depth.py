"""Training of very deep networks, with 50 to 128 layers, and of very wide ones."""

from typing import Any

import pytest

EPOCHS = 300  # stated in docs/performance.md


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    ("depth", "activation", "initializer", "rate"),
    [(50, "tanh", "orthogonal", 0.001), (100, "relu", "he_normal", 0.0003)],
)
def test_a_very_deep_network_reaches_90_percent_on_moons(
    make: Any, depth: int, activation: str, initializer: str, rate: float, seed: int
) -> None:
    trainer = make(
        dataset={"name": "moons", "samples": 500},
        layers=[{"units": 16, "activation": activation}] * depth,
        initializer={"name": initializer},
        optimizer={"name": "adam", "learning_rate": rate},
        epochs=EPOCHS,
        seed=seed,
    )
    while trainer.measure()["metrics"]["test_accuracy"] < 0.9:
        assert trainer.advance(trainer.epoch_steps()).ended is None, "not reached in the configured epochs"


def test_a_network_of_the_maximum_depth_can_be_trained(make: Any) -> None:
    trainer = make(layers=[{"units": 8, "activation": "swish"}] * 128)
    assert trainer.advance(3).steps == 3


def test_layers_of_the_maximum_width_can_be_trained(make: Any) -> None:
    trainer = make(layers=[{"units": 1024, "activation": "relu"}, {"units": 1024}])
    assert trainer.advance(1).steps == 1
