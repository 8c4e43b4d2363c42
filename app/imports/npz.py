"""Images and labels in NumPy's .npz files, read without unpickling anything."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused
from engine.datasets.tables.limits import MAX_UNPACKED

ZIP = b"PK\x03\x04"
SINGLE = b"\x93NUMPY"
BLOCK = 4096
DAMAGED = (
    BadZipFile,
    OSError,
    EOFError,
    RuntimeError,
    zlib.error,
)  # RuntimeError: encrypted, or in an unsupported compression
# Usual names of the images of a pair and its labels.
PAIRS = (("images", "labels"), ("x", "y"), ("X", "y"), ("data", "target"), ("data", "labels"))

Pair = tuple[NDArray[np.uint8], NDArray]


def read_npz(raw: bytes) -> list[Pair]:
    """Pairs of pictures (n, rows, columns) and labels (n,), training pairs first. Raises Refused."""
    arrays = dict(_arrays(raw))
    pictures = {name: array for name, array in arrays.items() if array.ndim in (2, 3, 4)}
    labels = {name: array for name, array in arrays.items() if array.ndim == 1}
    if not pictures or not labels:
        listed = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "nothing"
        message = f"there must be pictures (n, rows, columns) and labels (n,); there is {listed[:300]}"
        raise Refused(Problem("no_image_arrays", message, given=listed[:200]))
    names = sorted(pictures, key=lambda name: "train" not in name.lower())
    return [(_pixels(name, pictures[name]), _partner(name, len(pictures[name]), labels)) for name in names]


def _arrays(raw: bytes) -> Iterator[tuple[str, NDArray]]:
    try:
        with ZipFile(BytesIO(raw)) as archive:
            members = archive.infolist()
            if not any(member.filename.endswith(".npy") for member in members):
                message = "a spreadsheet, or a zip archive without NumPy arrays (pictures come as .npz)"
                raise Refused(Problem("not_npz", message))
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                message = f"unpacked these are more than {MAX_UNPACKED:,} bytes"
                raise Refused(Problem("too_large_unpacked", message, limit=MAX_UNPACKED))
        with np.load(BytesIO(raw), allow_pickle=False) as arrays:
            for name in arrays.files:
                yield name, _loaded(arrays, name)
    except DAMAGED as error:
        raise Refused(Problem("damaged_npz", f"the .npz file (or spreadsheet) is damaged: {error}")) from None


def _loaded(arrays: np.lib.npyio.NpzFile, name: str) -> NDArray:
    try:
        return np.asarray(arrays[name])
    except (ValueError, OverflowError, MemoryError) as error:
        pickled = "pickle" in str(error)
        code = "pickled_array" if pickled else "unreadable_array"
        message = "is pickled Python objects, which could run anything: it is not opened; save plain arrays"
        raise Refused(
            Problem(code, message if pickled else f"cannot be read: {error}", column=name)
        ) from None


def _pixels(name: str, array: NDArray) -> NDArray[np.uint8]:
    """Whole numbers from 0 to 255, (n, rows, columns)."""
    if array.ndim == 4 and array.shape[-1] == 1:
        array = array[..., 0]
    side = int(np.sqrt(array.shape[1])) if array.ndim == 2 else 0
    if array.ndim == 2 and side * side == array.shape[1]:
        array = array.reshape(len(array), side, side)
    if array.ndim != 3:
        message = f"has the shape {array.shape}; pictures are (n, rows, columns), without colours"
        raise Refused(Problem("image_shape", message, column=name, given=list(array.shape)))
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind not in "uifb":
        raise Refused(
            Problem(
                "pixel_type", f"is of {array.dtype}; pixels are numbers", column=name, given=str(array.dtype)
            )
        )
    whole = np.empty(array.shape, np.uint8)
    for start in range(0, len(array), BLOCK):
        block = array[start : start + BLOCK].astype(np.float64)
        invalid = block[~((block >= 0) & (block <= 255) & (block == np.rint(block)))]
        if invalid.size:
            value = float(invalid[0])
            message = f"has the pixel {value:g}; pixels are whole numbers from 0 to 255"
            raise Refused(Problem("pixel_value", message, column=name, given=value, limit=[0, 255]))
        whole[start : start + BLOCK] = block
    return whole


def _partner(name: str, count: int, labels: dict[str, NDArray]) -> NDArray:
    """The labels that belong to these pictures: by name, else the only ones as many."""
    for pictures, label_name in PAIRS:
        expected = name.replace(pictures, label_name, 1)
        if pictures in name and expected in labels:
            return labels[expected]
    fitting = [array for array in labels.values() if len(array) == count]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"{label} ({len(array):,})" for label, array in labels.items())
    message = f"{count:,} pictures, and which labels are theirs is not clear: {listed}"
    raise Refused(Problem("ambiguous_labels", message, column=name, given=count))
