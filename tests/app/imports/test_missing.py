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


def column_of(answer, name):
    return next(column for column in answer["columns"] if column["name"] == name)


OWN = "a,b,kind\n" + "".join(f"{row},{row * 2},{'uv'[row % 2]}\n" for row in range(20))


@pytest.mark.parametrize(
    ("word", "cell"),
    [
        ("unknown", "unknown"),
        ("Unknown", " unknown "),
        ("-1", "-1"),
        ("-1", "-1.0"),
        ("-1", "−1"),
        ("x y", "x y"),
    ],
)
def test_an_own_word_is_missing_in_every_column(word, cell, read):
    text = OWN + f"{cell},{cell},u\n"
    answer = read(text, missing_words=(word,)).answer
    assert [column_of(answer, name)["missing"] for name in ("a", "b", "kind")] == [1, 1, 0]
    assert [column_of(answer, name)["type"] for name in ("a", "b")] == ["number", "number"]
    assert column_of(answer, "a")["minimum"] == 0
    assert (answer["missing"]["cells"], answer["rows_used"], answer["problems"]) == (2, 20, [])
    assert answer["reasons"]["missing_words"]["code"] == "words_found"
    assert column_of(answer, "a")["missing_words"] != []


def test_an_own_word_of_one_column_is_a_value_in_the_others(read):
    text = OWN + "-1,-1,u\n"
    answer = read(text, missing_words=("b=-1",)).answer
    assert [column_of(answer, name)["missing"] for name in ("a", "b")] == [0, 1]
    assert column_of(answer, "a")["minimum"] == -1


def test_an_own_word_is_missing_among_words_too(read):
    text = OWN + "3,4,unknown\n5,6,NA\n"
    assert read(text).table.header.classes == ("NA", "u", "unknown", "v")
    result = read(text, missing_words=("unknown", "NA"))
    assert result.table.header.classes == ("u", "v")
    assert column_of(result.answer, "kind")["missing"] == 2
    numbers = read("a,code,y\n" + "".join(f"{row},{'uvw9'[row % 4]},{row}\n" for row in range(20)),
                   missing_words=("9",))  # fmt: skip
    assert column_of(numbers.answer, "code")["categories"] == ["u", "v", "w"]


def test_an_equals_sign_behind_what_is_no_column_is_part_of_the_word(read):
    answer = read(OWN + "n=a,4,u\n", missing_words=("n=a",)).answer
    assert column_of(answer, "a")["missing"] == 1


def test_a_number_that_is_set_to_mean_missing_is_not_suspected_any_more(read):
    text = OWN + "-999,3,u\n-999,4,v\n"
    assert "sentinel" in [warning["code"] for warning in read(text).answer["warning_codes"]]
    answer = read(text, missing_words=("a=-999",)).answer
    assert "sentinel" not in [warning["code"] for warning in answer["warning_codes"]]
    assert column_of(answer, "a")["missing"] == 2


def test_own_words_among_dates_are_missing(read):
    text = "day,y\n" + "".join(f"2020-01-{row + 1:02},{row}\n" for row in range(20)) + "never,3\n"
    assert column_of(read(text, missing_words=("never",)).answer, "day")["missing"] == 1


def test_a_word_stays_a_class_if_no_other_than_one_would_be_left(read):
    lines = [
        f"{'-' if row % 5 == 0 else row},{'-+'[row % 2]},{['-', 'u', 'v'][row % 3]}" for row in range(30)
    ]
    table = read(rows("a,y,w", *lines), target=("y",)).table
    assert table.header.classes == ("+", "-")
    assert [name for name in table.header.inputs if name.startswith("w")] == ["w=u", "w=v", "w=(missing)"]
