"""Prepares the arrays of a run: generates, splits, computes features, scales, and encodes targets."""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets import pixels, training_examples
from engine.datasets.dataset import Array, Data, Dataset, Generated, Options, Part
from engine.datasets.features import compute


def prepare(dataset: Dataset, config: Any) -> Data:
    """Returns the data of a run, from its resolved configuration.

    All random numbers are drawn from PCG64(config.dataset.seed): first the points, then their order. The
    first rows of this order are the test part, the next the validation part, the others are left for
    training; `training_examples` chooses among these.
    """
    section = config.dataset
    rng = np.random.Generator(np.random.PCG64(section.seed))
    X, y = dataset.make(Options(section.samples, section.noise or 0.0, section.classes or 2), rng)
    left, validation, test = _parts(dataset, X, y, section.validation_fraction, section.test_fraction, rng)
    rows = training_examples.choose(left, section), validation, test
    return _assemble(dataset, rows, config, count_outputs(dataset, section.classes))


def count_outputs(dataset: Dataset, classes: int | None) -> int:
    """Returns the number of outputs of a network: one, or one per class or label."""
    if dataset.task in ("regression", "binary"):
        return 1
    return len(dataset.classes) if dataset.classes is not None else int(classes or 0)


def rows_left(dataset: Dataset, samples: int, validation_fraction: float, test_fraction: float) -> int:
    """Returns the number of rows that are left for training beside the validation and test part."""
    if dataset.sizes is not None:
        return dataset.sizes[0]
    return samples if dataset.truth_table else part_sizes(samples, validation_fraction, test_fraction)[0]


def part_sizes(samples: int, validation_fraction: float, test_fraction: float) -> tuple[int, int, int]:
    """Returns the numbers of rows of (train, validation, test).

    A part has its fraction of the rows, rounded, and at least one row if the fraction is not 0. If no row
    remained for training, the larger of the two parts gets fewer.
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
    """Returns the rows (X, y) of train, validation and test."""
    if dataset.truth_table:
        return (X, y), ((X, y) if validation > 0 else (X[:0], y[:0])), (X, y)
    if dataset.sizes is not None:
        starts = tuple(np.cumsum(dataset.sizes)[:2])
        train, validation_rows, test_rows = zip(np.split(X, starts), np.split(y, starts), strict=True)
        return train, validation_rows, test_rows
    order = rng.permutation(len(X))
    _, n_validation, n_test = part_sizes(len(X), validation, test)
    indices = [order[n_test + n_validation :], order[n_test : n_test + n_validation], order[:n_test]]
    train, validation_rows, test_rows = ((X[rows], y[rows]) for rows in indices)
    return train, validation_rows, test_rows


def _scaling(values: Array, standardize: bool) -> tuple[Array, Array]:
    """Returns mean and population standard deviation per column; a constant column gets scale 1."""
    if not standardize:
        return np.zeros(values.shape[1]), np.ones(values.shape[1])
    mean, scale = values.mean(axis=0), values.std(axis=0)
    # The computed deviation of a constant column is a rounding error, not always exactly 0.
    scale[scale <= 1e-12 * np.abs(mean)] = 1.0
    return mean, scale


def target_range(task: str, loss: str, output_activation: str) -> tuple[float, float]:
    """Returns the encoding of "not this class" and "this class": (-1, 1) for hinge or tanh, else (0, 1)."""
    signed = loss == "hinge" or (output_activation == "tanh" and not loss.endswith("crossentropy"))
    return (-1.0, 1.0) if signed and task != "regression" else (0.0, 1.0)


def _columns(task: str, truth: NDArray, outputs: int) -> Array:
    """Returns the truth as (n, o): a value, 0 or 1, one-hot, or labels."""
    if task == "multiclass":
        return (truth[:, None] == np.arange(outputs)).astype(np.float64)
    return truth.reshape(len(truth), outputs).astype(np.float64)


def _network_inputs(parts: list[NDArray], inputs: list[str], config: Any) -> tuple[list[Array], Array, Array]:
    """Returns the network's inputs of each part, and mean and scale of the training part."""
    features, standardize = list(config.features), bool(config.dataset.standardize)
    if pixels.are_bytes(parts[0]):
        mean, scale = np.zeros(len(features)), np.ones(len(features))
        if standardize:
            mean, scale = pixels.statistics(parts[0], [inputs.index(name) for name in features])
        return (
            [pixels.scale_rows(raw, features, inputs, mean, scale, config.dtype) for raw in parts],
            mean,
            scale,
        )
    columns = [compute(features, inputs, raw) for raw in parts]
    mean, scale = _scaling(columns[0], standardize)
    return [(column - mean) / scale for column in columns], mean, scale


def _assemble(
    dataset: Dataset, rows: tuple[Generated, Generated, Generated], config: Any, outputs: int
) -> Data:
    """Computes features, scales them by the statistics of the training part, and encodes targets."""
    task, features, inputs = dataset.task, list(config.features), list(dataset.inputs)
    standardize = bool(config.dataset.standardize)
    targets = [_columns(task, truth, outputs) for _, truth in rows]
    columns, mean, scale = _network_inputs([raw for raw, _ in rows], inputs, config)
    target_mean, target_scale = _scaling(targets[0], standardize and task == "regression")
    low, high = target_range(task, config.loss.name, config.output_activation)
    train, validation, test = (
        Part(raw, column, (low + (high - low) * target - target_mean) / target_scale, truth)
        for (raw, truth), column, target in zip(rows, columns, targets, strict=True)
    )
    classes = class_names(dataset, config.dataset.classes)
    data = Data(task, inputs, features, classes, outputs, train, validation, test,
                mean, scale, target_mean, target_scale, low, high,
                image=dataset.image, series=dataset.series, positive=dataset.positive)  # fmt: skip
    data.digest = digest(data)
    return data


def class_names(dataset: Dataset, classes: int | None) -> list[str] | None:
    """Returns the names of classes or labels ("0".."k-1" if not named), None for regression."""
    if dataset.classes is not None:
        return list(dataset.classes)
    return None if dataset.task == "regression" else [str(index) for index in range(int(classes or 0))]


def digest(data: Data) -> str:
    """Returns the SHA-256 over shape, dtype and bytes of every array."""
    digest = hashlib.sha256()
    arrays = [data.feature_mean, data.feature_scale, data.target_mean, data.target_scale]
    for part in (data.train, data.validation, data.test):
        arrays += [part.raw, part.inputs, part.targets, part.truth]
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
