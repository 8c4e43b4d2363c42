"""Policy: action probabilities and entropy over two of the observations."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL
from engine.datasets import Data
from engine.policy_gradient.rollout import entropy
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.cache import ViewCache
from engine.views.options import first_rows
from engine.views.plane import grid, plane_of
from engine.views.view import Tab, View


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """`values` (actions, rows, columns), the probability of each action, and `entropy` (rows, columns) in
    nats, of which `most` = ln(actions) is the maximum. Row 0 is at the smallest y.

    The other observations are `held` at their mean over the states that the heuristics reach.
    `mean_policy` (actions,) and `mean_entropy` are means over those states.
    """
    config, resolution = checkpoint.config, options["resolution"]
    plane = plane_of(cache, data, checkpoint.problem, options["axes"])
    probabilities = outputs(
        checkpoint.network, checkpoint.theta, grid(cache, data, plane, resolution, config.dtype)
    )
    states = outputs(checkpoint.network, checkpoint.theta, data.train.inputs.astype(config.dtype))
    shape = plane.shape(resolution)
    others = [name for name in data.inputs if name not in plane.axes]
    return {
        **plane.description(),
        "names": data.classes,
        "inputs": data.inputs,
        "values": probabilities.reshape(-1, *shape).astype(np.float32),
        "entropy": entropy(probabilities.astype(float)).reshape(shape).astype(np.float32),
        "most": float(np.log(len(probabilities))),
        "held": {name: float(plane.origin[data.inputs.index(name)]) for name in others},
        "mean_policy": states.mean(axis=1).astype(np.float32),
        "mean_entropy": float(entropy(states.astype(float)).mean()),
        "states": len(data.train),
        **first_rows("train", data.train, len(data.train)),
    }


POLICY = View(
    compute,
    {"resolution": Parameter(60, 2, 200, integer=True), "axes": "auto"},
    applies_to=(CONTROL,),
    fps=10.0,
    uses_cache=True,
    tab=Tab("middle", 30),
)
