"""Perceptron: the line and its mistakes, counted beside Novikoff's bound; or why no line can do."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.analysis.margin import Margin, widest_margin
from engine.config.models import RunConfig
from engine.config.parameter import Parameter
from engine.datasets import Data
from engine.optimizers import OPTIMIZERS
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.cache import ViewCache
from engine.views.perceptron_trajectory import Way, way_of
from engine.views.view import Tab, View

EXACT_COUNT = 2**24  # float32 counts no further by ones
MOST_NAMED = 8  # points of a certificate


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """The separator w·x + b = 0 in the features the network sees, every mistake so far, and the bound.

    Novikoff 1962: if some unit vector separates the points (x, 1) of length at most R with margin γ, the
    perceptron rule from zero weights, one example at a time in any order, makes at most (R/γ)² mistakes. For
    a start w₀ other than zero see `bound`. γ is computed, not estimated: `engine.analysis.margin`.
    """
    margin = cache.get("margin", data.digest, lambda: widest_margin(data.train.inputs, data.train.truth == 1))
    told = {
        "features": data.features,
        "classes": data.classes,
        "samples": len(data.train),
        "errors": _errors(checkpoint, data),
        "planar": data.features == ["x1", "x2"],
        **_separability(data, margin),
    }
    obstacle = _obstacle(checkpoint)
    if obstacle:
        nothing = dict.fromkeys(("weights", "bias", "mistakes", "bound", "bound_reason", "way", "returns"))
        return told | {"rule": False, "obstacle": obstacle, "assumptions": [], "uncounted": False} | nothing
    network = checkpoint.network
    layer = network.layers[0]
    way = way_of(cache, checkpoint, data) if checkpoint.config.batch_size == 1 else None
    edited = way is not None and way.reaches(checkpoint.step) and _differs(way, checkpoint)
    assumptions = _assumptions(checkpoint.config, way, edited)
    reason = next((each["otherwise"] for each in assumptions if not each["holds"]), None)
    told_way = _way(way, checkpoint.step, options["last"]) if way and not edited else None
    return told | {
        "rule": True,
        "obstacle": None,
        "weights": layer.weights(checkpoint.theta)[:, 0].copy(),
        "bias": float(layer.biases(checkpoint.theta)[0]),
        "mistakes": _mistakes(checkpoint),
        "uncounted": (_mistakes(checkpoint) or 0) >= EXACT_COUNT and checkpoint.config.dtype == "float32",
        "assumptions": assumptions,
        "bound": bound(margin, way, checkpoint.config) if margin.separable and not reason else None,
        "bound_reason": reason,
        "way": told_way,
        "returns": _returns(way, checkpoint.step) if way and not edited else None,
    }


def bound(margin: Margin, way: Way | None, config: RunConfig) -> float:
    """The largest number of mistakes k there can be.

    From w_k·u >= w₀·u + kηγ and |w_k|² <= |w₀|² + kη²R² follows, with c = w₀·u/η and n = |w₀|²/η², that
    (c + kγ)² <= n + kR², so k <= (q + √(q² - 4γ²(c² - n))) / 2γ² with q = R² - 2cγ: (R/γ)² where w₀ = 0.
    """
    assert way is not None and margin.normal is not None
    start = way.start.astype(np.float64) / config.optimizer.learning_rate
    c, n = float(start @ margin.normal), float(start @ start)
    q = margin.radius**2 - 2 * c * margin.margin
    return float((q + np.sqrt(max(q * q - 4 * margin.margin**2 * (c * c - n), 0))) / (2 * margin.margin**2))


def _obstacle(checkpoint: Checkpoint) -> str | None:
    if not OPTIMIZERS[checkpoint.config.optimizer.name].perceptron_rule:
        return "this network does not learn by the perceptron rule: choose it as the optimizer"
    return None


def _separability(data: Data, margin: Margin) -> dict[str, Any]:
    normal = margin.normal
    return {
        "radius": margin.radius,
        "separable": margin.separable,
        "margin": margin.margin if margin.separable else None,
        "separator": None if normal is None else {"weights": normal[:-1], "bias": float(normal[-1])},
        "certificate": _certificate(data, margin) if margin.separable is False else None,
    }


def _certificate(data: Data, margin: Margin) -> dict[str, Any]:
    """A point that lies between points of either class: no line has both classes on their own sides."""
    shares, positive = margin.shares, data.train.truth == 1
    sides = [np.flatnonzero((shares > 0) & (positive == side)) for side in (False, True)]
    whole = [shares[side] / shares[side].sum() for side in sides]
    common = whole[1] @ data.train.inputs[sides[1]]
    return {
        "common": common,
        "sides": [
            {"class": data.classes[side] if data.classes else str(side), "points": rows[:MOST_NAMED],
             "inputs": data.train.inputs[rows[:MOST_NAMED]], "shares": part[:MOST_NAMED]}
            for side, (rows, part) in enumerate(zip(sides, whole, strict=True))
        ],
    }  # fmt: skip


def _errors(checkpoint: Checkpoint, data: Data) -> int:
    """Training points that the present weights get wrong."""
    inputs = data.train.inputs.astype(checkpoint.config.dtype)
    found = outputs(checkpoint.network, checkpoint.theta, inputs)[0]
    middle = (data.target_low + data.target_high) / 2
    return int(((found > middle) != (data.train.truth == 1)).sum())


def _mistakes(checkpoint: Checkpoint) -> int | None:
    """Counted by the optimizer itself, at the bias; None where a batch has more than one example."""
    slots, config = checkpoint.state.optimizer_state, checkpoint.config
    if not slots or config.batch_size != 1 or not np.isfinite(slots[0]).all():
        return None
    return int(checkpoint.network.layers[0].biases(slots[0])[0])


def _differs(way: Way, checkpoint: Checkpoint) -> bool:
    network = checkpoint.network
    column = network.layers[0].matrix(checkpoint.theta)[:, 0]
    return not np.array_equal(way.weights_at(checkpoint.step), column)


def _assumptions(config: RunConfig, way: Way | None, edited: bool) -> list[dict[str, Any]]:
    optimizer = config.optimizer
    plain = config.l1 == 0 and config.l2 == 0 and optimizer.clip_norm is None
    zero = way is not None and not way.start.any()
    return [
        _assumption("one example at a time", config.batch_size == 1, "the batch size is not 1"),
        _assumption(
            "a constant rate", optimizer.schedule.name == "constant", "the learning rate follows a schedule"
        ),
        _assumption("no penalty, no clipping", plain, "a penalty or clipping changes the steps"),
        _assumption("nobody changed weights or rate", not edited, "weights or rate were changed on the way"),
        {
            "name": "zero weights at the start" if zero else "any weights at the start",
            "holds": True,
            "otherwise": "",
        },
    ]


def _assumption(name: str, holds: bool, otherwise: str) -> dict[str, Any]:
    return {"name": name, "holds": holds, "otherwise": otherwise}


def _way(way: Way, step: int, last: int) -> dict[str, Any]:
    """The steps of all mistakes that are told, and the last few lines with the points that moved them."""
    count = way.count(step)
    first = max(0, count - last)
    lines = [way.start if first == 0 else way.after[first - 1], *way.after[first:count]]
    return {
        "steps": np.array(way.steps[:count], np.int32),
        "complete": way.reaches(step),
        "points": np.array(way.points[first:count], np.int32),
        "lines": np.array(lines, np.float64),
    }


def _returns(way: Way, step: int) -> dict[str, Any]:
    """Which line stands after each mistake, numbered as they first appear: a number again is a way back."""
    count = way.count(step)
    which = np.array([0, *way.which[:count]], np.int32)
    again = np.flatnonzero(which[1:] <= np.maximum.accumulate(which)[:-1]) + 1
    first = None
    if len(again):
        first = {"mistake": int(again[0]), "same_as": int(np.flatnonzero(which == which[again[0]])[0])}
    return {
        "which": which[1:],
        "visited": int(which.max()) + 1,
        "first": first,
        "largest": way.largest[count - 1] if count else float(np.linalg.norm(way.start)),
    }


PERCEPTRON = View(
    compute,
    {"last": Parameter(12, 1, 200, integer=True)},
    applies_to=("binary",),
    needs=("slots",),
    fps=20.0,
    uses_cache=True,
    tab=Tab("middle", 80),
)
