"""From a configuration to the arrays a training works on: generate, split, features, scale, encode."""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets import pixels
from engine.datasets.dataset import Array, Data, Dataset, Generated, Options, Part
from engine.datasets.features import compute


def prepare(dataset: Dataset, config: Any) -> Data:
    """The data of a run.

    All chance comes from PCG64(config.dataset.seed): first the points, then their order. The first rows of
    that order are the test part, the next the validation part, the rest the training part. `config` is
    resolved: no field that applies is null or `auto`.
    """
    chosen = config.dataset
    rng = np.random.Generator(np.random.PCG64(chosen.seed))
    X, y = dataset.make(Options(chosen.samples, chosen.noise or 0.0, chosen.classes or 2), rng)
    rows = _parts(dataset, X, y, chosen.validation_fraction, chosen.test_fraction, rng)
    return _assemble(dataset, rows, config, count_outputs(dataset, chosen.classes))


def count_outputs(dataset: Dataset, classes: int | None) -> int:
    """How many outputs a network needs: one, or one per class or label."""
    if dataset.task in ("regression", "binary"):
        return 1
    return len(dataset.classes) if dataset.classes is not None else int(classes or 0)


def part_sizes(samples: int, validation_fraction: float, test_fraction: float) -> tuple[int, int, int]:
    """Rows for (train, validation, test).

    A part is its fraction rounded to whole rows, at least one where the fraction is not 0; should that leave
    nothing to train on, the larger of the two gives up rows.
    """
    validation, test = (
        max(1, round(samples * fraction)) if fraction > 0 else 0
        for fraction in (validation_fraction, test_fraction)
    )
    while samples - validation - test < 1:
        if test >= validation:
            test -= 1
        else:
            validation -= 1
    return samples - validation - test, validation, test


def _parts(
    dataset: Dataset, X: Array, y: NDArray, validation: float, test: float, rng: np.random.Generator
) -> tuple[Generated, Generated, Generated]:
    """The rows of train, validation and test."""
    if dataset.truth_table:
        return (X, y), ((X, y) if validation > 0 else (X[:0], y[:0])), (X, y)
    if dataset.sizes is not None:
        first, second = np.cumsum(dataset.sizes)[:2]
        train, held_out, unseen = zip(np.split(X, (first, second)), np.split(y, (first, second)), strict=True)
        return train, held_out, unseen
    order = rng.permutation(len(X))
    _, n_validation, n_test = part_sizes(len(X), validation, test)
    bounds = [order[n_test + n_validation :], order[n_test : n_test + n_validation], order[:n_test]]
    train, held_out, unseen = ((X[rows], y[rows]) for rows in bounds)
    return train, held_out, unseen


def _scaling(values: Array, wanted: bool) -> tuple[Array, Array]:
    """Mean and standard deviation (of the population) per column; a constant column gets scale 1."""
    if not wanted:
        return np.zeros(values.shape[1]), np.ones(values.shape[1])
    mean, scale = values.mean(axis=0), values.std(axis=0)
    # A constant column's deviation is rounding error, not always exactly 0.
    scale[scale <= 1e-12 * np.abs(mean)] = 1.0
    return mean, scale


def target_range(task: str, loss: str, output_activation: str) -> tuple[float, float]:
    """How "not this class" and "this class" are encoded: -1/+1 for hinge, and for tanh outputs; else 0/1."""
    signed = loss == "hinge" or (output_activation == "tanh" and not loss.endswith("crossentropy"))
    return (-1.0, 1.0) if signed and task != "regression" else (0.0, 1.0)


def _columns(task: str, truth: NDArray, outputs: int) -> Array:
    """Truth as (n, o): a value, 0/1, one-hot, or the labels."""
    if task == "multiclass":
        return (truth[:, None] == np.arange(outputs)).astype(np.float64)
    return truth.reshape(len(truth), outputs).astype(np.float64)


def _seen(parts: list[NDArray], inputs: list[str], config: Any) -> tuple[list[Array], Array, Array]:
    """What the network sees of each part, with mean and scale of the training part."""
    features, standardize = list(config.features), bool(config.dataset.standardize)
    if pixels.are_bytes(parts[0]):
        mean, scale = np.zeros(len(features)), np.ones(len(features))
        if standardize:
            mean, scale = pixels.spread(parts[0], [inputs.index(name) for name in features])
        return [pixels.scaled(raw, features, inputs, mean, scale, config.dtype) for raw in parts], mean, scale
    columns = [compute(features, inputs, raw) for raw in parts]
    mean, scale = _scaling(columns[0], standardize)
    return [(column - mean) / scale for column in columns], mean, scale


def _assemble(
    dataset: Dataset, rows: tuple[Generated, Generated, Generated], config: Any, outputs: int
) -> Data:
    """Features, scaling by the training part's statistics, encoded targets."""
    task, features, inputs = dataset.task, list(config.features), list(dataset.inputs)
    standardize = bool(config.dataset.standardize)
    targets = [_columns(task, truth, outputs) for _, truth in rows]
    columns, mean, scale = _seen([raw for raw, _ in rows], inputs, config)
    target_mean, target_scale = _scaling(targets[0], standardize and task == "regression")
    low, high = target_range(task, config.loss.name, config.output_activation)
    train, validation, test = (
        Part(raw, column, (low + (high - low) * target - target_mean) / target_scale, truth)
        for (raw, truth), column, target in zip(rows, columns, targets, strict=True)
    )
    classes = class_names(dataset, config.dataset.classes)
    data = Data(task, inputs, features, classes, outputs, train, validation, test,
                mean, scale, target_mean, target_scale, low, high,
                image=dataset.image, series=dataset.series)  # fmt: skip
    data.digest = digest(data)
    return data


def class_names(dataset: Dataset, classes: int | None) -> list[str] | None:
    """Names of classes or labels; "0".."k-1" where their number is chosen; None for regression."""
    if dataset.classes is not None:
        return list(dataset.classes)
    return None if dataset.task == "regression" else [str(index) for index in range(int(classes or 0))]


def digest(data: Data) -> str:
    """SHA-256 over shape, type and bytes of every array: equal exactly when the prepared data are equal."""
    digest = hashlib.sha256()
    arrays = [data.feature_mean, data.feature_scale, data.target_mean, data.target_scale]
    for part in (data.train, data.validation, data.test):
        arrays += [part.raw, part.inputs, part.targets, part.truth]
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
