"""The log: one bounded line per event, as text or JSON."""

import json
import logging

import pytest

from app.monitoring.logs import MAX_MESSAGE, MAX_TRACEBACK, JsonFormatter, TextFormatter


def record(message="text", run=None, error=None):
    event = logging.LogRecord("perceptarium", logging.WARNING, __file__, 1, message, (), None)
    event.created, event.msecs = 0.0, 7.0
    if run is not None:
        event.run = run
    if error is not None:
        event.exc_info = (type(error), error, error.__traceback__)
    return event


def raised(message):
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def test_an_event_is_one_line_of_text_with_time_level_and_run():
    line = TextFormatter().format(record("two\nlines \x1b[31m", run="abc"))
    assert line == "1970-01-01T00:00:00.007Z WARNING perceptarium run=abc: two\\nlines \\x1b[31m"
    assert " run=" not in TextFormatter().format(record())


def test_an_event_is_a_json_object_on_one_line():
    line = JsonFormatter().format(record("two\nlines", run="abc", error=raised("x")))
    event = json.loads(line)
    assert "\n" not in line and event["message"] == "two\nlines" and event["run"] == "abc"
    assert event["traceback"].startswith("Traceback") and event["traceback"].endswith("ValueError: x")


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_a_line_is_bounded(formatter):
    line = formatter.format(record("m" * 100_000, run="r" * 100_000, error=raised("e" * 100_000)))
    assert len(line) < 2 * MAX_MESSAGE + MAX_TRACEBACK + 500
