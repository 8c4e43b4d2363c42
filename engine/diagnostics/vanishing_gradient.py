"""Vanishing gradient: the error shrinks on its way back through the layers."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import Diagnosis, Finding, use_activation
from engine.diagnostics.facts import Facts

RATIO = 1e-3
VERY_DEEP = 40  # layers above which swish is proposed instead of relu


def check(facts: Facts) -> Iterator[Finding]:
    """The hidden layer with the smallest dE/dz, if that is below RATIO of the output layer's."""
    ratios = facts.delta_ratios
    if ratios and min(ratios) < RATIO:
        name = "swish" if len(facts.layers) > VERY_DEEP else "relu"
        remedy = use_activation(facts.config, name, "its slope does not shrink the error on its way back")
        yield Finding(min(ratios), {"ratio": min(ratios)}, remedy, ratios.index(min(ratios)))


VANISHING_GRADIENT = Diagnosis(
    f"The root mean square of dE/dz in a hidden layer is below {RATIO:g} of that of the output layer.",
    check,
    bounds={"ratio": RATIO},
)
