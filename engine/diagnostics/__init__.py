"""Diagnoses: named illnesses of a training, each a rule with its bounds, all in one dict."""

from typing import Any

from engine.diagnostics.facts import Diagnosis, Facts, LayerFacts, Way
from engine.diagnostics.layer_rules import LAYERS
from engine.diagnostics.trajectory_rules import WAY

__all__ = ["DIAGNOSES", "Diagnosis", "Facts", "LayerFacts", "Way", "diagnose"]

DIAGNOSES: dict[str, Diagnosis] = {**LAYERS, **WAY}


def diagnose(facts: Facts) -> list[dict[str, Any]]:
    """What all rules found: `name`, `title`, `layer` or None, `number`, `rule` and a `suggestion` whose
    `changes` are a partial configuration. Rules about the way find nothing where it is not at hand.
    """
    return [
        {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "layer": found.layer,
            "number": found.number,
            "rule": diagnosis.rule,
            "suggestion": {"text": found.text, "changes": found.changes},
        }
        for name, diagnosis in DIAGNOSES.items()
        if facts.data.task in diagnosis.applies_to
        for found in diagnosis.judge(facts)
    ]
