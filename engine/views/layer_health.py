"""Layer health: values, weights and gradients of each layer, and the diagnoses that follow from them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.analysis.summary import effective_rank, summary
from engine.config.parameter import Parameter
from engine.datasets import Data
from engine.diagnostics import DIAGNOSES, Facts, LayerFacts, Trajectory, diagnose
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.views import passes
from engine.views.activation_histograms import SATURATED
from engine.views.next_update import Update, missing_fields, next_update, rate
from engine.views.options import layer_name
from engine.views.view import Tab, View

RANK_POINTS = 256
RATIO = "length of the step the optimizer would make for the full-batch gradient, against the weights' length"


def compute(
    checkpoint: Checkpoint,
    data: Data,
    options: Mapping[str, Any],
    path: Sequence[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Per layer mean, spread and histogram of z, a, weights, and of the loss's gradients by them.

    Over the first 2,000 training points (fewer for large networks, see `samples`), without dropout and
    penalties. Gradients by weights are those of the mean loss, by activations those of each point. `path` are
    the recorded points; without them the diagnoses that need them are left out (`needs_path`).
    """
    passed = passes.over_training(checkpoint, data)
    samples = passed.inputs.shape[1]
    targets = passes.training_targets(checkpoint, data, samples)
    with np.errstate(all="ignore"):
        loss = float(passes.losses(checkpoint.config, passed, targets).mean(dtype=np.float64))
        gradient = passes.gradient(passed)
        facts = tuple(_facts(passed, index) for index in range(len(passed.network.layers)))
        layers = _layers(checkpoint, passed, gradient, facts, options["bins"])
        trajectory = None if path is None else Trajectory(path)
        diagnoses = diagnose(Facts(checkpoint.config, data, facts, loss, trajectory))
    return {
        "samples": samples,
        "part": "train",
        "loss": loss,
        "gradient_norm": _length(gradient),
        "learning_rate": rate(checkpoint),
        "layers": layers,
        "update": RATIO,
        **missing_fields(checkpoint),
        "diagnoses": diagnoses,
        **_checked(path is None),
    }


def _checked(without_path: bool) -> dict[str, list[str]]:
    """The names of the diagnoses that were checked, and of those that need recorded points."""
    unchecked = [name for name, diagnosis in DIAGNOSES.items() if diagnosis.needs_path and without_path]
    return {"checked": [name for name in DIAGNOSES if name not in unchecked], "needs_path": unchecked}


def _facts(passed: passes.Passed, index: int) -> LayerFacts:
    layer = passed.network.layers[index]
    unmasked, slopes = passed.bare[index], passed.slopes[index]
    if slopes is None:
        slopes = unmasked * (1 - unmasked)  # softmax: the diagonal of its Jacobian
    enabled = layer.enabled(unmasked.dtype)[:, 0] > 0
    deltas = passed.deltas[index]
    return LayerFacts(
        layer.activation,
        layer.units,
        float((unmasked[enabled].max(axis=1) <= 0).mean()) if enabled.any() else 0.0,
        float((np.abs(slopes) < SATURATED).mean()),
        1 - float((np.isfinite(unmasked) & np.isfinite(passed.z[index])).mean()),
        float(np.sqrt(np.square(deltas, dtype=np.float64).mean())),
    )


def _layers(
    checkpoint: Checkpoint,
    passed: passes.Passed,
    gradient: np.ndarray,
    facts: Sequence[LayerFacts],
    bins: int,
) -> list[dict[str, Any]]:
    update = next_update(checkpoint, gradient)
    return [
        {
            **_layer(passed, index, bins),
            **_norms(passed, index, gradient, update, bins),
            "dead": layer.dead,
            "saturated": layer.saturated,
            "nonfinite": layer.nonfinite,
            "nonfinite_values": round(layer.nonfinite * passed.bare[index].size),
            "delta_rms": layer.delta,
        }
        for index, layer in enumerate(facts)
    ]


def _layer(passed: passes.Passed, index: int, bins: int) -> dict[str, Any]:
    layer = passed.network.layers[index]
    return {
        "layer": index,
        "name": layer_name(passed.network, index),
        "activation": layer.activation,
        "units": layer.units,
        "frozen": layer.frozen,
        "activations": summary(passed.a[index], bins),
        "preactivations": summary(passed.z[index], bins),
        "weights": summary(layer.weights(passed.theta), bins),
        "activation_gradients": summary(passed.upstream[index], bins),
        "effective_rank": effective_rank(passed.a[index][:, :RANK_POINTS]),
    }


def _norms(
    passed: passes.Passed, index: int, gradient: np.ndarray, update: Update | None, bins: int
) -> dict[str, Any]:
    """The lengths of the layer's gradient, weights and next update (weights alone), and their ratio."""
    layer = passed.network.layers[index]
    step = None if update is None else _length(layer.weights(update.change))
    length = _length(layer.weights(passed.theta))
    return {
        "weight_gradients": summary(layer.weights(gradient), bins),
        "gradient_norm": _gradient_length(passed.network, index, gradient),
        "weight_norm": length,
        "update_norm": step,
        "update_ratio": None if step is None else step / length if length else float("nan"),
    }


def _gradient_length(network: Network, index: int, gradient: np.ndarray) -> float:
    layer = network.layers[index]
    return _length(np.concatenate([values.ravel() for values in layer.parameters(gradient).values()]))


def _length(values: np.ndarray) -> float:
    return float(np.sqrt(np.square(values, dtype=np.float64).sum()))


LAYER_HEALTH = View(
    compute,
    {"bins": Parameter(40, 2, 200, integer=True)},
    needs=("slots", "points"),
    fps=2.0,
    tab=Tab("middle", 40),
)
