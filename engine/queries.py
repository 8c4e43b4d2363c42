"""Queries of the API: the weights, points and predictions of a run, in the data's own units."""

from dataclasses import asdict
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.task_names import NUMBERS
from engine.datasets import Data
from engine.layers.dense import Dense
from engine.metrics import UNDECIDED, decide
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs

MAX_ROWS = 10_000
MAX_INPUT = 1e300  # sums of larger numbers would be infinite


def weights(checkpoint: Checkpoint, data: Data) -> dict[str, Any]:
    """Everything needed to compute every output again: preprocessing, and per layer weights (in, out),
    biases, activation; `frozen` (in + 1, out; the last row for the biases) and `off` (units) where any are.
    """
    return {
        "step": checkpoint.step,
        "attempt": checkpoint.attempt,
        "preprocessing": {
            "inputs": data.inputs,
            "features": data.features,
            "mean": data.feature_mean,
            "scale": data.feature_scale,
            "target_mean": data.target_mean,
            "target_scale": data.target_scale,
            "target_low": data.target_low,
            "target_high": data.target_high,
        },
        "layers": [_layer(checkpoint, layer) for layer in checkpoint.network.layers],
    }


def _layer(checkpoint: Checkpoint, layer: Dense) -> dict[str, Any]:
    theta, alpha = checkpoint.theta, layer.alphas(checkpoint.theta)
    answer: dict[str, Any] = {
        "weights": layer.weights(theta).copy(),
        "biases": layer.biases(theta).copy(),
        "activation": layer.activation,
    }
    if isinstance(alpha, np.ndarray):
        answer["alpha"] = alpha[:, 0].copy()
    elif alpha is not None:
        answer["alpha"] = [alpha] * layer.units
    if checkpoint.state.frozen is not None:
        frozen = layer.matrix(checkpoint.state.frozen)
        if frozen.any():
            answer["frozen"] = frozen.copy()
    if layer.disabled:
        answer["off"] = list(layer.disabled)
    return answer


def predict(checkpoint: Checkpoint, data: Data, inputs: Any) -> dict[str, Any]:
    """Outputs for rows in the data set's own units; classes or labels where there are any. Raises
    ConfigError for bad rows.
    """
    raw = _rows(inputs, len(data.inputs))
    with np.errstate(all="ignore"):
        values = outputs(
            checkpoint.network, checkpoint.theta, data.transform(raw).astype(checkpoint.config.dtype)
        ).T
        decided = decide(data, values)
        if data.task in NUMBERS:
            return {"outputs": values * data.target_scale + data.target_mean}
    return {"outputs": values, "classes": _names(decided, data)}


def _names(decided: np.ndarray, data: Data) -> list[Any]:
    names = data.classes or []
    if data.task == "multilabel":
        return [
            [name for name, label in zip(names, row, strict=True) if label == 1] for row in decided.tolist()
        ]
    return [None if index == UNDECIDED else names[index] for index in decided.tolist()]


def _rows(inputs: Any, columns: int) -> np.ndarray:
    if not isinstance(inputs, list) or not inputs:
        raise ConfigError("inputs", "must be a list of rows, at least one", given=inputs, limit=MAX_ROWS)
    if len(inputs) > MAX_ROWS:
        raise ConfigError("inputs", f"may have at most {MAX_ROWS:,} rows", given=len(inputs), limit=MAX_ROWS)
    for index, row in enumerate(inputs):
        if not isinstance(row, list) or len(row) != columns:
            raise ConfigError(
                f"inputs.{index}", f"must be a list of {columns} numbers", given=row, limit=columns
            )
        for column, number in enumerate(row):
            if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < MAX_INPUT:
                field = f"inputs.{index}.{column}"
                raise ConfigError(
                    field, f"must be a number below {MAX_INPUT:g}", given=number, limit=MAX_INPUT
                )
    return np.array(inputs, float)


def points(data: Data, numbers: int | None = None) -> dict[str, Any]:
    """The points of a run, in the data's own units; `sizes` is the number of points of each part.

    With `numbers`, only the first points of each part, whose inputs are at most so many numbers.
    """
    limit = None if numbers is None else max(1, numbers // len(data.inputs))
    parts = {
        name: {"inputs": getattr(data, name).raw[:limit], "targets": getattr(data, name).truth[:limit]}
        for name in ("train", "validation", "test")
    }
    return {
        "task": data.task,
        "inputs": data.inputs,
        "features": data.features,
        "classes": data.classes,
        "image": asdict(data.image) if data.image else None,
        "sizes": {name: len(getattr(data, name)) for name in parts},
        **parts,
    }
