"""Majority guess: the network is no better than guessing the most frequent class."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.config.models import ExamplesConfig
from engine.diagnostics.diagnosis import Diagnosis, Finding, Remedy, use_activation
from engine.diagnostics.facts import Facts
from engine.diagnostics.remedies import faster_learning

MIN_STEPS = 500
CLASSES = ("binary", "multiclass")


def check(facts: Facts) -> Iterator[Finding]:
    """One finding; its number is the share of the training points whose class is predicted correctly."""
    trajectory, accuracy = facts.trajectory, facts.accuracy
    if accuracy is None or trajectory is None or not trajectory.covers(MIN_STEPS):
        return
    counts = np.unique(facts.data.train.truth, return_counts=True)[1]
    share = float(counts.max() / counts.sum())
    if len(counts) > 1 and accuracy <= share:
        parameters = {"accuracy_percent": 100 * accuracy, "frequent_percent": 100 * share}
        yield Finding(accuracy, parameters, _remedy(facts.config))


def _remedy(config: ExamplesConfig) -> Remedy:
    """That for a loss that does not fall; more units do not help, but units with a gradient everywhere do."""
    remedy = faster_learning(config)
    if remedy.name != "double_units":
        return remedy
    name = "tanh" if any(layer.activation == "leaky_relu" for layer in config.layers) else "leaky_relu"
    remedy = use_activation(config, name, "every unit has a gradient")
    initializer = {"initializer": {"name": "auto", "scale": None, "bias": 0}}
    return replace(remedy, changes=remedy.changes | initializer)


MAJORITY_GUESS = Diagnosis(
    f"After {MIN_STEPS} steps the network predicts no more training points correctly than a guess of the "
    "most frequent class for every point.",
    check,
    bounds={"steps": MIN_STEPS},
    needs_path=True,
    applies_to=CLASSES,
)
