"""Compact messages of a stream, decoded by what docs/protocol.md says alone."""

import json
import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

ACKNOWLEDGE = 1
WIDTHS = {"f4": 4, "f8": 8, "u1": 1, "i1": 1, "u2": 2, "i2": 2, "u4": 4, "i4": 4}


def asks(message: bytes) -> bool:
    """Whether the message asks for an acknowledgement."""
    return bool(message[0] & ACKNOWLEDGE)


def frames(message: bytes, read: Callable[..., Any] | None = None) -> list[dict[str, Any]]:
    """Returns the frames of a message, with arrays as NumPy arrays.

    `read(description, data)` returns what stands for an array instead.
    """
    data = zlib.decompress(message[1:], wbits=-15)
    position, result = 0, []

    def take(size: int) -> bytes:
        nonlocal position
        position += size
        return data[position - size : position]

    while position < len(data):
        head = json.loads(take(int.from_bytes(take(4), "little")))
        result.append(_with_arrays(head, take, read or _array) if head["kind"] == "view" else head)
    return result


def heads(message: bytes) -> list[dict[str, Any]]:
    """Returns the frames of a message with the descriptions of their arrays, which is faster."""
    return frames(message, lambda description, data: description)


def _with_arrays(value: Any, take: Callable[[int], bytes], read: Callable[..., Any]) -> Any:
    if isinstance(value, list):
        return [_with_arrays(part, take, read) for part in value]
    if not isinstance(value, dict):
        return value
    if "dtype" in value and "shape" in value:
        return read(value, take(math.prod(_shape(value)) * _width(value)))
    return {name: _with_arrays(part, take, read) for name, part in value.items()}


def _shape(description: dict[str, Any]) -> list[int]:
    return [int(size) for size in description["shape"].split(",")]


def _width(description: dict[str, Any]) -> int:
    return 1 if "levels" in description else WIDTHS[description["dtype"]]


def _array(description: dict[str, Any], received: bytes) -> np.ndarray:
    shape, width = _shape(description), _width(description)
    levels, dtype = description.get("levels"), description["dtype"]
    data = np.frombuffer(received, np.uint8)
    if width > 1:
        return np.ascontiguousarray(data.reshape(width, -1).T).view(f"<{dtype}").reshape(shape)
    codes = _undo_prediction(data, shape)
    return _values(levels)[codes] if levels else codes.view(dtype)


def _undo_prediction(differences: np.ndarray, shape: list[int]) -> np.ndarray:
    columns, rows = shape[-1], shape[-2] if len(shape) > 1 else 1
    grids = differences.reshape(-1, rows, columns).tolist()
    for grid in grids:
        for r in range(rows):
            for c in range(columns):
                left = grid[r][c - 1] if c else 0
                above = grid[r - 1][c] if r else 0
                corner = grid[r - 1][c - 1] if r and c else 0
                predicted = min(max(left + above - corner, min(left, above)), max(left, above))
                grid[r][c] = (grid[r][c] + predicted) % 256
    return np.array(grids, np.uint8).reshape(shape)


def _values(levels: dict[str, Any]) -> np.ndarray:
    low, high = levels["low"], levels["high"]
    if "threshold" not in levels:
        return np.array([low + (high - low) * code / 255 for code in range(256)], np.float32)
    threshold, below = levels["threshold"], levels["below"]

    def distance(reach: float, count: int, code: int) -> float:
        if reach <= 0:
            return 0
        slope = min(2 * count * (high - low) / (256 * reach), 3)
        end, x = 1.5 * (1 - 1 / slope), code / count
        part = slope / (3 * end**2) * x**3 if x < end else 1 - slope * (1 - x)
        return max(reach * part, code * abs(threshold) / 2**22)

    under = [threshold - distance(threshold - low, below, below - code) for code in range(below)]
    over = [threshold + distance(high - threshold, 255 - below, code - below) for code in range(below, 256)]
    return np.array(under + over, np.float32)
