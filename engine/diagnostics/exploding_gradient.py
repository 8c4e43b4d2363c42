"""Exploding gradient: dE/dz grows from layer to layer in the backward pass."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import NEW_WEIGHTS, Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts

MIN_RATIO = 100.0  # to dE/dz of the output layer
MIN_SIZE = 1.0  # of dE/dz: large ratios of small values do no harm


def check(facts: Facts) -> Iterator[Finding]:
    """The hidden layer with the largest dE/dz, if it is above both bounds."""
    ratios = facts.delta_ratios
    if ratios and max(ratios) > MIN_RATIO and max(layer.delta for layer in facts.hidden) > MIN_SIZE:
        remedy = Remedy(
            "new_weights_and_clip",
            "Start with weights that fit the activation, and clip the gradient to length 1.",
            {"optimizer": {"clip_norm": 1.0}, **NEW_WEIGHTS},
        )
        yield Finding(max(ratios), {"ratio": max(ratios)}, remedy, ratios.index(max(ratios)))


EXPLODING_GRADIENT = Diagnosis(
    f"The root mean square of dE/dz in a hidden layer is above {MIN_SIZE:g} and above {MIN_RATIO:g} times "
    "that of the output layer.",
    check,
    bounds={"ratio": MIN_RATIO, "size": MIN_SIZE},
)
