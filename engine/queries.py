"""What an outsider may ask of a network: its weights, points and predictions, in the data's own units."""

from dataclasses import asdict
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.task_names import NUMBERS
from engine.datasets import Data
from engine.metrics import UNDECIDED, decide
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs

MOST_ROWS = 10_000
BEYOND = 1e300  # sums of such numbers would be infinite


def weights(checkpoint: Checkpoint, data: Data) -> dict[str, Any]:
    """Everything needed to compute every output again: preprocessing, and per layer weights (in, out),
    biases, activation; `frozen` (in + 1, out; the last row for the biases) and `off` (units) where any are.
    """
    network, theta = checkpoint.network, checkpoint.theta
    layers = []
    for layer in network.layers:
        alpha = layer.alphas(theta)
        described: dict[str, Any] = {
            "weights": layer.weights(theta).copy(),
            "biases": layer.biases(theta).copy(),
            "activation": layer.activation,
        }
        if isinstance(alpha, np.ndarray):
            described["alpha"] = alpha[:, 0].copy()
        elif alpha is not None:
            described["alpha"] = [alpha] * layer.units
        if checkpoint.state.frozen is not None:
            frozen = layer.matrix(checkpoint.state.frozen)
            if frozen.any():
                described["frozen"] = frozen.copy()
        if layer.disabled:
            described["off"] = list(layer.disabled)
        layers.append(described)
    preprocessing = {
        "inputs": data.inputs,
        "features": data.features,
        "mean": data.feature_mean,
        "scale": data.feature_scale,
        "target_mean": data.target_mean,
        "target_scale": data.target_scale,
        "target_low": data.target_low,
        "target_high": data.target_high,
    }
    return {
        "step": checkpoint.step,
        "attempt": checkpoint.attempt,
        "preprocessing": preprocessing,
        "layers": layers,
    }


def predict(checkpoint: Checkpoint, data: Data, inputs: Any) -> dict[str, Any]:
    """Outputs for rows in the data set's own units; classes or labels where there are any. Raises
    ConfigError for bad rows.
    """
    raw = _rows(inputs, len(data.inputs))
    with np.errstate(all="ignore"):
        found = outputs(
            checkpoint.network, checkpoint.theta, data.transform(raw).astype(checkpoint.config.dtype)
        ).T
        decided = decide(data, found)
        if data.task in NUMBERS:
            return {"outputs": found * data.target_scale + data.target_mean}
    return {"outputs": found, "classes": _names(decided, data)}


def _names(decided: np.ndarray, data: Data) -> list[Any]:
    names = data.classes or []
    if data.task == "multilabel":
        return [
            [name for name, label in zip(names, row, strict=True) if label == 1] for row in decided.tolist()
        ]
    return [None if index == UNDECIDED else names[index] for index in decided.tolist()]


def _rows(inputs: Any, columns: int) -> np.ndarray:
    if not isinstance(inputs, list) or not inputs:
        raise ConfigError("inputs", "must be a list of rows, at least one", given=inputs, limit=MOST_ROWS)
    if len(inputs) > MOST_ROWS:
        raise ConfigError(
            "inputs", f"may have at most {MOST_ROWS:,} rows", given=len(inputs), limit=MOST_ROWS
        )
    for index, row in enumerate(inputs):
        if not isinstance(row, list) or len(row) != columns:
            raise ConfigError(
                f"inputs.{index}", f"must be a list of {columns} numbers", given=row, limit=columns
            )
        for column, number in enumerate(row):
            if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < BEYOND:
                field = f"inputs.{index}.{column}"
                raise ConfigError(field, f"must be a number below {BEYOND:g}", given=number, limit=BEYOND)
    return np.array(inputs, float)


def points(data: Data, numbers: int | None = None) -> dict[str, Any]:
    """The very points of a run, in the data's own units; `sizes` tells how many each part has.

    With `numbers`, of each part the first whose inputs are at most so many numbers together.
    """
    most = None if numbers is None else max(1, numbers // len(data.inputs))
    parts = {
        name: {"inputs": getattr(data, name).raw[:most], "targets": getattr(data, name).truth[:most]}
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
