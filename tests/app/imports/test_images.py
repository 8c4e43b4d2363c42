"""Import of images: IDX and .npz files become tables of uint8 pixels, or are refused with the problem."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from app.imports.errors import Refused
from app.imports.importer import import_file
from app.imports.options import ImportOptions
from app.imports.pictures.images import to_arrays
from engine.datasets import load
from engine.datasets.tables.limits import MAX_PIXELS, MAX_UNPACKED
from engine.datasets.tables.table import Header
from engine.queries import points, predict
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.views import VIEWS


def idx(array, type_code=8):
    """The array as an IDX file."""
    shape = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, type_code, array.ndim]) + shape + array.tobytes()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def bars(count=60, rows=6, columns=5, seed=0):
    """Images with a vertical (1) or a horizontal (0) bar, and the labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count).astype(np.uint8)
    images = rng.integers(0, 40, (count, rows, columns)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        position = rng.integers(1, min(rows, columns) - 1)
        if label:
            image[:, position] = 230
        else:
            image[position] = 230
    return images, labels


def table_of(raw, **options):
    return import_file(raw, ImportOptions(**options)).table


def refusal(raw, **options):
    with pytest.raises(Refused) as refused:
        import_file(raw, ImportOptions(**options))
    return str(refused.value)


class OneTable:
    """A table library with one table."""

    def __init__(self, table):
        self._table = table

    def content_of(self, name):
        return self._table.content if name == "bars" else None

    def names(self):
        return ["bars"]

    def header(self, content):
        return self._table.header if content == self._table.content else None

    def table(self, content):
        return self._table


IMAGES, LABELS = bars()
COMPRESSED = gzip.compress(idx(IMAGES))
FORMATS = {
    "plain": idx(IMAGES) + idx(LABELS),
    "compressed": COMPRESSED + gzip.compress(idx(LABELS)),
    "labels first": idx(LABELS) + idx(IMAGES),
    "compressed images only": COMPRESSED + idx(LABELS),
    "npz": npz(x_train=IMAGES, y_train=LABELS),
    "npz flat": npz(data=bars(rows=5)[0].reshape(60, 25), target=bars(rows=5)[1]),
    "npz of floats": npz(images=IMAGES.astype(float), labels=LABELS.astype(np.int64)),
    "npz with one channel": npz(X=IMAGES[..., None], y=LABELS),
    "npz with the channel first": npz(X=IMAGES[:, None], y=LABELS),
    "npz of fractions": npz(images=IMAGES / 255, labels=LABELS),
    "npz of fractions in single precision": npz(images=(IMAGES / 255).astype(np.float32), labels=LABELS),
    "npz with a column of labels": npz(images=IMAGES, labels=LABELS[:, None]),
    "npz with one-hot labels": npz(images=IMAGES, labels=np.eye(2)[LABELS]),
    "npz with labels of floats": npz(images=IMAGES, labels=LABELS.astype(np.float32)),
    "IDX with a column of labels": idx(IMAGES) + idx(LABELS[:, None]),
    "IDX with one-hot labels": idx(IMAGES) + idx(np.eye(2, dtype=np.uint8)[LABELS]),
    "IDX with a channel": idx(IMAGES[:, None]) + idx(LABELS),
    "IDX of floats": idx((IMAGES / 255).astype(">f4"), 13) + idx(LABELS.astype(">f8"), 14),
    "IDX of 32-bit labels": idx(IMAGES) + idx(LABELS.astype(">i4"), 12),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_images_in_any_format_give_the_same_table(name):
    table = table_of(FORMATS[name])
    images, labels = bars(rows=5) if name == "npz flat" else (IMAGES, LABELS)
    assert table.X.dtype == np.uint8
    assert (images.reshape(60, -1) == table.X).all() and (table.y == labels).all()
    image = table.header.image
    assert (image.rows, image.columns, image.low, image.high) == (*images.shape[1:], 0, 255)
    assert table.header.inputs[:2] == ("pixel_0_0", "pixel_0_1")
    assert (table.header.task, table.header.classes) == ("binary", ("0", "1"))


def test_several_pairs_are_joined_training_files_first():
    first, second = bars(40, seed=1), bars(20, seed=2)
    expected = np.concatenate([first[0], second[0]]).reshape(60, -1)
    files = [idx(array) for array in (*first, *second)]
    assert (expected == table_of(b"".join(files)).X).all()
    archive = npz(x_test=second[0], y_test=second[1], x_train=first[0], y_train=first[1])
    result = import_file(archive, ImportOptions())
    assert (expected == result.table.X).all()
    assert "2 pairs" in result.answer["warnings"][0]


def test_labels_become_classes_in_their_order():
    labels = np.arange(60) % 3 * 4 + 1
    table = table_of(npz(images=IMAGES, labels=labels))
    assert (table.header.task, table.header.classes) == ("multiclass", ("1", "5", "9"))
    assert (table.y == np.arange(60) % 3).all()
    arrays = to_arrays(table)
    assert (arrays["labels"] == labels).all() and (arrays["images"] == IMAGES).all()
    assert table_of(npz(**arrays)).content == table.content


@pytest.mark.parametrize("kind", [str, bytes])
def test_labels_that_are_words_become_classes_of_these_names_and_are_saved_again(kind):
    words = np.array(["cat", "dog", "owl"] if kind is str else [b"cat", b"dog", b"owl"])
    table = table_of(npz(images=IMAGES, labels=words[np.arange(60) % 3]))
    assert (table.header.classes, table.y[:4].tolist()) == (("cat", "dog", "owl"), [0, 1, 2, 0])
    assert table_of(npz(**to_arrays(table))).content == table.content


def test_black_and_white_images_have_the_pixels_0_and_255():
    table = table_of(npz(images=IMAGES > 100, labels=LABELS))
    assert (np.where(IMAGES.reshape(60, -1) > 100, 255, 0) == table.X).all()


def test_a_header_with_an_image_shape_is_the_same_after_writing_and_reading():
    header = table_of(FORMATS["plain"]).header
    assert Header.from_json(header.to_json()) == header


ONE = idx(IMAGES) + idx(LABELS)
REFUSED_FILES = {
    "another magic number": (b"\0\0\x01\x02" + ONE[4:], "expected an IDX file"),
    "trailing bytes": (ONE + b"rest", "at byte 1,884"),
    "another type": (b"\0\0\x0a\x03" + ONE[4:], "found 00 00 0a 03"),
    "five dimensions": (idx(IMAGES[:, None, None]) + idx(LABELS), "5 dimensions"),
    "rows that are no squares": (idx(IMAGES.reshape(60, -1)) + idx(LABELS), "shape (60, 30)"),
    "truncated": (ONE[:-1], "states 60 numbers"),
    "only a header": (ONE[:9], "array is truncated"),
    "truncated gzip": (COMPRESSED[:-9], "gzip file is truncated"),
    "damaged gzip": (COMPRESSED[:30] + bytes(20) + COMPRESSED[50:], "damaged"),
    "no labels": (idx(IMAGES), "1 arrays of images and 0 of labels"),
    "fewer labels": (idx(IMAGES) + idx(LABELS[:50]), "60 images and 50 labels"),
    "two sizes": (ONE + idx(IMAGES[:, :5]) + idx(LABELS), "6 × 5 and 5 × 5"),
    "too many pixels": (idx(np.zeros((4, 33, 32), np.uint8)) + idx(LABELS[:4]), f"{MAX_PIXELS:,}"),
    "too few": (idx(IMAGES[:3]) + idx(LABELS[:3]), "3 images"),
    "too many": (idx(np.zeros((200_001, 2, 1), np.uint8)) + idx(np.zeros(200_001, np.uint8)), "200,001"),
    "one class": (idx(IMAGES) + idx(LABELS * 0), "every row has the same value"),
    "too many classes": (
        idx(IMAGES) + idx(np.arange(60, dtype=np.uint8)),
        "60 different values; at most 20",
    ),
    "pickled": (npz(images=IMAGES, labels=np.array([{}] * 60)), "pickled Python objects"),
    "colours": (npz(images=np.zeros((9, 4, 4, 3), np.uint8), labels=LABELS[:9]), "without colours"),
    "halves": (npz(images=IMAGES / 2, labels=LABELS), "integers from 0 to 255"),
    "no numbers": (npz(images=IMAGES * np.nan, labels=LABELS), "integers from 0 to 255"),
    "labels of fractions": (npz(images=IMAGES, labels=LABELS + 0.5), "labels must be integers or words"),
    "labels that are not one-hot": (npz(images=IMAGES, labels=np.ones((60, 3))), "one 1 in each row"),
    "labels missing": (npz(images=IMAGES), "expected images (n, rows, columns) and labels (n,)"),
    "ambiguous labels": (npz(a=IMAGES, b=LABELS, c=LABELS), "ambiguous"),
    "a damaged zip": (FORMATS["npz"][:400], "damaged"),
    "one array": (b"\x93NUMPY\x01\x00", "savez"),
}


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_an_invalid_file_is_refused_with_its_problem(name):
    raw, message = REFUSED_FILES[name]
    assert message in refusal(raw)


def test_a_zip_archive_without_arrays_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sheet.xml", "<a/>")
    assert "without NumPy arrays" in refusal(file.getvalue())


def test_damaged_archive_members_are_refused():
    file = io.BytesIO()
    np.savez_compressed(file, images=IMAGES, labels=LABELS)
    raw = bytearray(file.getvalue())
    raw[200:260] = bytes(60)
    assert "damaged" in refusal(bytes(raw))
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00no header")
    assert "cannot be read" in refusal(file.getvalue())


def test_text_that_begins_with_two_nul_bytes_is_text():
    text = b"\0\0\xfe\xff" + "a,b\n1,2\n3,4\n5,6\n7,8\n".encode("utf-32-be")
    assert import_file(text, ImportOptions()).answer["encoding"] == "UTF-32"


def test_a_small_file_with_a_large_content_is_refused():
    zeros = gzip.compress(bytes(MAX_UNPACKED + 2), 1)
    assert len(zeros) < 2**21 and "decompressed" in refusal(zeros)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.npy", bytes(MAX_UNPACKED + 1))
    assert "decompressed" in refusal(file.getvalue())


def test_a_task_that_does_not_fit_the_labels_is_refused():
    assert "is binary" in refusal(ONE, task="regression")


def test_images_are_learned_and_stay_uint8():
    tables = OneTable(table_of(ONE))
    config = parse(
        {"dataset": {"name": "bars"}, "layers": [{"units": 6}], "optimizer": {"learning_rate": 0.05}}, tables
    )
    data = load(config, tables)
    assert (data.train.raw.dtype, data.train.inputs.dtype) == (np.uint8, np.float32)
    trainer = Trainer(config, data)
    trainer.advance(100)
    assert trainer.measure()["metrics"]["train_accuracy"] > 0.95
    assert points(data)["image"] == {"rows": 6, "columns": 5, "low": 0, "high": 255}
    for name in ("network", "decision_boundary", "results", "sample_trace", "answer"):
        assert VIEWS[name].compute(trainer.checkpoint(), data, VIEWS[name].parse({}))
    rows = data.test.raw.tolist()
    assert len(predict(trainer.checkpoint(), data, rows)["classes"]) == 30


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pixels_are_centred_by_their_means_and_scaled_by_one_standard_deviation(dtype):
    tables = OneTable(table_of(ONE))
    data = load(parse({"dataset": {"name": "bars"}, "dtype": dtype}, tables), tables)
    raw = data.train.raw.astype(float)
    assert data.feature_mean == pytest.approx(raw.mean(axis=0), rel=1e-12)
    assert data.feature_scale == pytest.approx(np.full(30, np.sqrt(raw.var(axis=0).mean())), rel=1e-12)
    for part in (data.train, data.test):
        assert part.inputs.dtype == dtype
        assert (part.inputs == data.transform(part.raw).astype(dtype)).all()
    plain = load(parse({"dataset": {"name": "bars", "standardize": False}, "dtype": dtype}, tables), tables)
    assert (plain.train.inputs == plain.train.raw).all()


def test_a_run_uses_10000_of_many_images_unless_the_configuration_sets_more():
    labels = np.arange(12_000) % 2
    tables = OneTable(table_of(npz(images=labels[:, None, None] * np.ones((1, 1, 2)) * 9, labels=labels)))
    assert parse({"dataset": {"name": "bars"}}, tables).dataset.samples == 10_000
    assert parse({"dataset": {"name": "bars", "samples": 12_000}}, tables).dataset.samples == 12_000


def test_the_number_of_points_in_an_answer_can_be_limited():
    tables = OneTable(table_of(ONE))
    data = load(parse({"dataset": {"name": "bars"}}, tables), tables)
    limited = points(data, max_values=100)
    assert [len(limited[name]["inputs"]) for name in ("train", "validation", "test")] == [3, 0, 3]
    assert limited["sizes"] == {"train": 30, "validation": 0, "test": 30}
    assert (limited["test"]["inputs"] == data.test.raw[:3]).all() and len(limited["test"]["targets"]) == 3
    assert len(points(data)["train"]["inputs"]) == 30


def test_an_array_whose_header_states_an_impossible_size_is_refused():
    header = str({"descr": "|u1", "fortran_order": False, "shape": (10**30, 6, 5)}).encode() + b"\n"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    assert "images" in refusal(file.getvalue())
