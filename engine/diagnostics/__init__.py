"""Diagnoses: rules that detect problems of a training, one per module, collected in `DIAGNOSES`."""

from typing import Any

from engine.diagnostics.diagnosis import Diagnosis, Finding
from engine.diagnostics.divergence import DIVERGENCE
from engine.diagnostics.dying_relu import DYING_RELU
from engine.diagnostics.exploding_gradient import EXPLODING_GRADIENT
from engine.diagnostics.facts import Facts, LayerFacts, Trajectory
from engine.diagnostics.learning_rate_too_high import LEARNING_RATE_TOO_HIGH
from engine.diagnostics.learning_rate_too_low import LEARNING_RATE_TOO_LOW
from engine.diagnostics.majority_guess import MAJORITY_GUESS
from engine.diagnostics.no_nonlinearity import NO_NONLINEARITY
from engine.diagnostics.output_mismatch import OUTPUT_MISMATCH
from engine.diagnostics.overfitting import OVERFITTING
from engine.diagnostics.plateau import PLATEAU
from engine.diagnostics.saturation import SATURATION
from engine.diagnostics.strong_penalty import STRONG_PENALTY
from engine.diagnostics.vanishing_gradient import VANISHING_GRADIENT
from engine.diagnostics.zero_weights import ZERO_WEIGHTS

__all__ = ["DIAGNOSES", "Diagnosis", "Facts", "LayerFacts", "Trajectory", "diagnose"]

# The most important first: causes before what follows from them.
DIAGNOSES: dict[str, Diagnosis] = {
    "divergence": DIVERGENCE,
    "zero_weights": ZERO_WEIGHTS,
    "strong_penalty": STRONG_PENALTY,
    "output_mismatch": OUTPUT_MISMATCH,
    "no_nonlinearity": NO_NONLINEARITY,
    "learning_rate_too_high": LEARNING_RATE_TOO_HIGH,
    "exploding_gradient": EXPLODING_GRADIENT,
    "dying_relu": DYING_RELU,
    "vanishing_gradient": VANISHING_GRADIENT,
    "saturation": SATURATION,
    "learning_rate_too_low": LEARNING_RATE_TOO_LOW,
    "overfitting": OVERFITTING,
    "majority_guess": MAJORITY_GUESS,
    "plateau": PLATEAU,
}

# Titles that differ from the name in sentence case.
TITLES = {"dying_relu": "Dying ReLU", "no_nonlinearity": "No non-linearity"}


def diagnose(facts: Facts) -> list[dict[str, Any]]:
    """The findings of all rules: `name`, `layer` or None, `since` or None, `number`, `parameters`, and a
    `suggestion` whose `changes` are a partial configuration; `title`, `rule` and `text` are English.

    The most important are first, in the order of `DIAGNOSES`.

    Rules that need recorded points find nothing without them.
    """
    return [
        _described(name, diagnosis, finding)
        for name, diagnosis in DIAGNOSES.items()
        if facts.data.task in diagnosis.applies_to
        for finding in diagnosis.check(facts)
    ]


def _described(name: str, diagnosis: Diagnosis, finding: Finding) -> dict[str, Any]:
    remedy = finding.remedy
    return {
        "name": name,
        "title": TITLES.get(name, name.replace("_", " ").capitalize()),
        "layer": finding.layer,
        "since": finding.since,
        "number": finding.number,
        "parameters": dict(finding.parameters),
        "rule": diagnosis.rule,
        "suggestion": {
            "name": remedy.name,
            "parameters": dict(remedy.parameters),
            "text": remedy.text,
            "changes": remedy.changes,
        },
    }
