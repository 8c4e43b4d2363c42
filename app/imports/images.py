"""Pictures of one's own: IDX or .npz, with labels, as a table whose inputs are pixels, kept as bytes."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused
from app.imports.idx import GZIP, read_idx
from app.imports.npz import SINGLE, ZIP, Pair, read_npz
from app.imports.roles import refuse_values
from engine.datasets.dataset import Image
from engine.datasets.tables.limits import MAX_PIXELS, MAX_ROWS, MIN_ROWS
from engine.datasets.tables.table import Header, Table

SIGNATURES = (GZIP, ZIP, SINGLE, b"\0\0")
UTF_32 = b"\0\0\xfe\xff"  # a text after all
PREVIEW_IMAGES = 24
LABEL = "label"


def is_images(raw: bytes) -> bool:
    """Whether a file is no text but what pictures come in."""
    return raw.startswith(SIGNATURES) and not raw.startswith(UTF_32)


def import_images(raw: bytes, task: str | None = None) -> tuple[dict[str, Any], Table]:
    """What is understood of the file, and its table. Raises Refused.

    Several pairs (training and test files) are put together in their order: a run divides its data itself.
    """
    if raw.startswith(SINGLE):
        message = "one array alone has no labels: numpy.savez(file, images=..., labels=...) keeps both"
        raise Refused(Problem("no_labels", message))
    pairs = read_npz(raw) if raw.startswith(ZIP) else _paired(read_idx(raw))
    for pictures, labels in pairs:
        _refuse_pair(pictures, labels, pairs[0][0].shape[1:])
    table = _table(pairs)
    if task not in (None, table.header.task):
        message = f"pictures with {len(table.header.classes or ())} labels are {table.header.task}"
        raise Refused(Problem("wrong_task", message, given=task, limit=table.header.task))
    return _answer(table, len(pairs)), table


def _paired(arrays: list[NDArray[np.uint8]]) -> list[Pair]:
    """Each file of pictures with its file of labels, in their order."""
    pictures = [array for array in arrays if array.ndim == 3]
    labels = [array for array in arrays if array.ndim == 1]
    if not pictures or len(pictures) != len(labels):
        message = (
            f"{len(pictures)} files of pictures and {len(labels)} of labels: pictures and their labels must "
            "be sent together, one file after the other"
        )
        raise Refused(Problem("unpaired_files", message, given=[len(pictures), len(labels)]))
    return list(zip(pictures, labels, strict=True))


def _refuse_pair(pictures: NDArray, labels: NDArray, shape: tuple[int, ...]) -> None:
    if len(pictures) != len(labels):
        message = f"{len(pictures):,} pictures and {len(labels):,} labels: there must be one for each"
        raise Refused(Problem("label_count", message, given=len(labels), limit=len(pictures)))
    if pictures.shape[1:] != shape:
        sizes = " and ".join(f"{rows} × {columns}" for rows, columns in (shape, pictures.shape[1:]))
        raise Refused(
            Problem(
                "image_sizes_differ", f"pictures of different sizes: {sizes}", given=list(pictures.shape[1:])
            )
        )
    rows, columns = shape
    if not 2 <= rows * columns <= MAX_PIXELS:
        message = f"pictures of {rows} × {columns} pixels; there may be {MAX_PIXELS:,} (32 × 32)"
        raise Refused(Problem("image_size", message, given=rows * columns, limit=MAX_PIXELS))
    if labels.dtype.kind not in "uib":
        message = f"labels must be whole numbers, and these are {labels.dtype}"
        raise Refused(Problem("label_type", message, given=str(labels.dtype)))


def _table(pairs: list[Pair]) -> Table:
    total = sum(len(pictures) for pictures, _ in pairs)
    if not MIN_ROWS <= total <= MAX_ROWS:
        message = f"{total:,} pictures; there must be from {MIN_ROWS} to {MAX_ROWS:,}"
        raise Refused(Problem("image_count", message, given=total, limit=[MIN_ROWS, MAX_ROWS]))
    X = np.concatenate([pictures for pictures, _ in pairs])
    _, rows, columns = X.shape
    values, y = np.unique(np.concatenate([labels for _, labels in pairs]), return_inverse=True)
    names = tuple(str(int(value)) for value in values)
    task = "binary" if len(values) == 2 else "multiclass"
    problem = refuse_values(LABEL, task, list(names), len(values))
    if problem is not None:
        raise Refused(problem)
    inputs = tuple(f"pixel_{row}_{column}" for row in range(rows) for column in range(columns))
    header = Header(task, inputs, (LABEL,), names, total, image=Image(rows, columns, 0, 255))
    return Table(header, X.reshape(total, -1), y.astype(np.int64))


def _answer(table: Table, pairs: int) -> dict[str, Any]:
    header, preview = table.header, slice(0, PREVIEW_IMAGES)
    assert header.image is not None and header.classes is not None
    warnings = []
    if pairs > 1:
        warnings.append(f"{pairs} pairs are put together; a run chooses anew what it holds back for testing.")
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
        "warnings": warnings,
        "problems": [],
    }


def to_arrays(table: Table) -> dict[str, NDArray]:
    """`images` (n, rows, columns) and `labels` (n,), as they can be put again."""
    image, names = table.header.image, table.header.classes
    assert image is not None and names is not None
    labels = np.array([int(name) for name in names])
    return {"images": table.X.reshape(-1, image.rows, image.columns), "labels": labels[table.y]}
