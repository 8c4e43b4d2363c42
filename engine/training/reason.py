"""Reason: why a training ended, as a stable code with parameters and an English sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The English sentence of each code, with its parameters as placeholders.
_EARLY = "the {monitor} has not improved for {patience:,} epochs (best {best:.4g} at epoch {best_epoch:,})"
_RESTORED = "; the weights of that epoch were restored"
ENDINGS = {
    "epochs_done": "all {epochs:,} epochs are done",
    "steps_done": "all {steps:,} steps are done",
    "early_stopping": f"early stopping: {_EARLY}",
    "early_stopping_restored": f"early stopping: {_EARLY}{_RESTORED}",
    "plateau": f"plateau: {_EARLY}",
    "plateau_restored": f"plateau: {_EARLY}{_RESTORED}",
    "loss_diverged": "the loss was no longer finite at step {step:,}; the state before it is kept",
    "policy_diverged": "the policy was no longer finite at step {step:,}; the state before it is kept",
    "weights_diverged": "the weights were no longer finite at step {step:,}",
}


@dataclass(frozen=True)
class Reason:
    """Why a run has its status.

    `code` and `parameters` are for programs that compose their own sentence, `text` is English. `code` is
    None for a reason that a version without codes recorded.
    """

    code: str | None
    text: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def ending(code: str, **parameters: float | str) -> Reason:
    """Returns the reason for a code of ENDINGS."""
    values = {name: value.replace("_", " ") if isinstance(value, str) else value
             for name, value in parameters.items()}  # fmt: skip
    return Reason(code, ENDINGS[code].format_map(values), parameters)
