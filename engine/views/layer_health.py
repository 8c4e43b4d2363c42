"""Layer health: statistics of the values, weights and gradients of each layer, and the diagnoses."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.analysis.summary import effective_rank, summary
from engine.config.parameter import Parameter
from engine.datasets import Data
from engine.diagnostics import DIAGNOSES, LayerFacts, diagnose
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.views import passes
from engine.views.next_update import Update, missing_fields, next_learning_rate, next_update
from engine.views.options import first_rows, layer_name
from engine.views.training_facts import norm, training_facts
from engine.views.view import Tab, View

RANK_POINTS = 256
UPDATE_RATIO = (
    "norm of the optimizer's update for the full-batch gradient, divided by the norm of the weights"
)


def compute(
    checkpoint: Checkpoint,
    data: Data,
    options: Mapping[str, Any],
    history: Sequence[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Per layer mean, standard deviation and histogram of z, a, weights, and gradients by a and weights.

    Over the first 2,000 training points (fewer for large networks, see `samples`), without dropout and
    penalties. Gradients by weights are those of the mean loss, by activations those of each point's loss.
    `history` are the recorded points; without them the diagnoses in `needs_path` are not checked.
    """
    arrays = passes.training_pass(checkpoint, data)
    samples = arrays.inputs.shape[1]
    with np.errstate(all="ignore"):
        gradient = passes.gradient(arrays)
        facts = training_facts(checkpoint, data, arrays, gradient, history)
        layers = _layers(checkpoint, arrays, gradient, facts.layers, options["bins"])
        diagnoses = diagnose(facts)
    return {
        **first_rows("train", data.train, samples),
        "loss": facts.loss,
        "gradient_norm": norm(gradient),
        "learning_rate": next_learning_rate(checkpoint),
        "layers": layers,
        "update": UPDATE_RATIO,
        **missing_fields(checkpoint),
        "diagnoses": diagnoses,
        **_checked(history is None),
    }


def _checked(without_history: bool) -> dict[str, list[str]]:
    """The names of the diagnoses that were checked, and of those that need recorded points."""
    unchecked = [name for name, diagnosis in DIAGNOSES.items() if diagnosis.needs_path and without_history]
    return {"checked": [name for name in DIAGNOSES if name not in unchecked], "needs_path": unchecked}


def _layers(
    checkpoint: Checkpoint,
    arrays: passes.PassArrays,
    gradient: np.ndarray,
    facts: Sequence[LayerFacts],
    bins: int,
) -> list[dict[str, Any]]:
    update = next_update(checkpoint, gradient)
    return [
        {
            **_layer(arrays, index, bins),
            **_norms(arrays, index, gradient, update, bins),
            "dead": layer.dead,
            "saturated": layer.saturated,
            "nonfinite": layer.nonfinite,
            "nonfinite_values": round(layer.nonfinite * arrays.unmasked[index].size),
            "delta_rms": layer.delta,
        }
        for index, layer in enumerate(facts)
    ]


def _layer(arrays: passes.PassArrays, index: int, bins: int) -> dict[str, Any]:
    layer = arrays.network.layers[index]
    return {
        "layer": index,
        "name": layer_name(arrays.network, index),
        "activation": layer.activation,
        "units": layer.units,
        "frozen": layer.frozen,
        "activations": summary(arrays.a[index], bins),
        "preactivations": summary(arrays.z[index], bins),
        "weights": summary(layer.weights(arrays.theta), bins),
        "activation_gradients": summary(arrays.upstream[index], bins),
        "effective_rank": effective_rank(arrays.a[index][:, :RANK_POINTS]),
    }


def _norms(
    arrays: passes.PassArrays, index: int, gradient: np.ndarray, update: Update | None, bins: int
) -> dict[str, Any]:
    """The norms of the layer's gradient, weights and next update (without biases), and update / weights."""
    layer = arrays.network.layers[index]
    update_norm = None if update is None else norm(layer.weights(update.change))
    weight_norm = norm(layer.weights(arrays.theta))
    return {
        "weight_gradients": summary(layer.weights(gradient), bins),
        "gradient_norm": _gradient_norm(arrays.network, index, gradient),
        "weight_norm": weight_norm,
        "update_norm": update_norm,
        "update_ratio": None
        if update_norm is None
        else update_norm / weight_norm
        if weight_norm
        else float("nan"),
    }


def _gradient_norm(network: Network, index: int, gradient: np.ndarray) -> float:
    layer = network.layers[index]
    return norm(np.concatenate([values.ravel() for values in layer.parameters(gradient).values()]))


LAYER_HEALTH = View(
    compute,
    {"bins": Parameter(40, 2, 200, integer=True)},
    needs=("slots", "points"),
    fps=2.0,
    tab=Tab("middle", 40),
)
