"""No non-linearity: all hidden layers are linear."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import Diagnosis, Finding, use_activation
from engine.diagnostics.facts import Facts


def check(facts: Facts) -> Iterator[Finding]:
    """One finding if there are hidden layers and all are linear."""
    count = len(facts.hidden)
    if count and all(layer.activation == "linear" for layer in facts.hidden):
        remedy = use_activation(facts.config, "tanh", "a non-linear activation makes depth useful")
        yield Finding(float(count), {"count": count}, remedy)


NO_NONLINEARITY = Diagnosis(
    "All hidden layers are linear (the number counts them): together they equal one linear layer.",
    check,
)
