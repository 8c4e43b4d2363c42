"""Dying ReLU: units whose output is 0 for every point, and which therefore have no gradient."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy, activation_changes
from engine.diagnostics.facts import Facts

MIN_DEAD = 0.5  # fraction of the units of a layer


def check(facts: Facts) -> Iterator[Finding]:
    """Every hidden ReLU layer with a fraction of dead units of at least MIN_DEAD."""
    for index, layer in enumerate(facts.hidden):
        if layer.activation == "relu" and layer.dead >= MIN_DEAD:
            remedy = Remedy(
                "leaky_relu",
                "Use leaky ReLU in this layer: its slope below zero gives dead units a gradient.",
                activation_changes(facts.config, "leaky_relu", index),
            )
            yield Finding(layer.dead, {"dead_percent": 100 * layer.dead}, remedy, index)


DYING_RELU = Diagnosis(
    f"At least {MIN_DEAD:.0%} of the units of a ReLU layer have no output above 0 for any training point.",
    check,
    bounds={"dead_percent": 100 * MIN_DEAD},
)
