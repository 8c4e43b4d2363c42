"""Import of CSV files: which words mark missing values is decided by column."""

import pytest


def rows(*lines):
    return "\n".join(lines) + "\n"


def codes(result):
    return [warning["code"] for warning in result.answer["warning_codes"]]


@pytest.mark.parametrize(
    "word", ["None", "n.a.", "N/A", "null", ".", "-", "?", "#DIV/0!", "#VALUE!", "NaN", "NA", "  "]
)
def test_a_word_among_numbers_is_missing(word, read):
    result = read(rows("a,b", *(f"{row},{row}" for row in range(30)), f"{word},3"))
    assert (result.answer["columns"][0]["type"], result.answer["missing"]["cells"]) == ("number", 1)


@pytest.mark.parametrize("word", ["-", "NA", "null", "nan", "None"])
def test_a_word_among_words_is_a_class(word, read):
    result = read(rows("x,kind", *(f"{row},{('yes', word)[row % 2]}" for row in range(10))))
    assert set(result.table.header.classes) == {"yes", word}
    assert len(result.table.X) == 10
    assert "word_is_value" in codes(result)


@pytest.mark.parametrize("word", ["?", "#N/A", "n/a"])
def test_a_word_that_is_never_a_value_is_missing_among_words(word, read):
    result = read(rows("x,kind", *(f"{row},{'uv'[row % 2]}" for row in range(30)), f"9,{word}"))
    assert result.table.header.classes == ("u", "v")


def test_a_word_that_is_missing_among_numbers_is_missing_among_the_words_of_the_file(read):
    lines = [f"{row},{'uv'[row % 2]}" for row in range(30)]
    result = read(rows("x,kind", *lines, "NA,u", "7,NA"))
    assert result.table.header.classes == ("u", "v")


def test_a_word_without_quotation_marks_among_quoted_ones_is_missing(read):
    lines = [f'{row},"{"uv"[row % 2]}"' for row in range(30)]
    assert read(rows("x,kind", *lines, "7,NA")).table.header.classes == ("u", "v")
    assert read(rows("x,kind", *lines, '7,"NA"')).table.header.classes == ("NA", "u", "v")


@pytest.mark.parametrize("value", [-200, -999, -9999, 9999, -99])
def test_numbers_that_may_mark_missing_values_give_a_warning(value, read):
    lines = [f"{row % 7 + 0.5},{row}" for row in range(30)]
    result = read(rows("x,y", *lines, f"{value},1", f"{value},2"))
    assert {"code": "sentinel", "parameters": {"name": "x", "value": value, "count": 2}} in result.answer[
        "warning_codes"
    ]
    assert "sentinel" not in codes(read(rows("x,y", *lines, "8,1", "8,2")))


def test_a_usual_number_among_others_of_its_size_is_no_sentinel(read):
    result = read(rows("x,y", *(f"{-1200 + 50 * row},{row}" for row in range(30)), "-999,1", "-999,2"))
    assert "sentinel" not in codes(result)
