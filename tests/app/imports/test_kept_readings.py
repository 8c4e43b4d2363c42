"""Kept readings: a file is read once for imports that differ in roles; again when its cells may differ."""

import random
from dataclasses import fields

import numpy as np
import pytest

from app import encoding
from app.imports import importer
from app.imports.errors import Refused
from app.imports.importer import import_file
from app.imports.kept_readings import KeptReadings
from app.imports.options import ImportOptions
from app.imports.text import records, table_cells
from app.storage.table_files import TableFiles
from app.workers.current_task import CurrentTask
from app.workers.imports.messages import ReadTable
from app.workers.imports.worker import ImportWorker

HEADER = "kind;day;amount;other;y\n"
ROWS = [
    f"{'u#wv'[row % 4]};{1 + row % 12:02}/{1 + row % 11:02}/2024;{row % 9}.{row:03};{row % 5};{row % 10},5\n"
    for row in range(60)
]
TEXT = HEADER + "".join(ROWS[:40]) + "u;03/04/2024;1.001;2\n" + "".join(ROWS[40:])  # one row is short
BASE = {"ragged": "drop"}
# Another value of each option that changes what this file gives.
CHANGES = {
    "target": ("amount",), "task": "multiclass", "delimiter": ",", "decimal": ".", "thousands": ".",
    "header": False, "skip": 2, "comment": "#", "ragged": "pad", "missing": "mean", "missing_words": ("w",),
    "ignore": ("other",), "input": ("other",), "text": ("day",), "number": ("day",), "date": ("other",),
    "dates": ("year",), "date_order": "dmy",
}  # fmt: skip


@pytest.fixture
def readings(monkeypatch):
    """The options with which files were read."""
    made = []
    read = importer.read_file

    def read_file(raw, converted, options):
        made.append(options)
        return read(raw, converted, options)

    monkeypatch.setattr(importer, "read_file", read_file)
    return made


def outcome(raw, options, kept=None):
    """What an import gives: the answer, and the numbers of its table, or its refusal."""
    try:
        result = import_file(raw.encode(), ImportOptions(**options), kept)
    except Refused as refused:
        return refused.problem, None
    return encoding.encode(result.answer), result.table


def assert_equal(first, second):
    assert first[0] == second[0]
    assert (first[1] is None) == (second[1] is None)
    if first[1] is not None:
        assert first[1].header == second[1].header
        np.testing.assert_array_equal(first[1].X, second[1].X)
        np.testing.assert_array_equal(first[1].y, second[1].y)


def test_every_option_is_in_the_list_of_changes():
    # The sheet is that of a spreadsheet, see below.
    assert {*CHANGES, "sheet"} == {field.name for field in fields(ImportOptions)}


@pytest.mark.parametrize("option", CHANGES)
def test_a_kept_reading_changes_no_import(option):
    kept = KeptReadings()
    changed = BASE | {option: CHANGES[option]}
    first = outcome(TEXT, BASE, kept)
    assert outcome(TEXT, changed)[0] != first[0], "the change has no effect on this file"
    assert_equal(outcome(TEXT, changed, kept), outcome(TEXT, changed))
    assert_equal(outcome(TEXT, BASE, kept), outcome(TEXT, BASE))


@pytest.mark.parametrize(
    "options",
    [
        {"ignore": ("other",)}, {"target": ("kind",)}, {"task": "regression"}, {"missing": "mean"},
        {"input": ("other",)}, {"dates": ("none",)}, {"text": ("other",)}, {"number": ("other",)},
    ],
)  # fmt: skip
def test_another_role_type_target_or_task_does_not_read_the_text_again(options, readings):
    kept = KeptReadings()
    outcome(TEXT, BASE, kept)
    outcome(TEXT, BASE | options, kept)
    assert len(readings) == 1


@pytest.mark.parametrize(
    "options", [{"header": False}, {"skip": 2}, {"delimiter": ","}, {"comment": "#"}, {"ragged": "pad"}]
)
def test_the_text_is_read_again_when_it_may_have_other_cells(options, readings):
    kept = KeptReadings()
    outcome(TEXT, BASE, kept)
    outcome(TEXT, BASE | options, kept)
    assert len(readings) == 2


@pytest.mark.parametrize(
    "options, columns",
    [
        ({"decimal": "."}, {"y"}), ({"date_order": "mdy"}, {"day"}), ({"number": ("day",)}, {"day"}),
        ({"missing_words": ("u",)}, {"kind"}), ({"missing_words": ("no such word",)}, set()),
        ({"missing_words": ("u", "other=3", "amount=3.003")}, {"kind", "other", "amount"}),
        ({"text": ("day",)}, {"day"}), ({"date": ("kind",)}, {"kind"}),
    ],
)  # fmt: skip
def test_only_columns_whose_values_may_differ_are_read_again(options, columns, readings, monkeypatch):
    kept = KeptReadings()
    outcome(TEXT, BASE, kept)
    read, names = table_cells.read_cells, set()

    def read_cells(split, wanted):
        names.update(each.name for each in wanted.values())
        return read(split, wanted)

    monkeypatch.setattr(table_cells, "read_cells", read_cells)
    changed = outcome(TEXT, BASE | options, kept)
    assert (len(readings), names) == (1, columns)
    assert_equal(changed, outcome(TEXT, BASE | options))


WORDS = ("n", "-1", "1", "1.0", "ΑΣ", "u", "2024-01-02", "Not Known", 'a "b"', "", "x", "a=x", "b=1", "c=ας")
CELLS = ("1", "2", " 1 ", "1.0", "1,0", "3", "", "NA", "x", "n", "ΑΣ", "ας", "not known", '"a ""b"""', "-1")


@pytest.mark.parametrize("seed", range(20))
def test_a_random_sequence_of_changes_gives_what_single_imports_give(seed):
    rng = random.Random(seed)
    columns = [
        rng.sample(CELLS, rng.randint(1, 8)) + [str(number) for number in range(rng.choice((0, 90)))]
        for _ in range(3)
    ]
    rows = [";".join(rng.choice(cells) for cells in columns) + f";{row % 3}" for row in range(90)]
    text, kept = "\n".join(["a;b;c;y", *rows]), KeptReadings()
    for _ in range(8):
        options = {"missing_words": tuple(rng.sample(WORDS, rng.randint(0, 3)))}
        options |= {"decimal": rng.choice((None, ".", ","))} | {"ignore": rng.choice(((), ("a",)))}
        assert_equal(outcome(text, options, kept), outcome(text, options))


def test_options_that_exclude_each_other_are_refused_for_kept_cells_too():
    kept = KeptReadings()
    outcome(TEXT, BASE | {"decimal": ","}, kept)
    refused, table = outcome(TEXT, BASE | {"decimal": ",", "thousands": ","}, kept)
    assert (refused.code, table) == ("conflicting_options", None)


def test_a_long_text_is_read_again_as_its_cells_are_not_kept(readings, monkeypatch):
    monkeypatch.setattr(records, "MAX_KEPT", len(TEXT) - 1)
    kept = KeptReadings()
    outcome(TEXT, BASE, kept)
    changed = BASE | {"missing_words": ("u",)}
    assert_equal(outcome(TEXT, changed, kept), outcome(TEXT, changed))
    assert len(readings) == 3  # the last one for the comparison


def test_columns_of_earlier_options_are_not_kept_for_ever():
    kept = KeptReadings()
    for number in range(30):
        outcome(TEXT, BASE | {"missing_words": (f"amount={number}.{number:03}",)}, kept)
    sizes = {entry.reading.table.size() for entry in kept._entries}
    assert max(sizes) < 1.5 * min(sizes)


def test_going_back_to_earlier_options_does_not_read_the_text_again(readings):
    kept = KeptReadings()
    for options in (BASE, BASE | {"header": False}, BASE, BASE | {"header": False, "ignore": ("column 1",)}):
        outcome(TEXT, options, kept)
    assert len(readings) == 2


def test_another_file_of_the_same_length_is_read(readings):
    kept = KeptReadings()
    changed = TEXT.replace("u;01/01/2024", "u;02/01/2024", 1)
    outcome(TEXT, BASE, kept)
    assert_equal(outcome(changed, BASE, kept), outcome(changed, BASE))
    assert len(changed) == len(TEXT) and outcome(changed, BASE)[0] != outcome(TEXT, BASE)[0]


def test_what_is_kept_stays_within_its_budget_and_the_oldest_is_given_up(readings):
    texts = [TEXT + f"v;01/02/2024;{number}.5;1;0\n" for number in range(3)]
    single = KeptReadings()
    outcome(texts[0], BASE, single)
    kept = KeptReadings(budget=2 * single.size() + single.size() // 2)
    for text in texts:
        outcome(text, BASE, kept)
        assert kept.size() <= 2.5 * single.size()
    readings.clear()
    for text in (texts[1], texts[2]):
        outcome(text, BASE, kept)
    assert readings == []
    outcome(texts[0], BASE, kept)
    assert len(readings) == 1


def test_a_reading_larger_than_the_budget_is_not_kept():
    kept = KeptReadings(budget=100)
    outcome(TEXT, BASE, kept)
    assert kept.size() == 0


def test_the_size_of_a_reading_is_at_least_that_of_its_arrays(readings):
    kept = KeptReadings()
    rows = 2000
    outcome("a,b\n" + "".join(f"{row},{row % 7}\n" for row in range(rows)), {}, kept)
    assert kept.size() >= 2 * rows * 2 * 8  # two columns of numbers, and the codes of their levels


class Silent:
    """Stands for the connection of a worker."""

    def beat_if_due(self):
        """Nothing is sent."""


def test_the_import_worker_reads_a_file_once_for_a_preview_and_the_import(tmp_path, readings):
    worker = ImportWorker(TableFiles(tmp_path / "tables"), Silent(), CurrentTask())
    path = tmp_path / "file"
    path.write_text(TEXT)
    preview = worker.answer(ReadTable(1, str(path), BASE, keep=False))
    stored = worker.answer(ReadTable(2, str(path), BASE | {"ignore": ["other"]}, keep=True))
    assert encoding.decode(preview.text)["content"] is None
    assert encoding.decode(stored.text)["content"]
    assert len(readings) == 1
    path.write_text(TEXT.replace("2024", "2025"))
    worker.answer(ReadTable(3, str(path), BASE, keep=False))
    assert len(readings) == 2
