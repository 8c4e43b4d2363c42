"""Images and labels in NumPy's .npz files, read without unpickling."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused, too_many_arrays
from app.imports.pictures.labels import is_labels, label_values
from app.imports.pictures.pixels import to_pixels
from app.imports.progress import reported
from app.zip_errors import ZIP_ERRORS
from engine.datasets.tables.limits import MAX_ARRAYS, MAX_UNPACKED

ZIP = b"PK\x03\x04"
NPY = b"\x93NUMPY"
# Usual names of the images of a pair and of its labels.
PAIRS = (("images", "labels"), ("x", "y"), ("X", "y"), ("data", "target"), ("data", "labels"))

Pair = tuple[NDArray[np.uint8], NDArray]


def read_npz(raw: bytes) -> list[Pair]:
    """Returns pairs of images (n, rows, columns) and labels (n,), training first. Raises Refused."""
    arrays = dict(_load_arrays(raw))
    labels = {name: array for name, array in arrays.items() if is_labels(array, name)}
    images = {name: array for name, array in arrays.items() if array.ndim in (2, 3, 4) and name not in labels}
    if not images or not labels:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "nothing"
        message = f"expected images (n, rows, columns) and labels (n,), found {shapes[:300]}"
        raise Refused(Problem("no_image_arrays", message, given=shapes[:200]))
    names = sorted(images, key=lambda name: "train" not in name.lower())
    return [(to_pixels(images[name], name), _labels_of(name, len(images[name]), labels)) for name in names]


def _load_arrays(raw: bytes) -> Iterator[tuple[str, NDArray]]:
    try:
        with ZipFile(BytesIO(raw)) as archive:
            members = archive.infolist()
            if not any(member.filename.endswith(".npy") for member in members):
                message = (
                    "This is a zip archive without a table and without NumPy arrays: please unpack it and"
                    " import one of the files in it (of images only .npz and IDX files)."
                )
                raise Refused(Problem("not_npz", message))
            if len(members) > MAX_ARRAYS:
                raise Refused(too_many_arrays(len(members)))
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                message = f"the decompressed content is larger than {MAX_UNPACKED:,} bytes"
                raise Refused(Problem("too_large_unpacked", message, limit=MAX_UNPACKED))
        with np.load(BytesIO(raw), allow_pickle=False) as arrays:
            for name in reported(arrays.files):
                yield name, _load(arrays, name)
    except Refused:
        raise
    except ZIP_ERRORS as error:
        raise Refused(Problem("damaged_npz", f"the .npz file (or spreadsheet) is damaged: {error}")) from None


def _load(arrays: np.lib.npyio.NpzFile, name: str) -> NDArray:
    try:
        return np.asarray(arrays[name])
    except (ValueError, OverflowError, MemoryError) as error:
        pickled = "pickle" in str(error)
        code = "pickled_array" if pickled else "unreadable_array"
        message = (
            "contains pickled Python objects, which can execute code and are not read; save plain arrays"
        )
        raise Refused(
            Problem(code, message if pickled else f"cannot be read: {error}", column=name)
        ) from None


def _labels_of(name: str, count: int, labels: dict[str, NDArray]) -> NDArray:
    """Returns the labels of these images: those of the matching name, else the only ones of this length."""
    for image_name, label_name in PAIRS:
        expected = name.replace(image_name, label_name, 1)
        if image_name in name and expected in labels:
            return label_values(labels[expected], expected)
    candidates = {name: array for name, array in labels.items() if len(array) == count}
    if len(candidates) == 1:
        [(label_name, array)] = candidates.items()
        return label_values(array, label_name)
    lengths = ", ".join(f"{label} ({len(array):,})" for label, array in labels.items())
    message = f"which labels belong to these {count:,} images is ambiguous: {lengths}"
    raise Refused(Problem("ambiguous_labels", message, column=name, given=count))
