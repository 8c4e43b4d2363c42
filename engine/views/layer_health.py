"""Layer health: how values, weights and gradients of each layer stand, and what that means by name."""

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
from engine.views.next_update import Update, missing, next_update, rate
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
    the recorded points; without them the diagnoses about the way so far are left out (`needs_path`).
    """
    network, config = checkpoint.network, checkpoint.config
    passed = passes.over_training(checkpoint, data)
    samples = passed.inputs.shape[1]
    targets = passes.training_targets(checkpoint, data, samples)
    with np.errstate(all="ignore"):
        loss = float(passes.losses(config, passed, targets).mean(dtype=np.float64))
        gradient = passes.gradient(passed)
        update = next_update(checkpoint, gradient)
        facts = tuple(_facts(passed, index) for index in range(len(network.layers)))
        layers = [
            _layer(passed, index, gradient, update, facts[index], options["bins"])
            for index in range(len(network.layers))
        ]
        found = diagnose(Facts(config, data, facts, loss, None if path is None else Trajectory(path)))
    unseen = [name for name, entry in DIAGNOSES.items() if entry.needs_path and path is None]
    return {
        "samples": samples,
        "part": "train",
        "loss": loss,
        "gradient_norm": _length(gradient),
        "learning_rate": rate(checkpoint),
        "layers": layers,
        "update": RATIO,
        "update_reason": missing(checkpoint),
        "diagnoses": found,
        "checked": [name for name in DIAGNOSES if name not in unseen],
        "needs_path": unseen,
    }


def _facts(passed: passes.Passed, index: int) -> LayerFacts:
    layer = passed.network.layers[index]
    bare, slopes = passed.bare[index], passed.slopes[index]
    if slopes is None:
        slopes = bare * (1 - bare)
    on = layer.enabled(bare.dtype)[:, 0] > 0
    deltas = passed.deltas[index]
    return LayerFacts(
        layer.activation,
        layer.units,
        float((bare[on].max(axis=1) <= 0).mean()) if on.any() else 0.0,
        float((np.abs(slopes) < SATURATED).mean()),
        1 - float((np.isfinite(bare) & np.isfinite(passed.z[index])).mean()),
        float(np.sqrt(np.square(deltas, dtype=np.float64).mean())),
    )


def _layer(
    passed: passes.Passed,
    index: int,
    gradient: np.ndarray,
    update: Update | None,
    facts: LayerFacts,
    bins: int,
) -> dict[str, Any]:
    network, layer = passed.network, passed.network.layers[index]
    weights, weight_gradients = (layer.weights(flat) for flat in (passed.theta, gradient))
    step = None if update is None else _length(layer.weights(update.change))
    length = _length(weights)
    return {
        "layer": index,
        "name": layer_name(network, index),
        "activation": layer.activation,
        "units": layer.units,
        "frozen": layer.frozen,
        "activations": summary(passed.a[index], bins),
        "preactivations": summary(passed.z[index], bins),
        "weights": summary(weights, bins),
        "weight_gradients": summary(weight_gradients, bins),
        "activation_gradients": summary(passed.upstream[index], bins),
        "gradient_norm": _gradient_length(network, index, gradient),
        "weight_norm": length,
        "update_norm": step,
        "update_ratio": None if step is None else step / length if length else float("nan"),
        "dead": facts.dead,
        "saturated": facts.saturated,
        "nonfinite": facts.nonfinite,
        "nonfinite_values": round(facts.nonfinite * passed.bare[index].size),
        "effective_rank": effective_rank(passed.a[index][:, :RANK_POINTS]),
        "delta_rms": facts.delta,
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
