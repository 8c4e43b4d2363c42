"""Labels of images: one per image, as integers, words or whole floats, in a column, or one-hot."""

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused

MAX_LENGTH = 100  # characters of a class that is a word
LABEL_NAMES = ("label", "target", "class", "y")  # with which the usual names of arrays of labels begin


def is_labels(array: NDArray, name: str = "") -> bool:
    """Whether an array has the shape of labels: (n,), (n, 1), or (n, k) one-hot or with a usual name."""
    if array.ndim == 2 and array.shape[1] > 1:
        return name.lower().startswith(LABEL_NAMES) or _is_one_hot(array)
    return array.ndim == 1 or array.ndim == 2


def label_values(array: NDArray, name: str | None = None) -> NDArray:
    """Returns labels (n,) as int64 or as words. Raises Refused."""
    if array.ndim == 2 and array.shape[1] > 1:
        if not _is_one_hot(array):
            message = f"has the shape {array.shape}; several columns of labels must have one 1 in each row"
            raise Refused(Problem("label_shape", message, column=name, given=list(array.shape)))
        return array.argmax(axis=1).astype(np.int64)
    flat = array.ravel()
    if flat.dtype.kind == "S":
        flat = np.char.decode(flat, "utf-8", "replace")
    if flat.dtype.kind == "U":
        return np.char.strip(flat).astype(f"U{MAX_LENGTH}")
    if flat.dtype.kind == "f" and (np.isfinite(flat).all() and (flat == np.rint(flat)).all()):
        flat = flat.astype(np.int64)
    if flat.dtype.kind not in "uib":
        message = f"labels must be integers or words, and these are {array.dtype}"
        raise Refused(Problem("label_type", message, column=name, given=str(array.dtype)))
    return flat.astype(np.int64)


def _is_one_hot(array: NDArray) -> bool:
    """Whether every row (of two columns or more) has a single 1 and otherwise 0."""
    if array.dtype.kind not in "uifb" or not len(array):
        return False
    return bool(np.isin(array, (0, 1)).all() and (array.sum(axis=1) == 1).all())
