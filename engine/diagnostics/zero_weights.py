"""Zero weights: the units of a hidden layer have the same weights, all 0 or another value."""

from collections.abc import Iterator
from typing import Any

from engine.diagnostics.diagnosis import NEW_WEIGHTS, Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts


def check(facts: Facts) -> Iterator[Finding]:
    """Every hidden layer whose units do not differ; its number is the largest weight."""
    for index, layer in enumerate(facts.hidden):
        if layer.largest_weight == 0 or (layer.equal_units and layer.units > 1):
            parameters = {"units": layer.units, "largest": layer.largest_weight}
            yield Finding(layer.largest_weight, parameters, _remedy(facts), index)


def _remedy(facts: Facts) -> Remedy:
    changes: dict[str, Any] = dict(NEW_WEIGHTS)
    if facts.config.initializer.name not in ("zeros", "constant"):
        changes |= {"seed": facts.config.seed + 1}
    text = "Start with random weights that fit the activation: equal units have equal gradients."
    return Remedy("new_weights", text, changes)


ZERO_WEIGHTS = Diagnosis(
    "All units of a hidden layer have the same weights, for example 0 (the number is the largest weight): "
    "their gradients are equal too.",
    check,
)
