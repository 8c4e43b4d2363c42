"""Images: IDX or .npz files with labels, imported as a table whose inputs are pixels of type uint8."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused
from app.imports.pictures.idx import GZIP, read_idx
from app.imports.pictures.labels import is_labels, label_values
from app.imports.pictures.npz import NPY, ZIP, Pair, read_npz
from app.imports.pictures.pixels import to_pixels
from app.imports.sentences import FileWarning, describe_warnings
from app.imports.tables.roles import refuse_target_values
from engine.datasets.dataset import Image
from engine.datasets.tables.limits import MAX_PIXELS, MAX_ROWS, MIN_ROWS
from engine.datasets.tables.table import Header, Table

SIGNATURES = (GZIP, ZIP, NPY, b"\0\0")
UTF_32 = b"\0\0\xfe\xff"  # the byte order mark of a text, which begins like an IDX file
PREVIEW_IMAGES = 24
LABEL = "label"


def is_images(raw: bytes) -> bool:
    """Whether the first bytes are those of a gzip, zip, .npy or IDX file."""
    return raw.startswith(SIGNATURES) and not raw.startswith(UTF_32)


def import_images(raw: bytes, task: str | None = None) -> tuple[dict[str, Any], Table]:
    """Returns the description of a file of images, and its table. Raises Refused.

    Several pairs (training and test files) are concatenated in their order: a run splits its data itself.
    """
    if raw.startswith(NPY):
        message = "an .npy file has no labels: numpy.savez(file, images=..., labels=...) saves both"
        raise Refused(Problem("no_labels", message))
    pairs = read_npz(raw) if raw.startswith(ZIP) else _pair(read_idx(raw))
    for images, labels in pairs:
        _refuse_pair(images, labels, pairs[0][0].shape[1:])
    table = _table(pairs)
    if task not in (None, table.header.task):
        classes = len(table.header.classes or ())
        message = f"the task of images with {classes} classes is {table.header.task}"
        raise Refused(Problem("wrong_task", message, given=task, limit=table.header.task))
    return _answer(table, len(pairs)), table


def _pair(arrays: list[NDArray]) -> list[Pair]:
    """Pairs each array of images with an array of labels, in their order."""
    images = [to_pixels(array) for array in arrays if not is_labels(array)]
    labels = [label_values(array) for array in arrays if is_labels(array)]
    if not images or len(images) != len(labels):
        message = (
            f"{len(images)} arrays of images and {len(labels)} of labels: images and their "
            "labels must be sent together, one file after the other"
        )
        raise Refused(Problem("unpaired_files", message, given=[len(images), len(labels)]))
    return list(zip(images, labels, strict=True))


def _refuse_pair(images: NDArray, labels: NDArray, shape: tuple[int, ...]) -> None:
    if len(images) != len(labels):
        message = f"{len(images):,} images and {len(labels):,} labels: there must be one label per image"
        raise Refused(Problem("label_count", message, given=len(labels), limit=len(images)))
    if images.shape[1:] != shape:
        sizes = " and ".join(f"{rows} × {columns}" for rows, columns in (shape, images.shape[1:]))
        raise Refused(
            Problem(
                "image_sizes_differ",
                f"the images have different sizes: {sizes}",
                given=list(images.shape[1:]),
            )
        )
    rows, columns = shape
    if not 2 <= rows * columns <= MAX_PIXELS:
        message = f"images of {rows} × {columns} pixels; at most {MAX_PIXELS:,} pixels (32 × 32) are allowed"
        raise Refused(Problem("image_size", message, given=rows * columns, limit=MAX_PIXELS))


def _table(pairs: list[Pair]) -> Table:
    total = sum(len(images) for images, _ in pairs)
    if not MIN_ROWS <= total <= MAX_ROWS:
        message = f"{total:,} images; there must be from {MIN_ROWS:,} to {MAX_ROWS:,}"
        raise Refused(Problem("image_count", message, given=total, limit=[MIN_ROWS, MAX_ROWS]))
    X = np.concatenate([images for images, _ in pairs])
    _, rows, columns = X.shape
    values, y = np.unique(np.concatenate([labels for _, labels in pairs]), return_inverse=True)
    names = tuple(str(value) for value in values.tolist())
    task = "binary" if len(values) == 2 else "multiclass"
    problem = refuse_target_values(LABEL, task, list(names), len(values))
    if problem is not None:
        raise Refused(problem)
    inputs = tuple(f"pixel_{row}_{column}" for row in range(rows) for column in range(columns))
    header = Header(task, inputs, (LABEL,), names, total, image=Image(rows, columns, 0, 255))
    return Table(header, X.reshape(total, -1), y.astype(np.int64))


def _answer(table: Table, pairs: int) -> dict[str, Any]:
    header, preview = table.header, slice(0, PREVIEW_IMAGES)
    assert header.image is not None and header.classes is not None
    warnings = [FileWarning("joined_pairs", {"count": pairs})] if pairs > 1 else []
    return {
        "kind": "pictures",
        "rows": header.rows,
        "rows_used": header.rows,
        "image": asdict(header.image),
        "inputs": len(header.inputs),
        "classes": list(header.classes),
        "counts": np.bincount(table.y, minlength=len(header.classes)),
        "target": [LABEL],
        "task": header.task,
        "pictures": {
            "pixels": table.X[preview],
            "labels": [header.classes[code] for code in table.y[preview]],
        },
        **describe_warnings(warnings),
        "problems": [],
    }


def to_arrays(table: Table) -> dict[str, NDArray]:
    """Returns `images` (n, rows, columns) and `labels` (n,), which can be imported again as .npz."""
    image, names = table.header.image, table.header.classes
    assert image is not None and names is not None
    are_integers = all(name.removeprefix("-").isdecimal() for name in names)
    labels = np.array([int(name) for name in names] if are_integers else names)
    return {"images": table.X.reshape(-1, image.rows, image.columns), "labels": labels[table.y]}
