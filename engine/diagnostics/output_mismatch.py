"""Output mismatch: the output activation or the loss does not fit the task."""

from collections.abc import Iterator

from engine.analysis.output_ranges import OUTPUT_RANGES
from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy
from engine.diagnostics.facts import Facts
from engine.tasks.task import mismatches

FIELDS = ("output_activation", "loss.name")


def check(facts: Facts) -> Iterator[Finding]:
    """The first mismatch of output activation or loss that the configuration is warned about."""
    messages = {found.field: found.message for found in mismatches(facts.data.task, facts.config)}
    field = next((name for name in FIELDS if name in messages), None)
    if field is not None:
        unreachable = _unreachable(facts)
        parameters: dict[str, float | str] = {
            "activation": facts.config.output_activation,
            "loss": facts.config.loss.name,
            "unreachable_percent": 100 * unreachable,
        }
        changes = {"output_activation": "auto", "loss": {"name": "auto", "delta": None}}
        remedy = Remedy("automatic_output", messages[field], changes)
        yield Finding(unreachable, parameters, remedy, len(facts.layers) - 1)


def _unreachable(facts: Facts) -> float:
    """The fraction of training targets outside the range of the output activation."""
    low, high = OUTPUT_RANGES.get(facts.config.output_activation, (float("-inf"), float("inf")))
    targets = facts.data.train.targets
    return float(((targets < low) | (targets > high)).mean())


OUTPUT_MISMATCH = Diagnosis(
    "Output activation or loss does not fit the task; the number is the fraction of targets that the outputs "
    "cannot reach.",
    check,
)
