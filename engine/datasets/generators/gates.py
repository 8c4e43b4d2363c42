"""Truth tables: logic gates of two inputs, and the lecture's perceptron of three inputs."""

from collections.abc import Callable

import numpy as np

from engine.datasets.dataset import Dataset, Generated, Options

ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def _table(operation: np.ufunc) -> Callable[[Options, np.random.Generator], Generated]:
    """Returns a generator of the four rows (x1, x2) in binary order and operation(x1, x2)."""

    def make(options: Options, rng: np.random.Generator) -> Generated:
        return ROWS.astype(np.float64), operation(ROWS[:, 0], ROWS[:, 1]).astype(np.int64)

    return make


def _gate(operation: np.ufunc) -> Dataset:
    return Dataset("binary", ("x1", "x2"), _table(operation), {}, ("0", "1"), available=4, truth_table=True)


SWIMMING_WEIGHTS, SWIMMING_BIAS = (4, 2, 4), -3
SWIMMING_INPUTS = ("warm water", "empty beach", "no shark")


def swimming(options: Options, rng: np.random.Generator) -> Generated:
    """The truth table of a perceptron of three inputs: 1 where w·x + b >= 0.

    x1 = warm water, x2 = empty beach, x3 = no shark; each is 0 or 1, rows in binary order. w = (4, 2, 4),
    b = -3. Source: the lecture's worked example (x = (1, 0, 1)).
    """
    rows = np.array([[n >> 2 & 1, n >> 1 & 1, n & 1] for n in range(8)])
    return rows.astype(np.float64), (rows @ SWIMMING_WEIGHTS + SWIMMING_BIAS >= 0).astype(np.int64)


GATES: dict[str, Dataset] = {
    "gate_and": _gate(np.logical_and),
    "gate_or": _gate(np.logical_or),
    "gate_xor": _gate(np.logical_xor),
    "swimming": Dataset(
        "binary",
        SWIMMING_INPUTS,
        swimming,
        {},
        ("stay", "swim"),
        available=8,
        truth_table=True,
    ),
}
