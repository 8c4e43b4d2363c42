"""Import of tables: every automatic decision has a reason, that of the reading itself."""

from pathlib import Path

import pytest

from app.imports.reasons import REASONS
from app.imports.sentences import WARNINGS
from app.imports.tables.decisions import READING

PLANTS = "length,width,kind\n5.1,3.5,a\n4.9,NA,b\n4.7,3.2,a\n6.3,2.9,b\n"


def codes(answer):
    """The code of the reason of each decision."""
    return {name: reason["code"] for name, reason in answer["reasons"].items()}


def column_codes(answer, kind):
    return {column["name"]: column[f"{kind}_reason"]["code"] for column in answer["columns"]}


def lines(*rows):
    return "\n".join(rows) + "\n"


def test_every_decision_about_a_file_has_a_reason_with_a_text(read):
    answer = read(PLANTS).answer
    assert codes(answer) == {
        "delimiter": "delimiter_rows",
        "decimal": "decimal_used",
        "thousands": "thousands_none",
        "header": "header_words",
        "skip": "skip_none",
        "comment": "comment_none",
        "missing_words": "words_found",
        "missing": "missing_many",
        "dates": "dates_differ",
        "date_order": "date_order_most",
    }
    texts = {name: reason["text"] for name, reason in answer["reasons"].items()}
    assert texts["delimiter"] == "100% of the first 5 rows have 3 cells"
    assert texts["decimal"] == "as in “5.1” of “length”"
    assert texts["missing_words"] == "found: NA"
    assert texts["missing"] == "1 of 4 rows lack an input, more than 5%"


@pytest.mark.parametrize(
    ("text", "decision", "code"),
    [
        ("sep=;\na;y\n1;2\n3;4\n5;7\n6;9\n", "delimiter", "delimiter_line"),
        ("sep=;\na;y\n1;2\n3;4\n5;7\n6;9\n", "skip", "skip_line"),
        ("Report\n\na;y\n1;2\n3;4\n5;7\n6;9\n", "skip", "skip_few_cells"),
        ("# made today\na;y\n1;2\n3;4\n5;7\n6;9\n", "comment", "comment_lines"),
        ("# a;y\n1;2\n3;4\n5;7\n6;9\n", "header", "header_comment"),
        ("1;2\n3;4\n5;7\n6;9\n", "header", "header_values"),
        ("0;1;2\n3.5;4;7\n6;9;8\n6;1;8\n6;9;2\n", "header", "header_sequence"),
        ("u;v\na;b\nu;b\na;v\nu;b\n", "header", "header_repeated"),
        ("x;kind\na;b\nc;b\na;d\nc;b\n", "header", "header_unique"),
        ("a;y\n1,5;2\n3,25;4\n5;7\n6;9\n", "decimal", "decimal_used"),
        ("a;y\n1 200;2\n3 250;4\n5;7\n6;9\n", "thousands", "thousands_used"),
        ("a;y\n1;2\n3;4\n5;7\n6;9\n", "decimal", "decimal_plain"),
        ("a;y\n1;2\n;4\n5;7\n6;9\n", "missing_words", "words_blank"),
        ("a;y\n1;2\n3;4\n5;7\n6;9\n", "missing", "words_none"),
        ("a;y\n;2\n" + "1;2\n" * 30 + "3;4\n", "missing", "missing_few"),
    ],
)
def test_the_reason_names_what_the_decision_follows_from(text, decision, code, read):
    assert codes(read(text).answer)[decision] == code


def test_an_option_that_was_set_has_this_as_its_reason(read):
    options = {"delimiter": ",", "decimal": ".", "thousands": "", "header": True, "skip": 0, "comment": "",
               "missing": "drop", "text": ("width",), "ignore": ("length",), "target": ("kind",)}  # fmt: skip
    answer = read(PLANTS, **options, dates=("year",), date_order="ymd").answer
    assert {name: codes(answer)[name] for name in READING} == dict.fromkeys(READING, "given")
    assert column_codes(answer, "type")["width"] == "given"
    assert column_codes(answer, "role") == {"length": "given", "width": "input_texts", "kind": "given"}


def test_every_column_has_a_reason_for_its_type_and_its_role(read):
    rows = [f"{row},{row * 3 % 7},{'' if row else ''},5,{'uv'[row % 2]},w{row}" for row in range(40)]
    answer = read(lines("id,a,empty,five,kind,note", *rows)).answer
    assert column_codes(answer, "type") == {
        "id": "type_numbers",
        "a": "type_numbers",
        "empty": "type_empty",
        "five": "type_numbers",
        "kind": "type_words",
        "note": "type_words",
    }
    assert column_codes(answer, "role") == {
        "id": "row_numbers",
        "a": "input_number",
        "empty": "empty_column",
        "five": "constant_column",
        "kind": "target_last",
        "note": "many_texts",
    }


def test_the_reason_of_a_suggested_target_is_its_name_or_its_place(read):
    named = read(lines("class,a", *(f"{row % 3},{row}" for row in range(20)))).answer
    assert column_codes(named, "role") == {"class": "target_name", "a": "input_number"}
    assert column_codes(named, "type")["class"] == "type_classes"
    several = read("x,tag red,tag round\n1,0,1\n2,1,1\n3,0,0\n4,1,0\n").answer
    assert column_codes(several, "role")["tag red"] == "target_labels"


def test_a_format_with_types_is_the_reason_of_separator_and_words(read):
    text = "@relation r\n@attribute a numeric\n@attribute kind {u,v}\n@data\n1,u\n2,v\n3,u\n4,v\n"
    answer = read(text).answer
    assert answer["reasons"]["delimiter"]["text"] == "given by the format ARFF"
    assert column_codes(answer, "type") == {"a": "type_numbers", "kind": "format"}


def test_the_texts_of_all_reasons_have_no_full_stop():
    assert not [text for text in REASONS.values() if text.endswith(".")]


def test_the_protocol_lists_the_codes_of_all_warnings():
    protocol = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text("utf-8")
    assert [code for code in WARNINGS if f"`{code}`" not in protocol] == []
