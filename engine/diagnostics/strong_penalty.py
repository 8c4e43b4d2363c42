"""Strong penalty: the gradient of the penalties l1 and l2 outweighs that of the loss."""

from collections.abc import Iterator

from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts

MIN_RATIO = 0.5  # of the norm of the penalty's gradient to that of the loss
MIN_LOSS = 0.9  # of the baseline


def check(facts: Facts) -> Iterator[Finding]:
    """One finding; its number is the norm of the gradient of the penalties / that of the training loss."""
    ratio = facts.penalty_ratio
    if ratio >= MIN_RATIO and facts.loss >= MIN_LOSS * facts.baseline:
        parameters = {"ratio": ratio, "loss_percent": 100 * facts.loss / facts.baseline}
        remedy = Remedy("no_penalty", "Set l1 and l2 to 0: they hold the weights near 0.", {"l1": 0, "l2": 0})
        yield Finding(ratio, parameters, remedy)


STRONG_PENALTY = Diagnosis(
    f"The norm of the gradient of the penalties l1 and l2 is at least {MIN_RATIO:g} times that of the "
    f"training loss, which is at least {MIN_LOSS:.0%} of that of predicting the mean.",
    check,
    bounds={"ratio": MIN_RATIO, "loss_percent": 100 * MIN_LOSS},
)
