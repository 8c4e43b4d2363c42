"""The configuration of the perceptron rule, with which two lessons train a single unit."""

from typing import Any

PERCEPTRON_RULE: dict[str, Any] = {
    "layers": [],
    "optimizer": {"name": "perceptron", "learning_rate": 1.0},
    "initializer": {"name": "zeros"},
    "batch_size": 1,
    "epochs": 1_000_000,
}
