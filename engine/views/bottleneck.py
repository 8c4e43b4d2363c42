"""Bottleneck: the codes of rows in the narrowest hidden layer, as points."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.analysis.directions import principal_components
from engine.analysis.neighbours import NEIGHBOURS, neighbour_purity
from engine.config.parameter import Parameter
from engine.config.task_names import RECONSTRUCTION
from engine.datasets import Data
from engine.datasets.dataset import Part
from engine.tasks.autoencoder import bottleneck
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.cache import ViewCache
from engine.views.options import first_rows, select_part
from engine.views.view import Tab, View

DIMENSIONS = 3
MAX_COMPARED = 1000  # rows whose neighbours are searched
MAX_FITTED = 2000  # training rows whose principal components are computed


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], cache: ViewCache
) -> dict[str, Any]:
    """`codes` (n, d) of the narrowest hidden layer for the first rows of a part, `kinds` (n,) their classes.

    The codes of up to three units are returned unchanged. With more units they are projected onto their first
    three principal components over these rows: `projected` is true and `explained` (3,) is the fraction of
    the variance of each. `purity`: how many of a row's 10 nearest `neighbours` have its class, as a mean
    share over up to 1,000 rows: `codes` in all units of the layer, `components` in as many principal
    components of the inputs of the training part. None if the rows have no classes.
    """
    name, part = select_part(data, options["part"], fallback=True)
    layer = bottleneck(checkpoint.config)
    rows = part.inputs[: options["count"]].astype(checkpoint.config.dtype)
    codes = outputs(checkpoint.network, checkpoint.theta, rows, layer).T.astype(float)
    units = codes.shape[1]
    shown = first_rows(name, part, len(rows))
    answer: dict[str, Any] = {"layer": layer, "units": units, **shown, "classes": data.classes}
    answer["kinds"] = None if part.labels is None else part.labels[: len(rows)].astype(np.int32)
    answer |= {"neighbours": NEIGHBOURS, "purity": _purity(data, name, part, codes, cache)}
    if units <= DIMENSIONS or not np.isfinite(codes).all():
        axes = [f"unit {unit + 1}" for unit in range(min(units, DIMENSIONS))]
        return answer | {"projected": False, "explained": None, "axes": axes,
                         "codes": codes[:, :DIMENSIONS].astype(np.float32)}  # fmt: skip
    mean, directions, explained = principal_components(codes, DIMENSIONS)
    axes = [f"principal component {number + 1}" for number in range(len(explained))]
    return answer | {"projected": True, "explained": explained, "axes": axes,
                     "codes": ((codes - mean) @ directions.T).astype(np.float32)}  # fmt: skip


def _purity(
    data: Data, name: str, part: Part, codes: np.ndarray, cache: ViewCache
) -> dict[str, float | None] | None:
    count, units = min(len(codes), MAX_COMPARED), codes.shape[1]
    if part.labels is None:
        return None
    labels, inputs = part.labels[:count], part.inputs[:count]

    def of_inputs() -> float | None:
        mean, directions, _ = principal_components(data.train.inputs[:MAX_FITTED].astype(np.float64), units)
        return neighbour_purity((inputs - mean) @ directions.T, labels)

    components = cache.get("purity", (data.digest, name, count, units), of_inputs)
    return {"codes": neighbour_purity(codes[:count], labels), "components": components}


BOTTLENECK = View(
    compute,
    {
        "part": ("test", "train", "validation"),
        "count": Parameter(600, 1, 5000, integer=True),
    },
    applies_to=(RECONSTRUCTION,),
    fps=10.0,
    uses_cache=True,
    tab=Tab("output", 30),
)
