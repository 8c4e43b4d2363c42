"""Vanishing gradient: dE/dz shrinks from layer to layer in the backward pass."""

from collections.abc import Iterator

from engine.config.models import ExamplesConfig
from engine.diagnostics import dying_relu
from engine.diagnostics.diagnosis import (
    NEW_WEIGHTS,
    Diagnosis,
    Finding,
    Remedy,
    activation_changes,
    learning_rate_changes,
    use_activation,
)
from engine.diagnostics.facts import Facts

MAX_RATIO = 1e-3
VERY_DEEP = 40  # layers above which SELU with a lower learning rate is suggested instead of ReLU


def check(facts: Facts) -> Iterator[Finding]:
    """Every hidden layer whose dE/dz is below MAX_RATIO times that of the output layer; none where dead ReLU
    units are the reason.
    """
    if next(dying_relu.check(facts), None):
        return
    for index, ratio in enumerate(facts.delta_ratios):
        if ratio < MAX_RATIO:
            yield Finding(ratio, {"ratio": ratio}, _remedy(facts.config), index)


def _remedy(config: ExamplesConfig) -> Remedy:
    if len(config.layers) >= VERY_DEEP:
        changes = learning_rate_changes(config, 0.1)
        rate = changes["optimizer"]["learning_rate"]
        changes |= activation_changes(config, "selu") | NEW_WEIGHTS
        text = f"Use selu in all hidden layers, and a tenth of the learning rate, {rate:g}."
        return Remedy("use_selu_slowly", text, changes, {"activation": "selu", "rate": rate})
    name = "leaky_relu" if all(layer.activation == "relu" for layer in config.layers) else "relu"
    return use_activation(config, name, "its derivative is not small for positive inputs")


VANISHING_GRADIENT = Diagnosis(
    f"The root mean square of dE/dz in a hidden layer is below {MAX_RATIO:g} of that of the output layer.",
    check,
    bounds={"ratio": MAX_RATIO},
)
