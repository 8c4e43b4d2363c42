"""Import of tables: dates become numbers, or are left out, and what is ambiguous is asked."""

from datetime import date, datetime

import numpy as np
import pytest

from app.imports.tables.csv_export import to_csv
from engine.config.errors import ConfigError
from engine.datasets.tables.named_rows import encode_rows
from engine.datasets.tables.table import Header

DAYS = [date.fromordinal(date(2020, 11, 20).toordinal() + 9 * row) for row in range(30)]


def table(form, days=DAYS, delimiter=","):
    rows = [f"{day.strftime(form)}{delimiter}{row % 7}{delimiter}{row * 2}" for row, day in enumerate(days)]
    return "\n".join([delimiter.join(("day", "a", "sold")), *rows]) + "\n"


def column(answer, name):
    return next(entry for entry in answer["columns"] if entry["name"] == name)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d %H:%M"])
def test_dates_become_year_day_of_year_weekday_and_days_since_the_first_one(form, read):
    result = read(table(form))
    assert result.table.header.inputs == ("day year", "day day of year", "day weekday", "day days", "a")
    expected = [[day.year, day.timetuple().tm_yday, day.isoweekday(), (day - DAYS[0]).days] for day in DAYS]
    np.testing.assert_array_equal(result.table.X[:, :4], expected)
    entry = column(result.answer, "day")
    assert (entry["type"], entry["role"]) == ("date", "input")
    assert (entry["minimum"], entry["maximum"]) == (DAYS[0].isoformat(), DAYS[-1].isoformat())
    assert entry["role_reason"]["text"] == "4 numbers; days count from 2020-11-20"
    assert result.answer["dates"] == ["year", "day_of_year", "weekday", "elapsed"]
    assert result.answer["questions"] == []


def test_times_give_hours_and_fractions_of_days(read):
    moments = [datetime(2024, 3, 1, 6 * (row % 4), 30) for row in range(20)]
    text = "when,y\n" + "".join(f"{moment:%Y-%m-%d %H:%M},{row}\n" for row, moment in enumerate(moments))
    result = read(text)
    assert result.table.header.inputs == ("when hour", "when days")
    np.testing.assert_allclose(result.table.X[:, 0], [moment.hour + 0.5 for moment in moments])
    np.testing.assert_allclose(result.table.X[:, 1], [moment.hour / 24 for moment in moments])


@pytest.mark.parametrize(("delimiter", "order"), [(",", "mdy"), (";", "dmy")])
def test_an_order_that_cannot_be_known_is_asked_with_both_readings(delimiter, order, read):
    days = [date(2020, 1 + row % 12, 1 + row // 3) for row in range(30)]
    result = read(table("%d/%m/%Y", days, delimiter))
    (question,) = result.answer["questions"]
    assert question["column"] == "day"
    assert [reading["option"] for reading in question["readings"]] == ["date_order", "date_order"]
    assert question["readings"][0]["value"] == order == result.answer["date_order"]
    assert {reading["examples"][0]["read"] for reading in question["readings"]} == {
        "2020-02-01", "2020-01-02"
    }  # fmt: skip
    assert "ambiguous_dates" in [warning["code"] for warning in result.answer["warning_codes"]]
    for reading in question["readings"]:
        chosen = read(table("%d/%m/%Y", days, delimiter), date_order=reading["value"])
        assert chosen.answer["questions"] == []
        assert chosen.answer["date_order"] == reading["value"]


def test_another_column_whose_order_is_known_decides(read):
    rows = [f"{1 + row % 9:02}/02/2020,{13 + row % 9}/03/2020,{row}" for row in range(20)]
    answer = read("begin,end,y\n" + "\n".join(rows) + "\n").answer
    assert [column(answer, name)["order"] for name in ("begin", "end")] == ["dmy", "dmy"]


def test_a_late_date_that_only_one_order_reads_decides(read):
    days = [date(2020, 1, 1 + row % 12) for row in range(700)]
    early = [f"{day:%d/%m/%Y} {row // 60:02}:{row % 60:02},{row}" for row, day in enumerate(days)]
    late = [f"{day}/01/2020 00:00,7" for day in (13, 14, 15)]
    answer = read("when,y\n" + "\n".join(early + late) + "\n").answer
    assert (answer["date_order"], answer["questions"], answer["problems"]) == ("dmy", [], [])


def test_the_numbers_can_be_chosen_and_dates_left_out(read):
    chosen = read(table("%Y-%m-%d"), dates=("weekday", "hour"))
    assert chosen.table.header.inputs == ("day weekday", "day hour", "a")
    left_out = read(table("%Y-%m-%d"), dates=("none",))
    assert left_out.table.header.inputs == ("a",)
    assert column(left_out.answer, "day")["role_reason"]["code"] == "dates_left_out"
    assert left_out.answer["dates"] == []


def test_a_column_can_be_set_to_dates_and_to_text(read):
    numbers = read(table("%Y%m%d"))
    assert column(numbers.answer, "day")["type"] == "number"
    dates = read(table("%Y%m%d"), date=("day",))
    assert column(dates.answer, "day")["type_reason"]["code"] == "given"
    np.testing.assert_array_equal(dates.table.X[:, 3], [(day - DAYS[0]).days for day in DAYS])
    assert column(read(table("%Y-%m-%d"), text=("day",)).answer, "day")["type"] == "text"


def test_a_cell_that_is_no_date_is_a_problem_with_row_and_column(refusal):
    problem = refusal(table("%Y-%m-%d") + "soon,1,2\n")
    assert (problem.code, problem.row, problem.column, problem.given) == ("not_a_date", 32, "day", "soon")


def test_missing_dates_are_left_out_or_filled(read):
    text = table("%Y-%m-%d") + ",1,2\nNA,3,4\n"
    assert len(read(text, missing="drop").table.X) == 30
    filled = read(text, missing="median").table
    assert filled.X[-1, 3] == np.median([(day - DAYS[0]).days for day in DAYS])


def test_dates_are_no_suggested_target_and_no_number_to_predict(read, refusal):
    text = "a,b,day\n" + "".join(f"{row},{row * 3},2020-01-{row + 1:02}\n" for row in range(15))
    assert read(text).answer["target"] == ["b"]
    assert refusal(text, target=("day",), task="regression").code == "target_is_date"


def test_words_that_begin_like_dates_stay_words(read):
    answer = read("code,y\n" + "".join(f"2020-01-{row % 9 + 1:02}x,{row}\n" for row in range(20))).answer
    assert column(answer, "code")["type"] == "text"


def test_a_table_of_dates_without_a_header_keeps_its_first_row(read):
    body = table("%Y-%m-%d").partition("\n")[2]
    result = read(body)
    assert (result.answer["header"], result.answer["rows"]) == (False, 30)


def test_named_rows_give_the_same_numbers_as_the_import(read):
    for form, order in (("%Y-%m-%d", "ymd"), ("%d.%m.%Y", "dmy"), ("%m/%d/%Y", "mdy")):
        result = read(table(form)).table
        assert result.header.sources[0].date.order == order
        rows = [{"day": day.strftime(form), "a": row % 7} for row, day in enumerate(DAYS)]
        np.testing.assert_array_equal(encode_rows(rows, result.header.sources).X, result.X)
        with pytest.raises(ConfigError, match="must be a date such as") as error:
            encode_rows([{"day": "tomorrow", "a": 1}], result.header.sources)
        assert error.value.field == "inputs.0.day"


def test_the_header_of_a_table_keeps_its_dates_and_that_of_others_is_as_before(read):
    header = read(table("%Y-%m-%d")).table.header
    assert Header.from_json(header.to_json()) == header
    assert '"date"' not in read("a,b\n1,2\n2,3\n3,5\n4,7\n").table.header.to_json()


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y"])
def test_an_exported_table_has_its_dates_and_is_read_again_unchanged(form, read):
    first = read(table(form)).table
    text = to_csv(first)
    assert text.splitlines()[:2] == ["day,a,sold", "2020-11-20,0,0"]
    again = read(text).table
    np.testing.assert_array_equal(again.X, first.X)
    assert again.header.inputs == first.header.inputs


def test_an_exported_table_has_the_times_of_its_dates(read):
    moments = [datetime(2024, 3, 1 + row, 1 + row % 23, (7 * row) % 60, (13 * row) % 60) for row in range(20)]
    first = read(table("%Y-%m-%d %H:%M:%S", moments)).table
    text = to_csv(first)
    assert [line.partition(",")[0] for line in text.splitlines()[1:]] == [str(moment) for moment in moments]
    np.testing.assert_array_equal(read(text).table.X, first.X)


def test_an_exported_table_has_the_numbers_of_dates_that_do_not_follow_from_them(read):
    weekdays = to_csv(read(table("%Y-%m-%d"), dates=("weekday",)).table)
    assert weekdays.splitlines()[0] == "day weekday,a,sold"
    moments = [datetime(2024, 3, 1 + row, 2, 3, 4, 250_000) for row in range(20)]  # fractions of seconds
    text = table("%Y-%m-%d %H:%M:%S.%f", moments)
    assert to_csv(read(text, dates=("elapsed",)).table).startswith("day days,a,sold")
