"""Files with changed, lost or added bytes are read, or refused with a problem: nothing else happens."""

import gzip
import io
import random
import zipfile

import numpy as np
import pytest

from app.errors import Damaged
from app.imports.errors import PROBLEMS, Refused
from app.imports.importer import import_file
from app.imports.options import ImportOptions
from app.storage.table_files import FOLDER, TableFiles
from tests.app.imports.test_formats import ARFF, CSV, SHEETS, archive, xlsx

PICTURES = np.arange(40 * 16, dtype=np.uint8).reshape(40, 4, 4)
LIBSVM = "".join(f"{row % 3} 1:{row} 2:{row * 7 % 5}.5\n" for row in range(1, 20))


def npz():
    file = io.BytesIO()
    np.savez_compressed(file, images=PICTURES, labels=np.arange(40) % 2)
    return file.getvalue()


FILES = {
    "a workbook": lambda: xlsx(SHEETS),
    "compressed arrays": npz,
    "compressed text": lambda: gzip.compress(CSV.encode(), mtime=0),
    "ARFF": ARFF.encode,
    "CSV": CSV.encode,
    "LIBSVM": LIBSVM.encode,
}


def damaged(raw, number):
    """The file with a few bytes changed, lost or added; other ones for each number."""
    choose, content = random.Random(number), bytearray(raw)
    for _ in range(choose.choice((1, 1, 3, 20))):
        place = choose.randrange(len(content))
        kind = choose.random()
        if kind < 0.7:
            content[place] = choose.randrange(256)
        elif kind < 0.85:
            del content[place : place + choose.randrange(1, 30)]
        else:
            content[place:place] = choose.randbytes(5)
        content = content or bytearray(b"x")
    return bytes(content)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_read_or_refused_with_a_problem(name):
    raw = FILES[name]()
    refused = 0
    for number in range(150):
        try:
            import_file(damaged(raw, number), ImportOptions())
        except Refused as refusal:
            assert refusal.problem.code in PROBLEMS
            refused += 1
    assert refused


def test_a_workbook_whose_members_have_other_capital_letters_is_read():
    raw = xlsx(SHEETS)
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        members = {
            name.replace("_rels/workbook", "_rels/Workbook"): file.read(name) for name in file.namelist()
        }
    assert "xl/_rels/Workbook.xml.rels" in members
    expected = import_file(raw, ImportOptions()).answer
    assert import_file(archive(members), ImportOptions()).answer["columns"] == expected["columns"]


def test_a_workbook_without_sheets_is_refused():
    with pytest.raises(Refused) as refused:
        import_file(xlsx({}), ImportOptions())
    assert refused.value.problem.code == "unreadable_format"


def test_a_row_that_is_longer_than_all_others_does_not_hide_these_from_the_search_for_a_header(read):
    rows = [f"{'xy'[row % 2]},{'uv'[row % 2]},{'pq'[row % 2]}" for row in range(30)]
    text = "\n".join(["a,b,c", *rows[:20], "x,u,p,q,q", *rows[20:]]) + "\n"
    with pytest.raises(Refused) as refused:
        read(text)
    assert (refused.value.problem.code, refused.value.problem.row) == ("ragged_row", 22)
    answer = read(text, ragged="pad").answer
    assert (answer["header"], answer["rows"]) == (True, 31)
    assert [column["name"] for column in answer["columns"]] == ["a", "b", "c"]


def test_stored_rows_with_changed_bytes_are_named_as_damaged(tmp_path):
    files = TableFiles(tmp_path / FOLDER)
    content = files.save(import_file(CSV.encode(), ImportOptions()).table)
    path = next((tmp_path / FOLDER).glob("*.npz"))
    whole, found = path.read_bytes(), 0
    for number in range(150):
        path.write_bytes(damaged(whole, number))
        try:
            files.table(content)
        except Damaged:
            found += 1
    assert found
