"""Loss landscape: the training loss as a function of one weight, or over a plane through weight space."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.datasets import Data
from engine.layers.network import Network
from engine.training.checkpoint import Checkpoint
from engine.views import passes
from engine.views.loss_landscape.directions import (
    WeightPlane,
    principal_directions,
    random_directions,
    two_weights,
    weight_differences,
)
from engine.views.loss_landscape.line import line
from engine.views.loss_landscape.surface import affordable_size, surface
from engine.views.options import LAYER, SOURCE, UNIT, Weight, select_weight
from engine.views.view import Slices, Tab, View


def compute(
    checkpoint: Checkpoint,
    data: Data,
    options: Mapping[str, Any],
    history: Sequence[np.ndarray] | None = None,
) -> Slices:
    """Computes the landscape in blocks of some milliseconds; yields the fraction done, returns the result.

    Over at most the first 500 training points, without penalty and dropout. `history` are the recorded
    parameters, flat vectors, oldest first.
    """
    network = checkpoint.network
    theta = passes.float64_parameters(checkpoint)
    differences = weight_differences(theta, history)
    first = select_weight(network, options["layer"], options["unit"], options["source"])
    common = {"landscape": options["kind"], "layers": len(network.layers)}
    common |= {"part": "train", "part_size": len(data.train)}
    if options["kind"] == "weight":
        size = affordable_size(network, len(data.train), options["points"], axes=1)
        yield 0.0
        return common | line(checkpoint, data, first, options, size, differences)
    plane = _plane(network, theta, first, options, differences)
    size = affordable_size(network, len(data.train), options["resolution"])
    x, y, loss, present = yield from surface(checkpoint, data, plane, size)
    return {
        **common,
        "x": x,
        "y": y,
        "loss": loss,
        "present": {"x": plane.origin[0], "y": plane.origin[1], "loss": present},
        **_description(plane, differences),
        **size.describe(),
        "resolution": size.resolution,
        "seed": options["seed"] if options["kind"] == "random" else None,
    }


def _description(plane: WeightPlane, differences: np.ndarray | None) -> dict[str, Any]:
    """The directions of the plane, and the projection of the recorded weights onto it."""
    positions = None if differences is None else plane.project(differences)
    return {
        "axes": plane.axes,
        "axes_parameters": plane.axes_parameters,
        "variant": plane.variant,
        "variant_code": plane.code,
        "walked": None if positions is None else {"x": positions[:, 0], "y": positions[:, 1]},
        "explained": plane.explained,
    }


def _plane(
    network: Network,
    theta: np.ndarray,
    first: Weight,
    options: Mapping[str, Any],
    differences: np.ndarray | None,
) -> WeightPlane:
    if options["kind"] == "random":
        return random_directions(network, theta, options["seed"], options["span"])
    if options["kind"] == "path":
        return principal_directions(differences, options["span"])
    return two_weights(network, theta, (first, _second(network, first, options)), options["span"])


def _second(network: Network, first: Weight, options: Mapping[str, Any]) -> Weight:
    """The second weight: unset options are those of the first weight, the source by default its next one.

    Raises ConfigError if it is the first weight.
    """
    layer = first.layer if options["layer_2"] is None else options["layer_2"]
    unit = first.unit if options["unit_2"] is None else options["unit_2"]
    source = options["source_2"]
    if source is None:
        next_source = first.source + 1
        source = next_source if layer != first.layer or next_source < network.layers[layer].inputs else -1
        source = source if layer == first.layer else 0
    second = select_weight(network, layer, unit, source, "_2")
    if second.position == first.position:
        raise ConfigError("source_2", "must differ from the first weight", given=source)
    return second


LOSS_LANDSCAPE = View(
    compute,
    {
        "kind": ("random", "weight", "weights", "path"),
        "layer": LAYER,
        "unit": UNIT,
        "source": SOURCE,
        "layer_2": LAYER,
        "unit_2": replace(UNIT, default=None),
        "source_2": replace(SOURCE, default=None),
        "span": Parameter(None, 1e-6, 1e6),
        "points": Parameter(101, 3, 1001, integer=True),
        "resolution": Parameter(61, 3, 101, integer=True),
        "seed": Parameter(0, 0, 2**53 - 1, integer=True),
    },
    needs=("weights",),
    fps=1.0,
    tab=Tab("middle", 60),
)
