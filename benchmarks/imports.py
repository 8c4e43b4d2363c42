"""Benchmark of imports: files with expected answers, read by us and by the defaults of pandas and DuckDB.

The files are not part of the project: VARIABLE names a folder with `files/NAME` and `expected/NAME.json`. It
has `names` (or null) and `rows` of cells as text, numbers in plain notation. Without it nothing is measured.
"""

import csv
import importlib
import json
import math
import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.imports.decoding import decode
from app.imports.errors import Refused
from app.imports.importer import import_file
from app.imports.options import ImportOptions
from app.imports.text.columns import Column
from app.imports.text.layout import find_layout
from app.imports.text.missing import is_missing
from app.imports.text.notation import NOTATIONS
from app.imports.text.table_cells import read_table
from benchmarks import results
from benchmarks.limits import at_most

VARIABLE = "PERCEPTARIUM_IMPORT_FILES"
OUTCOMES = ("exact", "differs, and says what is doubtful", "silently wrong", "refused")

Cells = list[list[Any]]  # rows
Read = tuple[list[str], Cells, bool]  # names, rows, and whether a warning or a question was given


def measure(quick: bool) -> dict[str, Any]:
    """Returns the number of files of each outcome by reader and group; the stored one without a folder."""
    folder = os.environ.get(VARIABLE)
    if folder is None:
        print(f"  nothing was measured: {VARIABLE} names no folder with files")
        return results.read("imports") or {"claims": [], "readers": {}}
    paths = sorted((Path(folder) / "files").iterdir())[: 40 if quick else None]
    counts: dict[str, dict[str, Counter[str]]] = {}
    wrong: list[str] = []
    for name, read in READERS.items():
        for path in paths:
            outcome = _outcome(read, path, Path(folder) / "expected" / f"{path.name}.json")
            if outcome is None:
                break
            group = path.name.partition("-")[0]
            counts.setdefault(name, {}).setdefault(group, Counter())[outcome] += 1
            wrong += [path.name] if (name, outcome) == ("ours", "silently wrong") else []
    total = sum(counts["ours"].values(), Counter())
    for name in wrong:
        print(f"  silently wrong, ours: {name}")
    return {
        "claims": [at_most("files that we read silently wrong", total["silently wrong"], 0).as_dict()],
        "files": len(paths),
        "readers": {name: {group: dict(each) for group, each in by.items()} for name, by in counts.items()},
    }


def _outcome(read: Callable[[Path], Read], path: Path, expected: Path) -> str | None:
    """The outcome of one file; None if the reader is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names, rows, said = read(path)
    except ModuleNotFoundError:
        return None
    except Exception:  # of any kind: the reader refuses the file
        return "refused"
    answer = json.loads(expected.read_text("utf-8"))
    if _same_names(answer["names"], names, len(rows)) and _same_rows(answer["rows"], rows):
        return "exact"
    return OUTCOMES[1] if said else "silently wrong"


def _same_names(expected: list[str] | None, names: list[str], rows: int) -> bool:
    """Whether all named columns have their names; readers may number or complete unnamed and equal ones."""
    if expected is None:
        return True
    pairs = zip(expected, names, strict=False)
    seen: Counter[str] = Counter(expected)
    return len(expected) == len(names) and all(
        not name or seen[name] > 1 or " ".join(name.split()) == " ".join(str(read).split())
        for name, read in pairs
    )


def _same_rows(expected: Cells, rows: Cells) -> bool:
    return len(expected) == len(rows) and all(
        len(right) == len(read) and all(_same(cell, value) for cell, value in zip(right, read, strict=True))
        for right, read in zip(expected, rows, strict=True)
    )


def _same(cell: str, value: Any) -> bool:
    """Whether a value is that of a cell: the number, the text, or missing."""
    missing = value is None or (isinstance(value, float) and math.isnan(value)) or value == ""
    if missing or cell == "":
        return missing and is_missing(cell)
    if isinstance(value, str):
        return " ".join(value.split()) == " ".join(cell.split())
    if isinstance(value, bool):
        return cell.lower() == str(value).lower()
    if isinstance(value, (int, float)):
        return any(number is not None and math.isclose(number, value) for number in _numbers(cell))
    digits = sorted(part for part in "".join(c if c.isdigit() else " " for c in cell).split())
    read = "".join(c if c.isdigit() else " " for c in str(value)).split()
    return sorted(map(int, digits)) == sorted(map(int, read))[-len(digits) :]  # a date or time


def _numbers(cell: str) -> Iterator[float | None]:
    plain, grouped = NOTATIONS[:2]  # the expected cells have no other notation
    yield plain.number(cell)
    yield grouped.number(cell)


def _ours(path: Path) -> Read:
    text, _ = decode(path.read_bytes())
    layout = find_layout(text, ImportOptions())
    cells = read_table(layout, ImportOptions())
    try:
        answer = import_file(path.read_bytes(), ImportOptions()).answer
        if any(problem["code"] == "not_a_number" for problem in answer["problems"]):
            raise ValueError(answer["problems"])
    except Refused:
        answer = {"warnings": layout.warnings + cells.warnings, "questions": cells.questions}
    values = [_values(column) for column in cells.columns]
    said = bool(layout.warnings or cells.warnings or answer["questions"] or layout.doubtful_header)
    return layout.names, [list(row) for row in zip(*values, strict=True)], said


def _values(column: Column) -> list[Any]:
    if column.kind == "text" and column.texts is not None:
        codes, texts = column.texts
        return [texts[code] if code >= 0 else None for code in codes.tolist()]
    if column.kind == "text":
        return ["(text)"] * len(column.numbers)
    return column.numbers.tolist()


def _pandas(path: Path) -> Read:
    frame = importlib.import_module("pandas").read_csv(path)
    return [str(name) for name in frame.columns], frame.astype(object).values.tolist(), False


def _duckdb(path: Path) -> Read:
    relation = importlib.import_module("duckdb").connect().read_csv(str(path))
    return list(relation.columns), [list(row) for row in relation.fetchall()], False


def _clevercsv(path: Path) -> Read:
    module = importlib.import_module("clevercsv")
    with path.open(newline="", encoding="utf-8") as file:
        text = file.read()
    rows = list(csv.reader(text.splitlines(), module.Sniffer().sniff(text[: 1 << 16]).to_csv_dialect()))
    return rows[0], [list(row) for row in rows[1:]], False


READERS: dict[str, Callable[[Path], Read]] = {
    "ours": _ours,
    "pandas": _pandas,
    "DuckDB": _duckdb,
    "CleverCSV": _clevercsv,
}
