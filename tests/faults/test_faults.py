"""Drills can be imported, and their document shows the stored results; they are run by `make faults`."""

import json

import pytest

from benchmarks.shared import result_files
from benchmarks.shared.document import measured
from faults import report
from faults.drills import DRILLS
from faults.rows import at_least, at_most, exactly

FIELDS = {"what", "figure", "unit", "bound", "holds"}


def test_the_document_shows_the_stored_results() -> None:
    assert measured(report.DOCUMENT.read_text("utf-8")) == report.tables()


@pytest.mark.parametrize("name", DRILLS)
def test_every_drill_says_what_it_does_and_has_rows(name: str) -> None:
    assert (DRILLS[name].__doc__ or "").strip()
    stored = result_files.read(report.FOLDER / f"{name}.json")
    assert stored and stored["rows"] and all(set(row) == FIELDS for row in stored["rows"])
    assert {"version", "processor", "cores", "python", "date", "seconds"} <= set(stored["machine"])


def test_every_result_is_of_a_drill() -> None:
    assert {path.stem for path in report.FOLDER.glob("*.json")} <= set(DRILLS)


@pytest.mark.parametrize(
    ("row", "bound", "holds"),
    [
        (at_most("memory", 30, 30, "MB"), "≤ 30", True),
        (at_most("memory", 30.1, 30, "MB"), "≤ 30", False),
        (at_least("pictures", 8, 8, "1/s"), "≥ 8", True),
        (at_least("pictures", float("nan"), 8, "1/s"), "≥ 8", False),
        (exactly("code", 1008, 1008, ""), "= 1008", True),
        (exactly("code", 0, 1008, ""), "= 1008", False),
    ],
)
def test_a_row_states_its_bound_and_whether_it_holds(row, bound: str, holds: bool) -> None:
    assert (row.bound, row.holds) == (bound, holds)
    assert json.loads(json.dumps(row.as_dict()))["holds"] is holds
