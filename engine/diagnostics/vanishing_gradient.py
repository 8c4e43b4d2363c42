"""Vanishing gradient: dE/dz shrinks from layer to layer in the backward pass."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import Diagnosis, Finding, use_activation
from engine.diagnostics.facts import Facts

MAX_RATIO = 1e-3
VERY_DEEP = 40  # layers above which swish is suggested instead of relu


def check(facts: Facts) -> Iterator[Finding]:
    """The hidden layer with the smallest dE/dz, if it is below MAX_RATIO times that of the output layer."""
    ratios = facts.delta_ratios
    if ratios and min(ratios) < MAX_RATIO:
        name = "swish" if len(facts.layers) > VERY_DEEP else "relu"
        remedy = use_activation(facts.config, name, "its derivative is not small for positive inputs")
        yield Finding(min(ratios), {"ratio": min(ratios)}, remedy, ratios.index(min(ratios)))


VANISHING_GRADIENT = Diagnosis(
    f"The root mean square of dE/dz in a hidden layer is below {MAX_RATIO:g} of that of the output layer.",
    check,
    bounds={"ratio": MAX_RATIO},
)
