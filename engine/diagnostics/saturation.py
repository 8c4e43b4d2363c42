"""Saturation: values at the flat ends of sigmoid or tanh."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import NEW_WEIGHTS, Diagnosis, Finding, Remedy, use_activation
from engine.diagnostics.facts import Facts

SATURATED = 0.8
LOSS = 0.5  # of the baseline; a network that has learned its task may saturate
BOUNDED = ("sigmoid", "tanh")


def check(facts: Facts) -> Iterator[Finding]:
    """Every hidden sigmoid or tanh layer with enough saturated values, while the loss is high."""
    for index, layer in enumerate(facts.hidden):
        saturated = layer.saturated >= SATURATED and facts.loss >= LOSS * facts.baseline
        if layer.activation in BOUNDED and saturated:
            parameters = {"saturated_percent": 100 * layer.saturated}
            yield Finding(layer.saturated, parameters, _remedy(facts, index), index)


def _remedy(facts: Facts, index: int) -> Remedy:
    if index == 0 and not facts.config.dataset.standardize:
        return Remedy(
            "standardize",
            "Standardise the inputs: large inputs make large sums in the first layer.",
            {"dataset": {"standardize": True}, **NEW_WEIGHTS},
        )
    return use_activation(facts.config, "relu", "it does not saturate above zero", index)


SATURATION = Diagnosis(
    f"At least {SATURATED:.0%} of the values of a hidden sigmoid or tanh layer lie where |f′| is below 0.05, "
    f"and the training loss is at least {LOSS:.0%} of that of predicting the mean.",
    check,
    bounds={"saturated_percent": 100 * SATURATED, "loss_percent": 100 * LOSS},
)
