"""Queries of the API: weights, points and predictions of a run, in the units of the data."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.config.task_names import NUMBERS
from engine.datasets import Data
from engine.datasets.tables.named_rows import encode_rows
from engine.datasets.tables.table import Source
from engine.layers.dense import Dense
from engine.metrics import UNDECIDED, decide
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs

MAX_ROWS = 10_000
MAX_INPUT = 1e300  # sums of larger numbers would be infinite


def weights(checkpoint: Checkpoint, data: Data) -> dict[str, Any]:
    """Returns all that determines the outputs: preprocessing, and per layer weights (in, out), biases and
    activation, and if there are any, `frozen` (in + 1, out; biases in the last row) and `off` (unit indices).
    `config` is the configuration at that step.
    """
    return {
        "step": checkpoint.step,
        "attempt": checkpoint.attempt,
        "config": checkpoint.config.model_dump(mode="json"),
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
    """Returns outputs for rows in the units of the data, and their classes or labels.

    A row is a list of numbers, or an object with the names and words of the table's columns; for objects,
    `ignored` lists their names that are no inputs. Raises ConfigError for invalid rows.
    """
    _refuse_length(inputs)
    if not isinstance(inputs[0], dict):
        return _predict(checkpoint, data, _rows(inputs, len(data.inputs)))
    wrong = next((index for index, row in enumerate(inputs) if not isinstance(row, dict)), None)
    if wrong is not None:
        raise ConfigError(f"inputs.{wrong}", "must be an object, as the first row", given=inputs[wrong])
    encoded = encode_rows(inputs, _sources(checkpoint, data))
    return _predict(checkpoint, data, encoded.X) | {"ignored": encoded.ignored}


def _sources(checkpoint: Checkpoint, data: Data) -> Sequence[Source]:
    """Returns the columns of the imported table, else one for each input."""
    header = getattr(getattr(checkpoint.config, "dataset", None), "header", None)
    columns: Sequence[Source] = header.sources if header is not None else ()
    return columns or [Source(name, "number", index) for index, name in enumerate(data.inputs)]


def _predict(checkpoint: Checkpoint, data: Data, raw: np.ndarray) -> dict[str, Any]:
    """Returns the outputs of inputs (n, d) in the units of the data."""
    with np.errstate(all="ignore"):
        values = outputs(
            checkpoint.network, checkpoint.theta, data.transform(raw).astype(checkpoint.config.dtype)
        ).T
        classes = decide(data, values)
        if data.task in NUMBERS:
            return {"outputs": values * data.target_scale + data.target_mean}
    return {"outputs": values, "classes": _names(classes, data)}


def _names(classes: np.ndarray, data: Data) -> list[Any]:
    names = data.classes or []
    if data.task == "multilabel":
        return [
            [name for name, label in zip(names, row, strict=True) if label == 1] for row in classes.tolist()
        ]
    return [None if index == UNDECIDED else names[index] for index in classes.tolist()]


def _refuse_length(inputs: Any) -> None:
    if not isinstance(inputs, list) or not inputs:
        raise ConfigError("inputs", "must be a list of rows, at least one", given=inputs, limit=MAX_ROWS)
    if len(inputs) > MAX_ROWS:
        raise ConfigError("inputs", f"may have at most {MAX_ROWS:,} rows", given=len(inputs), limit=MAX_ROWS)


def _rows(inputs: list[Any], columns: int) -> np.ndarray:
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


def points(data: Data, max_values: int | None = None) -> dict[str, Any]:
    """Returns the points of a run in the units of the data; `sizes` is the number of points of each part.

    With `max_values`, only the first points of each part, with at most this many input values.
    """
    limit = None if max_values is None else max(1, max_values // len(data.inputs))
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
