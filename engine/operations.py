"""Two ways to carry out the same NumPy calls: at once, or recorded into one prepared function.

An activation, a loss or an optimizer is written once, as calls on a namespace `xp`: `xp.tanh(z, a)`. With
`EAGER` the calls happen immediately; with a `Recorder` they become the lines of one function in which every
array, constant and ufunc is already bound. For networks of this size most of a step is the cost of reaching
NumPy, so what matters is that the prepared function looks nothing up, allocates nothing and converts
nothing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

FEW = 32  # units up to which a square matrix of ones is the fastest way to their sum


def aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Zeros that begin at a multiple of 64 bytes: vector calls on them are up to a fifth faster.

    Of three axes (networks, units, samples) the units come first in memory: then some rows of all networks
    lie in one piece, which takes half the time of many pieces.
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
    """(units, samples), of many networks (units, networks · samples): a view, as `aligned` lays them out."""
    if array.ndim == 2:
        return array
    flat = array.swapaxes(0, 1).reshape(array.shape[1], -1)
    assert np.shares_memory(flat, array)
    return flat


class Eager:
    """Carries out each call at once; temporaries are fresh arrays."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def maximum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The larger of two; NumPy wants this `out` by name."""
        np.maximum(x, y, out=out)

    def minimum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The smaller of two."""
        np.minimum(x, y, out=out)

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Call `function` now."""
        function(*arguments)

    def temp(self, like: np.ndarray) -> np.ndarray:
        """An uninitialised array of the shape and dtype of `like`."""
        return np.empty_like(like)

    def zeros(self, like: np.ndarray) -> Any:
        """A zero to compare `like` with."""
        return np.zeros((), like.dtype)

    def ones(self, like: np.ndarray) -> Any:
        """A one to compare `like` with."""
        return np.ones((), like.dtype)

    def full(self, like: np.ndarray, number: float) -> Any:
        """A number to compare `like` with."""
        return np.full((), number, like.dtype)

    def largest(self, z: np.ndarray, out: np.ndarray) -> None:
        """In every row of `out` the largest over the units, sample by sample."""
        out[...] = z.max(axis=-2, keepdims=True)

    def total(self, a: np.ndarray, out: np.ndarray) -> None:
        """In every row of `out` the sum over the units, sample by sample."""
        out[...] = a.sum(axis=-2, keepdims=True)


EAGER = Eager()


@dataclass(frozen=True)
class LoopVariable:
    """A value that is handed in at every turn of the prepared loop: a batch, a learning rate."""

    name: str


class Recorder:
    """Notes calls and compiles them to a loop over the slots.

    Python numbers become 0-d arrays of the working dtype: ufuncs take those three times as fast. Temporaries
    are pooled by shape between `release()` calls, because nothing in a recorded step lives longer than the
    step.
    """

    def __init__(self, dtype: np.dtype) -> None:
        self.dtype = np.dtype(dtype)
        self.lines: list[str] = []
        self.used: set[str] = set()  # names of the slots that occur
        self.bound: dict[str, Any] = {}  # what stands behind the names in `lines`
        self._names: dict[int, str] = {}
        self._constants: dict[float, np.ndarray] = {}
        self._pool: dict[tuple[int, ...], list[np.ndarray]] = {}
        self._taken: list[np.ndarray] = []
        self._full: dict[tuple[tuple[int, ...], float], np.ndarray] = {}

    def __getattr__(self, name: str) -> Callable[..., None]:
        function = getattr(np, name)
        return lambda *arguments: self.call(function, *arguments)

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Note one call."""
        self.lines.append(f"{self._name(function)}({', '.join(self._name(a) for a in arguments)})")

    def dot(self, a: Any, b: Any, out: np.ndarray) -> None:
        """The product, of each pair of matrices where there are several.

        Through the array's own method, which is reached 0.1 µs sooner than `np.dot`.
        """
        if out.ndim > 2:
            self.call(np.matmul, a, b, out)
        elif isinstance(a, LoopVariable):
            self.lines.append(f"{self._name(a)}.dot({self._name(b)}, {self._name(out)})")
        else:
            self.call(a.dot, b, out)

    def maximum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The larger of two; NumPy wants this `out` by name."""
        self.lines.append(
            f"{self._name(np.maximum)}({self._name(x)}, {self._name(y)}, out={self._name(out)})"
        )

    def minimum(self, x: Any, y: Any, out: np.ndarray) -> None:
        """The smaller of two."""
        self.lines.append(
            f"{self._name(np.minimum)}({self._name(x)}, {self._name(y)}, out={self._name(out)})"
        )

    def temp(self, like: np.ndarray) -> np.ndarray:
        """Scratch space of the shape of `like`, free for others after the next `release()`."""
        return self._scratch(like.shape)

    def largest(self, z: np.ndarray, out: np.ndarray) -> None:
        """In every row of `out` the largest over the units.

        A product spreads it over the rows: operands that differ in shape cost NumPy four times as much.
        """
        row = _rows(self.temp(z[..., :1, :]))
        self.call(np.maximum.reduce, _rows(z), 0, None, row, True)
        self.dot(self._constant((z.shape[-2], 1), 1.0), row, _rows(out))

    def total(self, a: np.ndarray, out: np.ndarray) -> None:
        """In every row of `out` the sum over the units: one product with ones, of many units two."""
        units = a.shape[-2]
        if units <= FEW:
            self.dot(self._constant((units, units), 1.0), _rows(a), _rows(out))
            return
        sums = _rows(self.temp(a[..., :1, :]))
        self.dot(self._constant((1, units), 1.0), _rows(a), sums)
        self.dot(self._constant((units, 1), 1.0), sums, _rows(out))

    def zeros(self, like: np.ndarray) -> np.ndarray:
        """A constant array of zeros: comparing with an array is faster than with a scalar."""
        return self.full(like, 0.0)

    def ones(self, like: np.ndarray) -> np.ndarray:
        """A constant array of ones."""
        return self.full(like, 1.0)

    def full(self, like: np.ndarray, number: float) -> np.ndarray:
        """A constant array of one number."""
        return self._constant(like.shape, number)

    def release(self) -> None:
        """Give all scratch space back to the pool."""
        for array in self._taken:
            self._pool.setdefault(array.shape, []).append(array)
        self._taken.clear()

    def compile(self, slots: tuple[str, ...]) -> Callable[..., None]:
        """The recorded calls as `loop(*iterables)`: one turn for each set of slot values.

        What they use is unpacked into local variables first, which are read fastest.
        """
        body = "\n".join(f"            {line}" for line in self.lines) or "            pass"
        source = (
            f"def make(values):\n"
            f"    def loop({', '.join('all_' + s for s in slots)}):\n"
            f"        ({''.join(f'{name}, ' for name in self.bound)}) = values\n"
            f"        for {', '.join(slots)}, in zip({', '.join('all_' + s for s in slots)}):\n"
            f"{body}\n"
            f"    return loop\n"
        )
        namespace: dict[str, Any] = {}
        exec(compile(source, "<prepared step>", "exec"), namespace)  # noqa: S102 - our own text, no input in it
        loop: Callable[..., None] = namespace["make"](tuple(self.bound.values()))
        return loop

    def _constant(self, shape: tuple[int, ...], number: float) -> np.ndarray:
        if (shape, number) not in self._full:
            self._full[shape, number] = aligned(shape, self.dtype)
            self._full[shape, number].fill(number)
        return self._full[shape, number]

    def _scratch(self, shape: tuple[int, ...]) -> np.ndarray:
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
        key = id(value)
        if key not in self._names:
            name = f"v{len(self.bound)}"
            self._names[key] = name
            self.bound[name] = value  # also keeps the value alive, so that ids stay unique
        return self._names[key]
