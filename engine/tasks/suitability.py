"""Warnings about settings that are allowed but unsuitable, as stable codes with English messages."""

import dataclasses
from collections.abc import Mapping
from typing import Any

# The English message of each code, with its parameters as placeholders.
MESSAGES = {
    "unsuitable_output": "{activation} outputs do not suit a {task} task; use {suitable}.",
    "unbounded_output": "Linear outputs are not probabilities: they can be below 0 or above 1.",
    "clipped_output": "{loss} expects {activation} outputs; others are clipped to 0..1.",
    "true_class_only": "It depends on the true class only: with independent outputs, no other output "
    "is lowered.",
    "zero_gradient": "The gradient of a step is zero everywhere: no layer before it can learn.",
    "all_linear": "Without a non-linearity all layers together are one linear layer.",
    "large_learning_rate": "{rate} is {factor:,} times the default of {optimizer} ({default}).",
    "few_rows": "With {train} rows to train on and {test} to test, the score depends on which ones these "
    "are: repeat the run with other seeds of the data.",
    "no_bottleneck": "No layer is narrower than the input, so that the network can copy it.",
    "no_baseline": "Every episode has its own initial state and is its own baseline: all advantages are 0.",
}


@dataclasses.dataclass(frozen=True)
class Unsuitable:
    """A setting that is allowed but unsuitable: its field, and a code of MESSAGES with parameters."""

    field: str
    code: str
    parameters: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English message."""
        values = {
            name: " or ".join(value) if isinstance(value, tuple) else value
            for name, value in self.parameters.items()
        }
        return MESSAGES[self.code].format_map(values)

    def describe(self) -> dict[str, Any]:
        """The warning as an item of the list `warnings` of a run."""
        return {
            "field": self.field, "message": self.message, "code": self.code,
            "parameters": dict(self.parameters),
        }  # fmt: skip
