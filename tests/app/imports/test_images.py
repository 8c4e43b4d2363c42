"""Own pictures: IDX and .npz become tables of bytes, and whatever is wrong with a file is said."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from app.imports.errors import Refused
from app.imports.images import to_arrays
from app.imports.importer import ImportOptions, import_file
from engine.datasets import load
from engine.datasets.tables.limits import MAX_PIXELS, MAX_UNPACKED
from engine.datasets.tables.table import Header
from engine.queries import points, predict
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.views import VIEWS


def idx(array, kind=8):
    """The array as an IDX file."""
    shape = b"".join(side.to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, kind, array.ndim]) + shape + array.tobytes()


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def bars(count=60, rows=6, columns=5, seed=0):
    """Pictures with an upright (1) or a lying (0) bar, and which."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count).astype(np.uint8)
    pictures = rng.integers(0, 40, (count, rows, columns)).astype(np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        place = rng.integers(1, min(rows, columns) - 1)
        if label:
            picture[:, place] = 230
        else:
            picture[place] = 230
    return pictures, labels


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


PICTURES, LABELS = bars()
PACKED = gzip.compress(idx(PICTURES))
WAYS = {
    "plain": idx(PICTURES) + idx(LABELS),
    "packed": PACKED + gzip.compress(idx(LABELS)),
    "labels first": idx(LABELS) + idx(PICTURES),
    "half packed": PACKED + idx(LABELS),
    "npz": npz(x_train=PICTURES, y_train=LABELS),
    "npz flat": npz(data=bars(rows=5)[0].reshape(60, 25), target=bars(rows=5)[1]),
    "npz of floats": npz(images=PICTURES.astype(float), labels=LABELS.astype(np.int64)),
    "npz with one channel": npz(X=PICTURES[..., None], y=LABELS),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_pictures_gives_the_same_table(way):
    table = table_of(WAYS[way])
    pictures, labels = bars(rows=5) if way == "npz flat" else (PICTURES, LABELS)
    assert table.X.dtype == np.uint8
    assert (pictures.reshape(60, -1) == table.X).all() and (table.y == labels).all()
    image = table.header.image
    assert (image.rows, image.columns, image.low, image.high) == (*pictures.shape[1:], 0, 255)
    assert table.header.inputs[:2] == ("pixel_0_0", "pixel_0_1")
    assert (table.header.task, table.header.classes) == ("binary", ("0", "1"))


def test_several_pairs_are_put_together_training_files_first():
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
    table = table_of(npz(images=PICTURES, labels=labels))
    assert (table.header.task, table.header.classes) == ("multiclass", ("1", "5", "9"))
    assert (table.y == np.arange(60) % 3).all()
    arrays = to_arrays(table)
    assert (arrays["labels"] == labels).all() and (arrays["images"] == PICTURES).all()
    assert table_of(npz(**arrays)).content == table.content


def test_a_header_with_a_picture_survives_being_written():
    header = table_of(WAYS["plain"]).header
    assert Header.from_json(header.to_json()) == header


ONE = idx(PICTURES) + idx(LABELS)
WRONG = {
    "another magic": (b"\0\0\x01\x02" + ONE[4:], "there should be an IDX file"),
    "something behind": (ONE + b"rest", "at byte 1,884"),
    "floats": (idx(PICTURES, 13) + idx(LABELS), "floats"),
    "two dimensions": (idx(PICTURES.reshape(60, -1)) + idx(LABELS), "2 dimensions"),
    "too short": (ONE[:-1], "labels are truncated"),
    "head only": (ONE[:9], "pictures are truncated"),
    "too short, packed": (PACKED[:-9], "gzip file ends too early"),
    "damaged": (PACKED[:30] + bytes(20) + PACKED[50:], "damaged"),
    "a packed table": (gzip.compress(b"a,b\n1,2\n"), "there should be an IDX file"),
    "no labels": (idx(PICTURES), "1 files of pictures and 0 of labels"),
    "fewer labels": (idx(PICTURES) + idx(LABELS[:50]), "60 pictures and 50 labels"),
    "two sizes": (ONE + idx(PICTURES[:, :5]) + idx(LABELS), "6 × 5 and 5 × 5"),
    "too many pixels": (idx(np.zeros((4, 33, 32), np.uint8)) + idx(LABELS[:4]), f"{MAX_PIXELS:,}"),
    "too few": (idx(PICTURES[:3]) + idx(LABELS[:3]), "3 pictures"),
    "too many": (idx(np.zeros((200_001, 2, 1), np.uint8)) + idx(np.zeros(200_001, np.uint8)), "200,001"),
    "one class": (idx(PICTURES) + idx(LABELS * 0), "every row has the same value"),
    "too many classes": (
        idx(PICTURES) + idx(np.arange(60, dtype=np.uint8)),
        "60 different values; there may be at most 20",
    ),
    "pickled": (npz(images=PICTURES, labels=np.array([{}] * 60)), "pickled Python objects"),
    "colours": (npz(images=np.zeros((9, 4, 4, 3), np.uint8), labels=LABELS[:9]), "without colours"),
    "halves": (npz(images=PICTURES / 2, labels=LABELS), "whole numbers from 0 to 255"),
    "no numbers": (npz(images=PICTURES * np.nan, labels=LABELS), "whole numbers from 0 to 255"),
    "labels of floats": (npz(images=PICTURES, labels=LABELS + 0.5), "labels must be whole numbers"),
    "labels missing": (npz(images=PICTURES), "pictures (n, rows, columns) and labels (n,)"),
    "unclear labels": (npz(a=PICTURES, b=LABELS, c=LABELS), "which labels are theirs"),
    "a damaged zip": (WAYS["npz"][:400], "damaged"),
    "one array": (b"\x93NUMPY\x01\x00", "savez"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_file_is_said(what):
    raw, said = WRONG[what]
    assert said in refusal(raw)


def test_a_zip_of_something_else_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sheet.xml", "<a/>")
    assert "without NumPy arrays" in refusal(file.getvalue())


def test_members_that_are_damaged_are_refused():
    file = io.BytesIO()
    np.savez_compressed(file, images=PICTURES, labels=LABELS)
    raw = bytearray(file.getvalue())
    raw[200:260] = bytes(60)
    assert "damaged" in refusal(bytes(raw))
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00no header")
    assert "cannot be read" in refusal(file.getvalue())


def test_text_that_begins_with_two_nul_bytes_is_text():
    assert (
        "UTF-32"
        in import_file(
            "a,b\n1,2\n3,4\n5,6\n7,8\n".encode("utf-32-be").join([b"\0\0\xfe\xff", b""]), ImportOptions()
        ).answer["encoding"]
    )


def test_a_small_file_that_unpacks_to_much_is_refused_before_it_does():
    zeros = gzip.compress(bytes(MAX_UNPACKED + 2), 1)
    assert len(zeros) < 2**21 and "unpacked" in refusal(zeros)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.npy", bytes(MAX_UNPACKED + 1))
    assert "unpacked" in refusal(file.getvalue())


def test_another_task_than_the_labels_make_is_refused():
    assert "are binary" in refusal(ONE, task="regression")


def test_pictures_are_learned_and_stay_bytes():
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
def test_pixels_are_scaled_about_their_means_by_one_spread(dtype):
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


def test_a_run_learns_from_a_part_of_many_pictures_unless_it_asks_for_all():
    labels = np.arange(12_000) % 2
    tables = OneTable(table_of(npz(images=labels[:, None, None] * np.ones((1, 1, 2)) * 9, labels=labels)))
    assert parse({"dataset": {"name": "bars"}}, tables).dataset.samples == 10_000
    assert parse({"dataset": {"name": "bars", "samples": 12_000}}, tables).dataset.samples == 12_000


def test_points_can_be_asked_for_in_part():
    tables = OneTable(table_of(ONE))
    data = load(parse({"dataset": {"name": "bars"}}, tables), tables)
    some = points(data, numbers=100)
    assert [len(some[name]["inputs"]) for name in ("train", "validation", "test")] == [3, 0, 3]
    assert some["sizes"] == {"train": 30, "validation": 0, "test": 30}
    assert (some["test"]["inputs"] == data.test.raw[:3]).all() and len(some["test"]["targets"]) == 3
    assert len(points(data)["train"]["inputs"]) == 30


def test_an_array_whose_header_tells_of_more_than_there_can_be_is_refused():
    header = str({"descr": "|u1", "fortran_order": False, "shape": (10**30, 6, 5)}).encode() + b"\n"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    assert "images" in refusal(file.getvalue())
