"""Pixels: images of any number type and order of axes as bytes from 0 to 255."""

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused
from app.imports.progress import reported

BLOCK = 4096  # images that are converted together


def to_pixels(array: NDArray, name: str | None = None) -> NDArray[np.uint8]:
    """Returns the pixels as uint8 (n, rows, columns).

    The array may be (n, rows, columns), (n, rows, columns, 1), (n, 1, rows, columns), or (n, side²). Pixels
    are integers from 0 to 255, or fractions from 0 to 1 that are multiplied by 255. Raises Refused.
    """
    array = _without_channel(array)
    if array.ndim != 3:
        message = f"has the shape {array.shape}; images must be (n, rows, columns), without colours"
        raise Refused(Problem("image_shape", message, column=name, given=list(array.shape)))
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind not in "uifb":
        message = f"has the type {array.dtype}; pixels must be numbers"
        raise Refused(Problem("pixel_type", message, column=name, given=str(array.dtype)))
    scale = 255.0 if _are_fractions(array) else 1.0
    pixels = np.empty(array.shape, np.uint8)
    for start in reported(range(0, len(array), BLOCK)):
        block = array[start : start + BLOCK].astype(np.float64) * scale
        block = np.rint(block) if scale > 1 else block
        _refuse_invalid(block, name)
        pixels[start : start + BLOCK] = block
    return pixels


def _without_channel(array: NDArray) -> NDArray:
    """Returns images without the axis of a single channel, first or last; rows of side² pixels as squares."""
    if array.ndim == 4 and array.shape[-1] == 1:
        return array[..., 0]
    if array.ndim == 4 and array.shape[1] == 1:
        return array[:, 0]
    side = int(np.sqrt(array.shape[1])) if array.ndim == 2 else 0
    if array.ndim == 2 and side * side == array.shape[1]:
        return array.reshape(len(array), side, side)
    return array


def _are_fractions(array: NDArray) -> bool:
    """Whether floats are from 0 to 1 and some are no integers; black-and-white images count as well."""
    if array.dtype.kind == "b":
        return True
    if array.dtype.kind != "f" or not array.size:
        return False
    return bool(array.min() >= 0 and 0 < array.max() <= 1)


def _refuse_invalid(block: NDArray, name: str | None) -> None:
    invalid = block[~((block >= 0) & (block <= 255) & (block == np.rint(block)))]
    if invalid.size:
        outside = invalid[~((invalid >= 0) & (invalid <= 255))]
        value = float(outside[0] if outside.size else invalid[0])
        message = f"contains the pixel {value:g}; pixels must be integers from 0 to 255, or from 0 to 1"
        raise Refused(Problem("pixel_value", message, column=name, given=value, limit=[0, 255]))
