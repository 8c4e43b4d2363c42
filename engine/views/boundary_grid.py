"""Boundary grid: the network's outputs over a plane as a small picture, for many networks side by side."""

from collections.abc import Mapping
from typing import Any

from engine.config.parameter import Parameter
from engine.config.task_names import CONTROL, SUPERVISED
from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.views import decision_boundary
from engine.views.cache import ViewCache
from engine.views.view import Slices, View

KEPT = ("axes", "x", "y", "values", "threshold", "low", "high")


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache) -> Slices:
    """What `decision_boundary` has without options, at a lower resolution and without points."""
    choices = decision_boundary.DECISION_BOUNDARY.parse(options)
    result = yield from decision_boundary.compute(checkpoint, data, choices, cache)
    return {name: result[name] for name in KEPT if name in result}


BOUNDARY_GRID = View(
    compute,
    {"resolution": Parameter(48, 2, 100, integer=True)},
    applies_to=(*SUPERVISED, CONTROL),
    uses_cache=True,
    fps=30.0,
)
