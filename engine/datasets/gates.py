"""Logic gates: truth tables of two inputs."""

from collections.abc import Callable

import numpy as np

from engine.datasets.dataset import Dataset, Generated, Options

ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def _table(operation: np.ufunc) -> Callable[[Options, np.random.Generator], Generated]:
    """The four rows (x1, x2) in counting order and operation(x1, x2); options and chance play no part."""

    def make(options: Options, rng: np.random.Generator) -> Generated:
        return ROWS.astype(np.float64), operation(ROWS[:, 0], ROWS[:, 1]).astype(np.int64)

    return make


def _gate(title: str, help: str, operation: np.ufunc) -> Dataset:
    return Dataset(
        title, help, "binary", ("x1", "x2"), _table(operation), {}, ("0", "1"), available=4, truth_table=True
    )


GATES: dict[str, Dataset] = {
    "gate_and": _gate("AND gate", "1 where both inputs are 1: one line separates it", np.logical_and),
    "gate_or": _gate("OR gate", "1 where any input is 1: one line separates it", np.logical_or),
    "gate_xor": _gate("XOR gate", "1 where the inputs differ: no line separates it", np.logical_xor),
}
