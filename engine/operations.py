"""Array operations, executed immediately or recorded and compiled to one function.

Activations, losses and optimizers call a namespace `xp`: `xp.tanh(z, a)`. `EAGER` executes the calls
immediately. A `Recorder` writes them as lines of one function in which every array, constant and ufunc is a
local variable. For small networks the overhead of NumPy calls dominates, so the compiled function does no
lookups, allocations or conversions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_SQUARE_UNITS = 32  # up to this size a product with a square matrix of ones is the fastest sum over units


def aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Returns zeros at an address that is a multiple of 64 bytes: vector calls are up to a fifth faster.

    Of three axes (networks, units, samples) the units are the first in memory, so that the rows of one layer
    of all networks are contiguous: twice as fast as separate blocks.
    """
    if len(shape) == 3:
        networks, units, samples = shape
        flat = aligned((units * networks, samples), dtype)
        return flat.reshape(units, networks, samples).swapaxes(0, 1)
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    raw = np.zeros(count * dtype.itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + count * dtype.itemsize].view(dtype).reshape(shape)


def _rows(array: np.ndarray) -> np.ndarray:
    """Returns a view of an `aligned` array: (units, samples), or (units, networks · samples)."""
    if array.ndim == 2:
        return array
    flat = array.swapaxes(0, 1).reshape(array.shape[1], -1)
    assert np.shares_memory(flat, array)
    return flat


class Eager:
    """Executes each call immediately; temporaries are new arrays."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def maximum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The elementwise maximum; NumPy takes its `out` by keyword only."""
        np.maximum(x, y, out=out)

    def minimum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The elementwise minimum."""
        np.minimum(x, y, out=out)

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Calls `function` immediately."""
        function(*arguments)

    def temp(self, like: np.ndarray) -> np.ndarray:
        """Returns an uninitialised array of the shape and dtype of `like`."""
        return np.empty_like(like)

    def zeros(self, like: np.ndarray) -> Any:
        """Returns 0 as an operand for `like`, in its dtype."""
        return np.zeros((), like.dtype)

    def ones(self, like: np.ndarray) -> Any:
        """Returns 1 as an operand for `like`, in its dtype."""
        return np.ones((), like.dtype)

    def full(self, like: np.ndarray, number: float) -> Any:
        """Returns a number as an operand for `like`, in its dtype."""
        return np.full((), number, like.dtype)

    def max_over_units(self, z: np.ndarray, out: np.ndarray) -> None:
        """The maximum over the units of each sample, in every row of `out`."""
        out[...] = z.max(axis=-2, keepdims=True)

    def sum_over_units(self, a: np.ndarray, out: np.ndarray) -> None:
        """The sum over the units of each sample, in every row of `out`."""
        out[...] = a.sum(axis=-2, keepdims=True)


EAGER = Eager()


@dataclass(frozen=True)
class LoopVariable:
    """A variable of the compiled loop, set in every iteration: a batch or a rate."""

    name: str


class Recorder:
    """Records calls and compiles them to a loop over its loop variables.

    Python numbers become 0-d arrays of the working dtype, with which ufuncs are three times as fast. Arrays
    of Python numbers (dtype object), one per network, become arrays of the working dtype.
    Temporaries are pooled by shape and reused after `release()`.
    """

    def __init__(self, dtype: np.dtype) -> None:
        self.dtype = np.dtype(dtype)
        self.lines: list[str] = []
        self.used: set[str] = set()  # names of the loop variables in `lines`
        self.values: dict[str, Any] = {}  # of the names in `lines`
        self._names: dict[int, str] = {}
        self._constants: dict[float, np.ndarray] = {}
        self._pool: dict[tuple[int, ...], list[np.ndarray]] = {}
        self._taken: list[np.ndarray] = []
        self._full: dict[tuple[tuple[int, ...], float], np.ndarray] = {}

    def __getattr__(self, name: str) -> Callable[..., None]:
        function = getattr(np, name)
        return lambda *arguments: self.call(function, *arguments)

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Records one call."""
        self.lines.append(f"{self._name(function)}({', '.join(self._name(a) for a in arguments)})")

    def dot(self, a: Any, b: Any, out: np.ndarray) -> None:
        """The matrix product; for many networks of each pair of matrices.

        Calls the method of the array, which has 0.1 µs less overhead than `np.dot`.
        """
        if out.ndim > 2:
            self.call(np.matmul, a, b, out)
        elif isinstance(a, LoopVariable):
            self.lines.append(f"{self._name(a)}.dot({self._name(b)}, {self._name(out)})")
        else:
            self.call(a.dot, b, out)

    def maximum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The elementwise maximum; NumPy takes its `out` by keyword only."""
        self.lines.append(
            f"{self._name(np.maximum)}({self._name(x)}, {self._name(y)}, out={self._name(out)})"
        )

    def minimum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The elementwise minimum."""
        self.lines.append(
            f"{self._name(np.minimum)}({self._name(x)}, {self._name(y)}, out={self._name(out)})"
        )

    def temp(self, like: np.ndarray) -> np.ndarray:
        """Returns a temporary array of the shape of `like`, reused after the next `release()`."""
        return self._temporary(like.shape)

    def max_over_units(self, z: np.ndarray, out: np.ndarray) -> None:
        """The maximum over the units of each sample, in every row of `out`.

        A product repeats it over the rows: operands of different shapes would take NumPy four times as long.
        """
        row = _rows(self.temp(z[..., :1, :]))
        self.call(np.maximum.reduce, _rows(z), 0, None, row, True)
        self.dot(self._constant((z.shape[-2], 1), 1.0), row, _rows(out))

    def sum_over_units(self, a: np.ndarray, out: np.ndarray) -> None:
        """The sum over the units, in every row of `out`: one product with ones, for many units two."""
        units = a.shape[-2]
        if units <= MAX_SQUARE_UNITS:
            self.dot(self._constant((units, units), 1.0), _rows(a), _rows(out))
            return
        sums = _rows(self.temp(a[..., :1, :]))
        self.dot(self._constant((1, units), 1.0), _rows(a), sums)
        self.dot(self._constant((units, 1), 1.0), sums, _rows(out))

    def zeros(self, like: np.ndarray) -> np.ndarray:
        """Returns a constant array of zeros: comparing with an array is faster than with a scalar."""
        return self.full(like, 0.0)

    def ones(self, like: np.ndarray) -> np.ndarray:
        """Returns a constant array of ones."""
        return self.full(like, 1.0)

    def full(self, like: np.ndarray, number: float) -> np.ndarray:
        """Returns a constant array of one number."""
        return self._constant(like.shape, number)

    def release(self) -> None:
        """Returns all temporary arrays to the pool."""
        for array in self._taken:
            self._pool.setdefault(array.shape, []).append(array)
        self._taken.clear()

    def compile(self, variables: tuple[str, ...]) -> Callable[..., None]:
        """Returns the recorded calls as `loop(*iterables)`, with one iterable per loop variable.

        All values are unpacked into local variables first, which are the fastest to read.
        """
        body = "\n".join(f"            {line}" for line in self.lines) or "            pass"
        source = (
            f"def make(values):\n"
            f"    def loop({', '.join('all_' + v for v in variables)}):\n"
            f"        ({''.join(f'{name}, ' for name in self.values)}) = values\n"
            f"        for {', '.join(variables)}, in zip({', '.join('all_' + v for v in variables)}):\n"
            f"{body}\n"
            f"    return loop\n"
        )
        namespace: dict[str, Any] = {}
        # The source contains generated names only, no input.
        exec(compile(source, "<compiled step>", "exec"), namespace)  # noqa: S102
        loop: Callable[..., None] = namespace["make"](tuple(self.values.values()))
        return loop

    def _constant(self, shape: tuple[int, ...], number: float) -> np.ndarray:
        if (shape, number) not in self._full:
            self._full[shape, number] = aligned(shape, self.dtype)
            self._full[shape, number].fill(number)
        return self._full[shape, number]

    def _temporary(self, shape: tuple[int, ...]) -> np.ndarray:
        free = self._pool.get(shape)
        array = free.pop() if free else aligned(shape, self.dtype)
        self._taken.append(array)
        return array

    def _name(self, value: Any) -> str:
        if isinstance(value, LoopVariable):
            self.used.add(value.name)
            return value.name
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return repr(value)
        if isinstance(value, float):
            value = self._constants.setdefault(value, np.array(value, self.dtype))
        if isinstance(value, np.ndarray) and value.dtype == object:
            value = value.astype(self.dtype)
        key = id(value)
        if key not in self._names:
            name = f"v{len(self.values)}"
            self._names[key] = name
            self.values[name] = value  # a reference, so that the id stays unique
        return self._names[key]
