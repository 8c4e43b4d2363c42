"""Exploding gradient: the error grows on its way back through the layers."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import NEW_WEIGHTS, Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts

RATIO = 100.0  # to the output layer's
SIZE = 1.0  # small values may differ widely without harm


def check(facts: Facts) -> Iterator[Finding]:
    """The hidden layer with the largest dE/dz, if it is above both bounds."""
    ratios = facts.delta_ratios
    if ratios and max(ratios) > RATIO and max(layer.delta for layer in facts.hidden) > SIZE:
        remedy = Remedy(
            "new_weights_and_clip",
            "Start with weights that fit the activation, and clip the gradient to length 1.",
            {"optimizer": {"clip_norm": 1.0}, **NEW_WEIGHTS},
        )
        yield Finding(max(ratios), {"ratio": max(ratios)}, remedy, ratios.index(max(ratios)))


EXPLODING_GRADIENT = Diagnosis(
    f"The root mean square of dE/dz in a hidden layer is above {SIZE:g} and above {RATIO:g} times that of "
    "the output layer.",
    check,
    bounds={"ratio": RATIO, "size": SIZE},
)
