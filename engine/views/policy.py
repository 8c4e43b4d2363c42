"""Policy: what it does and how sure it is, over two of the numbers it observes."""

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
from engine.views.plane import grid, plane_of
from engine.views.view import Tab, View


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """`values` (actions, rows, columns), the probability of each action; `entropy` (rows, columns) in nats,
    at most `most`, ln(actions). Row 0 at the lowest y. All other observations are at their mean over the
    states that the fixed ways to act come by (`held`). Over those states themselves: the mean entropy
    `mean_entropy`, and the mean probability of each action, `mean_policy`.
    """
    config, resolution = checkpoint.config, options["resolution"]
    plane = plane_of(cache, data, checkpoint.problem, options["axes"])
    over = outputs(checkpoint.network, checkpoint.theta, grid(cache, data, plane, resolution, config.dtype))
    states = outputs(checkpoint.network, checkpoint.theta, data.train.inputs.astype(config.dtype))
    shape = (resolution, resolution)
    others = [name for name in data.inputs if name not in plane.axes]
    return {
        "x": list(plane.x),
        "y": list(plane.y),
        "axes": list(plane.axes),
        "names": data.classes,
        "inputs": data.inputs,
        "values": over.reshape(-1, *shape).astype(np.float32),
        "entropy": entropy(over.astype(float)).reshape(shape).astype(np.float32),
        "most": float(np.log(len(over))),
        "held": {name: float(plane.origin[data.inputs.index(name)]) for name in others},
        "mean_policy": states.mean(axis=1).astype(np.float32),
        "mean_entropy": float(entropy(states.astype(float)).mean()),
        "states": len(data.train),
    }


POLICY = View(
    compute,
    {"resolution": Parameter(60, 2, 200, integer=True), "axes": "auto"},
    applies_to=(CONTROL,),
    fps=10.0,
    uses_cache=True,
    tab=Tab("middle", 30),
)
