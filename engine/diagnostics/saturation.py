"""Saturation: values where the slope of sigmoid or tanh is close to 0."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import NEW_WEIGHTS, Diagnosis, Finding, Remedy, use_activation
from engine.diagnostics.facts import Facts

MIN_SATURATED = 0.8
MIN_LOSS = 0.5  # of the baseline; a trained network may saturate without harm
BOUNDED = ("sigmoid", "tanh")


def check(facts: Facts) -> Iterator[Finding]:
    """Every hidden sigmoid or tanh layer with enough saturated values, if the loss is high."""
    for index, layer in enumerate(facts.hidden):
        saturated = layer.saturated >= MIN_SATURATED and facts.loss >= MIN_LOSS * facts.baseline
        if layer.activation in BOUNDED and saturated:
            parameters = {"saturated_percent": 100 * layer.saturated}
            yield Finding(layer.saturated, parameters, _remedy(facts, index), index)


def _remedy(facts: Facts, index: int) -> Remedy:
    if index == 0 and not facts.config.dataset.standardize:
        return Remedy(
            "standardize",
            "Standardise the inputs: large inputs cause large weighted sums in the first layer.",
            {"dataset": {"standardize": True}, **NEW_WEIGHTS},
        )
    return use_activation(facts.config, "relu", "it does not saturate above zero", index)


SATURATION = Diagnosis(
    f"At least {MIN_SATURATED:.0%} of the values of a hidden sigmoid or tanh layer lie where |f′| is below "
    f"0.05, and the training loss is at least {MIN_LOSS:.0%} of that of predicting the mean.",
    check,
    bounds={"saturated_percent": 100 * MIN_SATURATED, "loss_percent": 100 * MIN_LOSS},
)
