"""Bottleneck: the codes of rows in the narrowest hidden layer, as points."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.analysis.directions import with_determined_signs
from engine.config.parameter import Parameter
from engine.config.task_names import RECONSTRUCTION
from engine.datasets import Data
from engine.tasks.autoencoder import bottleneck
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.options import first_rows, select_part
from engine.views.view import Tab, View

DIMENSIONS = 3


def compute(checkpoint: Checkpoint, data: Data, options: Mapping[str, Any]) -> dict[str, Any]:
    """`codes` (n, d) of the narrowest hidden layer for the first rows of a part, `kinds` (n,) their classes.

    The codes of up to three units are returned unchanged. With more units they are projected onto their first
    three principal components over these rows: `projected` is true and `explained` (3,) is the fraction of
    the variance of each.
    """
    name, part = select_part(data, options["part"], fallback=True)
    layer = bottleneck(checkpoint.config)
    rows = part.inputs[: options["count"]].astype(checkpoint.config.dtype)
    codes = outputs(checkpoint.network, checkpoint.theta, rows, layer).T.astype(float)
    units = codes.shape[1]
    shown = first_rows(name, part, len(rows))
    answer: dict[str, Any] = {"layer": layer, "units": units, **shown, "classes": data.classes}
    answer["kinds"] = None if part.labels is None else part.labels[: len(rows)].astype(np.int32)
    if units <= DIMENSIONS or not np.isfinite(codes).all():
        axes = [f"unit {unit + 1}" for unit in range(min(units, DIMENSIONS))]
        return answer | {"projected": False, "explained": None, "axes": axes,
                         "codes": codes[:, :DIMENSIONS].astype(np.float32)}  # fmt: skip
    centred = codes - codes.mean(axis=0)
    _, singular_values, directions = np.linalg.svd(centred, full_matrices=False)
    directions = with_determined_signs(directions[:DIMENSIONS])
    total = (singular_values**2).sum()
    explained = singular_values[:DIMENSIONS] ** 2 / total if total > 0 else np.zeros(len(directions))
    axes = [f"principal component {number + 1}" for number in range(len(directions))]
    return answer | {"projected": True, "explained": explained, "axes": axes,
                     "codes": (centred @ directions.T).astype(np.float32)}  # fmt: skip


BOTTLENECK = View(
    compute,
    {
        "part": ("test", "train", "validation"),
        "count": Parameter(600, 1, 5000, integer=True),
    },
    applies_to=(RECONSTRUCTION,),
    fps=10.0,
    tab=Tab("output", 30),
)
