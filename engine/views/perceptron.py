"""Perceptron: the separating line, the mistakes and Novikoff's bound, or a proof of inseparability."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.analysis.margin import Margin, widest_margin
from engine.config.parameter import Parameter
from engine.datasets import Data
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.cache import ViewCache
from engine.views.options import first_rows
from engine.views.perceptron_bound import assumptions, bound, separability
from engine.views.perceptron_trajectory import MistakeTrajectory, trajectory_of
from engine.views.view import Tab, View

MAX_EXACT_COUNT = 2**24  # float32 cannot represent larger numbers plus 1
OTHER_RULE_CODE = "other_rule"
OBSTACLE = "this network is not trained by the perceptron rule: select it as the optimizer"
OTHER_OPTIMIZER = {
    "rule": False, "obstacle": OBSTACLE, "obstacle_code": OTHER_RULE_CODE, "assumptions": [],
    "uncounted": False, "weights": None, "bias": None, "mistakes": None, "bound": None, "bound_reason": None,
    "bound_code": None, "way": None, "returns": None,
}  # fmt: skip


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """The line w·x + b = 0 in the features of the network, the mistakes so far, and the bound on them.

    Novikoff 1962: if a unit vector separates the points (x, 1) of length at most R with margin γ, the
    perceptron rule from zero weights, with one example at a time in any order, makes at most (R/γ)² mistakes.
    For other initial weights see `bound`. γ is computed exactly by `engine.analysis.margin`.
    """
    margin = cache.get("margin", data.digest, lambda: widest_margin(data.train.inputs, data.train.truth == 1))
    answer = {
        "features": data.features,
        "classes": data.classes,
        **first_rows("train", data.train, len(data.train)),
        "errors": _errors(checkpoint, data),
        "planar": data.features == ["x1", "x2"],
        **separability(data, margin),
    }
    if not OPTIMIZERS[checkpoint.config.optimizer.name].perceptron_rule:
        return answer | OTHER_OPTIMIZER
    trajectory = trajectory_of(cache, checkpoint, data) if checkpoint.config.batch_size == 1 else None
    return answer | _learned_line(checkpoint) | _mistakes(checkpoint, margin, trajectory, options["last"])


def _learned_line(checkpoint: Checkpoint) -> dict[str, Any]:
    layer, count = checkpoint.network.layers[0], _mistake_count(checkpoint)
    return {
        "rule": True,
        "obstacle": None,
        "obstacle_code": None,
        "weights": layer.weights(checkpoint.theta)[:, 0].copy(),
        "bias": float(layer.biases(checkpoint.theta)[0]),
        "mistakes": count,
        "uncounted": (count or 0) >= MAX_EXACT_COUNT and checkpoint.config.dtype == "float32",
    }


def _mistakes(
    checkpoint: Checkpoint, margin: Margin, trajectory: MistakeTrajectory | None, last: int
) -> dict[str, Any]:
    """The bound with its assumptions, and the trajectory unless the weights are not those of it."""
    step = checkpoint.step
    differs = trajectory is not None and trajectory.covers(step) and _differs(trajectory, checkpoint)
    continued = checkpoint.state.continued_from is not None
    conditions = assumptions(checkpoint.config, trajectory, differs, continued)
    violated = next((condition for condition in conditions if not condition["holds"]), None)
    bounded = margin.separable and violated is None
    return {
        "assumptions": conditions,
        "bound": bound(margin, trajectory, checkpoint.config) if bounded else None,
        "bound_reason": violated["otherwise"] if violated else None,
        "bound_code": violated["code"] if violated else None,
        "way": _trajectory(trajectory, step, last) if trajectory and not differs else None,
        "returns": _returns(trajectory, step) if trajectory and not differs else None,
    }


def _errors(checkpoint: Checkpoint, data: Data) -> int:
    """The number of training points that the present weights classify wrongly."""
    inputs = data.train.inputs.astype(checkpoint.config.dtype)
    values = outputs(checkpoint.network, checkpoint.theta, inputs)[0]
    threshold = (data.target_low + data.target_high) / 2
    return int(((values > threshold) != (data.train.truth == 1)).sum())


def _mistake_count(checkpoint: Checkpoint) -> int | None:
    """The optimizer's own count, in its state of the bias; None if a batch has more than one example."""
    vectors, config = checkpoint.state.optimizer_state, checkpoint.config
    if not vectors or config.batch_size != 1 or not np.isfinite(vectors[0]).all():
        return None
    return int(checkpoint.network.layers[0].biases(vectors[0])[0])


def _differs(trajectory: MistakeTrajectory, checkpoint: Checkpoint) -> bool:
    """Whether the weights differ from those of a training from the first step without edits."""
    column = checkpoint.network.layers[0].matrix(checkpoint.theta)[:, 0]
    return not np.array_equal(trajectory.weights_at(checkpoint.step), column)


def _trajectory(trajectory: MistakeTrajectory, step: int, last: int) -> dict[str, Any]:
    """The steps of all mistakes, and the `last` lines with the misclassified points."""
    count = trajectory.mistakes_until(step)
    first = max(0, count - last)
    before = trajectory.initial_weights if first == 0 else trajectory.weights_after[first - 1]
    return {
        "steps": np.array(trajectory.steps[:count], np.int32),
        "complete": trajectory.covers(step),
        "points": np.array(trajectory.points[first:count], np.int32),
        "lines": np.array([before, *trajectory.weights_after[first:count]], np.float64),
    }


def _returns(trajectory: MistakeTrajectory, step: int) -> dict[str, Any]:
    """The line after each mistake, numbered in the order of first appearance: a repeated number is a return
    to an earlier line. `first` is the first return, `largest` the largest norm of (w, b).
    """
    count = trajectory.mistakes_until(step)
    lines = np.array([0, *trajectory.line_numbers[:count]], np.int32)
    repeated = np.flatnonzero(lines[1:] <= np.maximum.accumulate(lines)[:-1]) + 1
    first = None
    if len(repeated):
        earlier = np.flatnonzero(lines == lines[repeated[0]])[0]
        first = {"mistake": int(repeated[0]), "same_as": int(earlier)}
    return {
        "which": lines[1:],
        "visited": int(lines.max()) + 1,
        "first": first,
        "largest": trajectory.largest_norms[count - 1]
        if count
        else float(np.linalg.norm(trajectory.initial_weights)),
    }


PERCEPTRON = View(
    compute,
    {"last": Parameter(12, 1, 200, integer=True)},
    applies_to=("binary",),
    needs=("slots",),
    fps=20.0,
    uses_cache=True,
    tab=Tab("middle", 80, fits=("optimizer.name", "perceptron")),
)
