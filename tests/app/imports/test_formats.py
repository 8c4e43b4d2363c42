"""Spreadsheets, ARFF, LIBSVM and compressed text give the same table as CSV, or are refused."""

import gzip
import io
import zipfile
from xml.sax.saxutils import escape

import numpy as np
import pytest
from sklearn.datasets import dump_svmlight_file

from app.encoding import encode
from app.imports.errors import Refused
from app.imports.formats.sizes import unpacked_size
from app.imports.importer import import_file
from app.imports.kept_readings import KeptReadings
from app.imports.options import ImportOptions
from engine.datasets.tables.limits import MAX_BYTES, MAX_UNPACKED

ROWS = [[round(0.5 + number * 1.25, 2), "red" if number % 3 else "blue", number % 2] for number in range(20)]
NAMES = ["weight", "colour", "kind"]
CSV = ",".join(NAMES) + "\n" + "".join(",".join(map(str, row)) + "\n" for row in ROWS)


def column_name(index):
    return chr(ord("A") + index)


def sheet_xml(rows):
    def cell(value, place):
        if value is None:
            return ""
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    lines = "".join(
        f'<row r="{line}">' + "".join(cell(value, f"{column_name(i)}{line}") for i, value in enumerate(row))
        + "</row>"
        for line, row in enumerate(rows, 1)
    )  # fmt: skip
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'


def xlsx(sheets, xml=sheet_xml):
    """A workbook with these sheets, written by hand from the standard ECMA-376."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    numbers = range(1, len(sheets) + 1)
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    members = {
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}'
        "</Relationships>",
    }
    members |= {
        f"xl/worksheets/sheet{n}.xml": xml(rows) for n, rows in zip(numbers, sheets.values(), strict=True)
    }
    return archive(members)


def archive(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return file.getvalue()


def ods(rows, repeat=""):
    """A spreadsheet with one sheet, written by hand from the OpenDocument standard."""

    def cell(value):
        kind = "string" if isinstance(value, str) else "float"
        number = "" if kind == "string" else f' office:value="{value}"'
        return (
            f'<table:table-cell{repeat} office:value-type="{kind}"{number}>'
            f"<text:p>{value}</text:p></table:table-cell>"
        )

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="rows">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return archive({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}"/>',
        "content.xml": content,
    })  # fmt: skip


ARFF = (
    "% a comment\n@RELATION rows\n@attribute weight numeric\n@attribute colour {red, blue}\n"
    "@attribute kind {0, 1}\n@data\n" + "".join(",".join(map(str, row)) + "\n" for row in ROWS)
)
FILES = {
    "xlsx": xlsx({"rows": [NAMES, *ROWS]}),
    "ods": ods([NAMES, *ROWS]),
    "ARFF": ARFF.encode(),
    "compressed CSV": gzip.compress(CSV.encode()),
    "CSV in two compressed parts": gzip.compress(CSV[:60].encode()) + gzip.compress(CSV[60:].encode()),
    "compressed ARFF": gzip.compress(ARFF.encode()),
    "compressed xlsx": gzip.compress(xlsx({"rows": [NAMES, *ROWS]})),
}


@pytest.mark.parametrize("name", FILES)
def test_a_table_in_any_format_is_the_table_of_its_csv_file(read, name):
    expected, table = read(CSV, target=("kind",)).table, read(FILES[name], target=("kind",)).table
    assert table.header == expected.header
    assert (table.X == expected.X).all() and (table.y == expected.y).all()


def test_the_answer_names_the_format(read):
    assert [read(FILES[name]).answer["encoding"] for name in ("xlsx", "ods", "ARFF")] == [
        "Excel",
        "OpenDocument",
        "ARFF",
    ]


SHEETS = {
    "notes": [["only words"]],
    "first": [NAMES, *ROWS],
    "second": [["a", "b"], *[[i, i % 2] for i in range(9)]],
}


@pytest.mark.parametrize(
    ("sheet", "name"), [(None, "first"), ("second", "second"), ("3", "second"), ("first", "first")]
)
def test_the_first_sheet_with_a_table_is_read_or_the_chosen_one(read, sheet, name):
    answer = read(xlsx(SHEETS), sheet=sheet).answer
    assert (answer["sheet"], answer["sheets"]) == (name, list(SHEETS))
    assert [column["name"] for column in answer["columns"]] == SHEETS[name][0]


@pytest.mark.parametrize("sheet", ["third", "0", "4"])
def test_an_unknown_sheet_is_refused_with_the_names_of_all(refusal, sheet):
    problem = refusal(xlsx(SHEETS), sheet=sheet)
    assert (problem.code, problem.field, problem.limit) == ("unknown_sheet", "sheet", list(SHEETS))


def test_nominal_attributes_are_words_even_if_they_look_like_numbers(read):
    text = "@relation r\n@attribute level {1,2,3}\n@attribute y real\n@data\n" + "".join(
        f"{number % 3 + 1},{number}.5\n" for number in range(12)
    )
    columns = {column["name"]: column["type"] for column in read(text).answer["columns"]}
    assert columns == {"level": "text", "y": "number"}
    columns = {column["name"]: column["type"] for column in read(text, number=("level",)).answer["columns"]}
    assert columns == {"level": "number", "y": "number"}


def test_missing_values_of_an_arff_file_are_missing(read):
    text = ARFF.replace("0.5,blue,0", "?,blue,0", 1).replace("1.75,red,1", "1.75,?,1", 1)
    missing = {column["name"]: column["missing"] for column in read(text).answer["columns"]}
    assert missing == {"weight": 1, "colour": 1, "kind": 0}


@pytest.mark.parametrize("zero_based", [False, True])
def test_libsvm_rows_have_their_values_in_columns_and_0_where_none_is_stated(read, zero_based):
    rng = np.random.default_rng(0)
    X = np.where(rng.random((30, 4)) < 0.5, 0, rng.normal(size=(30, 4)).round(3))
    X[0] = 1.5
    y = rng.integers(0, 3, 30)
    file = io.BytesIO()
    dump_svmlight_file(X, y, file, zero_based=zero_based)
    table = read(file.getvalue()).table
    assert (table.X == X).all() and (table.y == y).all()
    assert (table.header.targets, table.header.task) == (("label",), "multiclass")


def test_a_csv_file_is_not_taken_for_another_format(read):
    times = "".join(f"{row % 7},{row % 3} 12:{row:02}\n" for row in range(20))
    for text in (CSV, times, "1:2,3\n4:5,6\n7:8,9\n1:1,1\n", "5 6\n7 8\n9 10\n11 12\n1 3\n"):
        assert read(text).answer["encoding"] == "UTF-8"


LARGE = "<worksheet>" + " " * MAX_UNPACKED
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="999999"><c r="IV999999"><v>1</v></c></row>'
REFUSED = {
    "an unpacked sheet of 256 MiB": (lambda: xlsx({"a": None}, lambda _: LARGE), "too_large_unpacked"),
    "a cell in column XFD": (
        lambda: xlsx({"a": None}, lambda _: sheet_xml([[1]]).replace("A1", "XFD1")),
        "too_many_columns",
    ),
    "a cell in row 999,999": (
        lambda: xlsx({"a": None}, lambda _: sheet_xml([[1]]).replace("</sheetData>", FAR + "</sheetData>")),
        "too_many_rows",
    ),
    "a cell that is repeated 16,384 times": (
        lambda: ods([[1, 2]], ' table:number-columns-repeated="16384"'),
        "too_many_columns",
    ),
    "a damaged sheet": (
        lambda: xlsx({"a": None}, lambda _: "<worksheet><sheetData><row"), "unreadable_format"),
    "an empty sheet": (lambda: xlsx({"a": []}), "empty_file"),
    "compressed text of more than 64 MiB": (lambda: gzip.compress(b"1,2\n" * (MAX_BYTES // 4 + 1), 1),
        "too_large_unpacked"),
    "truncated compressed text": (lambda: gzip.compress(CSV.encode())[:-12], "truncated_gzip"),
    "an ARFF file without data": (lambda: b"@relation r\n@attribute a numeric\n", "unreadable_format"),
    "an ARFF file of words": (lambda: b"@relation r\n@attribute a string\n@data\nx\n", "unreadable_format"),
    "an ARFF file with another word": (
        lambda: ARFF.replace("blue,0", "pink,0", 1).encode(), "unreadable_format"),
    "an ARFF file of 300 attributes": (
        lambda: b"@relation r\n" + b"@attribute a numeric\n" * 300 + b"@data\n", "too_many_columns"),
    "LIBSVM with column 1,000,000": (lambda: b"1 1:2 1000000:3\n" * 9, "too_many_columns"),
    "LIBSVM with several labels": (lambda: b"1 1:2 2:3\n1,3 1:2 2:0.5\n" * 9, "several_labels"),
    "LIBSVM with columns that are not in order": (
        lambda: b"1 1:2 2:3\n" * 9 + b"1 3:2 2:3\n", "unreadable_format"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_or_would_be_too_large_is_refused(name):
    make, code = REFUSED[name]
    with pytest.raises(Refused) as refused:
        import_file(make(), ImportOptions())
    assert refused.value.problem.code == code


def test_the_time_for_a_compressed_file_follows_from_what_it_unpacks_to():
    text = b"1,2\n" * 1_000_000
    assert unpacked_size(text) == unpacked_size(gzip.compress(text, 1)) == 4_000_000
    assert unpacked_size(archive({"content.xml": "x" * 5_000_000})) == 5_000_000
    assert unpacked_size(gzip.compress(b"x") + b"\xff" * 4) == MAX_BYTES


def test_a_sheet_is_chosen_and_named_over_rest(server):
    body, headers = xlsx(SHEETS), {"content-type": "application/octet-stream"}
    answer = server.client.put("/api/datasets/sheets?sheet=second", content=body, headers=headers)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["sheet"], answer.json()["sheets"]) == ("second", list(SHEETS))
    status, error = server.refused("PUT", "/api/datasets/sheets?sheet=x", content=body, headers=headers)
    assert (status, error["field"], error["limit"]) == (422, "sheet", list(SHEETS))
    server.client.delete("/api/datasets/sheets")


def test_another_sheet_of_a_kept_workbook_is_read():
    kept = KeptReadings()
    raw = xlsx({"first": [NAMES, *ROWS], "second": [NAMES, *ROWS[:12]]})
    for sheet in ("first", "second", "first"):
        options = ImportOptions(sheet=sheet)
        again, fresh = import_file(raw, options, kept).answer, import_file(raw, options).answer
        assert encode(again) == encode(fresh)
    assert import_file(raw, ImportOptions(sheet="second"), kept).answer["rows"] == 12


def test_a_column_of_words_can_be_read_as_dates():
    rows = "".join(
        f"{kind},{number},{number % 3}\n" for number, kind in enumerate(["1.3.2024", "5.3.2024"] * 9)
    )
    names = "@attribute day {1.3.2024,5.3.2024}\n@attribute a real\n@attribute y real\n"
    raw = f"@relation r\n{names}@data\n{rows}"
    kept = KeptReadings()
    types = [
        import_file(raw.encode(), ImportOptions(**options), kept).answer["columns"][0]["type"]
        for options in ({}, {"date": ("day",)}, {})
    ]
    assert types == ["text", "date", "text"]
