"""Remedies that several diagnoses share. `make scores` tries every remedy (`benchmarks/remedies.py`)."""

from typing import Any

from engine.config.models import ExamplesConfig
from engine.diagnostics.diagnosis import NEW_WEIGHTS, Remedy, activation_changes
from engine.optimizers import OPTIMIZERS

SLOW = ("sgd", "adagrad")
BOUNDED = ("sigmoid", "tanh", "step", "softmax")
MAX_UNITS = 1024


def faster_learning(config: ExamplesConfig) -> Remedy:
    """For a loss that does not fall, the first that applies: a hidden layer, Adam, ReLU in place of bounded
    activations in deep networks, more units.
    """
    if not config.layers:
        return _hidden_layer(config)
    if config.optimizer.name in SLOW:
        return _adam()
    if len(config.layers) > 1 and any(layer.activation in BOUNDED for layer in config.layers):
        text = "Use relu in all hidden layers: its derivative is not small for positive inputs."
        changes = activation_changes(config, "relu") | NEW_WEIGHTS
        return Remedy("use_activation", text, changes, {"activation": "relu"})
    wider = [{"units": min(MAX_UNITS, 2 * layer.units)} for layer in config.layers]
    text = "Double the units of the hidden layers: the network may be too small."
    return Remedy("double_units", text, {"layers": wider})


def _hidden_layer(config: ExamplesConfig) -> Remedy:
    changes: dict[str, Any] = {"layers": [{"units": 8}]}
    if OPTIMIZERS[config.optimizer.name].perceptron_rule:  # it trains a single layer of step units
        automatic = {"output_activation": "auto", "loss": {"name": "auto", "delta": None}}
        changes |= {"optimizer": _adam_changes(), **automatic}
    return Remedy("add_layer", "Add a hidden layer: a single layer may be too small.", changes)


def _adam() -> Remedy:
    text = "Use Adam: it adapts its steps where gradients are small."
    return Remedy("use_adam", text, {"optimizer": _adam_changes()})


def _adam_changes() -> dict[str, Any]:
    others = dict.fromkeys(("momentum", "beta_1", "beta_2", "rho", "epsilon", "weight_decay"))
    return {"name": "adam", "learning_rate": OPTIMIZERS["adam"].parameters["learning_rate"].default, **others}
