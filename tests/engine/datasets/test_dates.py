"""Dates of tables: their numbers are those of Python's datetime, in each order and with times."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from engine.datasets.tables.dates import DAY, NUMBERS, ORDERS, DateInputs, DateNotation, is_date, iso

FORMATS = {
    "ymd": ["%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y%m%d"],
    "dmy": ["%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y %H:%M:%S", "%d/%m/%y", "%Y-%m-%d"],
    "mdy": ["%m/%d/%Y", "%m-%d-%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%y", "%Y-%m-%d"],
}
MOMENTS = [
    datetime(1969, 12, 31, 23, 59, 59),
    datetime(1970, 1, 1),
    datetime(1999, 12, 31, 12, 30),
    datetime(2000, 2, 29, 0, 5, 6),
    datetime(2024, 12, 31, 13, 45, 7, 250_000),
    datetime(2029, 10, 3, 12, 0),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize(("order", "form"), [(order, form) for order in ORDERS for form in FORMATS[order]])
def test_a_text_is_the_date_that_pythons_datetime_reads_in_the_same_form(order, form, moment):
    text = moment.strftime(form)
    expected = (datetime.strptime(text, form).replace(tzinfo=UTC)).timestamp()
    assert DateNotation(order).number(text) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "text", ["2024-03-01T10:00:00Z", "2024-03-01T10:00:00+02:00", "2024-03-01 10:00-0530"]
)
def test_a_date_with_an_offset_is_converted_to_utc(text):
    assert DateNotation().number(text) == datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2024-13-01", "31.04.2024", "00.01.2024", "2024-01-01 24:00", "1.2", "1.2.3", "a", "",
     "2024-01/02", "12:30", "2024-1-2-3", "2024131", "99999999999999999999-01-01", "2024-01-01 13:00 pm"],
)  # fmt: skip
def test_what_is_no_date_is_read_in_no_order(text):
    assert [DateNotation(order).number(text) for order in ORDERS] == [None] * len(ORDERS)


def test_the_order_decides_which_of_two_numbers_is_the_month():
    seconds = {order: DateNotation(order).number("01/02/2020") for order in ("dmy", "mdy")}
    assert {order: iso(value) for order, value in seconds.items()} == {
        "dmy": "2020-02-01",
        "mdy": "2020-01-02",
    }
    assert DateNotation("ymd").number("01/02/2020") is None
    assert DateNotation("mdy").number("01.02.2020") is None  # points are written with the day first


def test_a_number_of_eight_digits_is_recognised_as_a_date_only_where_dates_are_asked_for():
    assert not is_date("20240131")
    assert iso(DateNotation().number("20240131")) == "2024-01-31"


def test_the_numbers_of_dates_are_those_of_datetime():
    rng = np.random.default_rng(0)
    seconds = rng.integers(-3_000_000_000, 6_000_000_000, 500).astype(float)
    first = float(seconds.min())
    got = dict(zip(NUMBERS, DateInputs("ymd", first, tuple(NUMBERS)).values(seconds), strict=True))
    moments = [datetime(1970, 1, 1) + timedelta(seconds=value) for value in seconds]
    start = min(moments)
    np.testing.assert_array_equal(got["year"], [moment.year for moment in moments])
    np.testing.assert_array_equal(got["day_of_year"], [moment.timetuple().tm_yday for moment in moments])
    np.testing.assert_array_equal(got["weekday"], [moment.isoweekday() for moment in moments])
    hours = [moment.hour + moment.minute / 60 + moment.second / 3600 for moment in moments]
    np.testing.assert_allclose(got["hour"], hours, rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        got["elapsed"], [(moment - start) / timedelta(days=1) for moment in moments], rtol=1e-15
    )


def test_a_date_is_shown_with_its_time_if_it_has_one():
    assert iso(0.0) == "1970-01-01"
    assert iso(-DAY / 2) == "1969-12-31 12:00:00"
