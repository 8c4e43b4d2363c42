"""The log: one bounded line per event, as text or JSON."""

import json
import logging

import pytest

from app.monitoring.log_bound import MAX_KINDS, MAX_LINES, SECONDS, BoundedHandler
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


def test_of_one_kind_so_many_lines_are_written_in_a_minute_and_then_how_many_were_left_out(capsys):
    now = [0.0]
    handler = BoundedHandler(lambda: now[0])
    for number in range(MAX_LINES + 7):
        handler.emit(record(f"from {number}".replace(str(number), "%s")))
    handler.emit(record("another kind"))
    handler.emit(record("from %s", run="abc"))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MAX_LINES + 2
    now[0] = SECONDS + 1
    handler.emit(record("from %s"))
    assert capsys.readouterr().err.splitlines() == [
        "7 more events of this kind within 60 seconds: from %s", "from %s"
    ]  # fmt: skip
    for _ in range(MAX_LINES):
        handler.emit(record("from %s"))
    handler.close()
    assert capsys.readouterr().err.splitlines()[-1].startswith("1 more events")


def test_the_number_of_kinds_that_are_kept_is_bounded(capsys):
    handler = BoundedHandler(lambda: 0.0)
    for number in range(MAX_KINDS + 2 * MAX_LINES):
        handler.emit(record(f"text {number}"))
    handler.close()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MAX_KINDS + MAX_LINES + 1
    assert lines[-1] == f"{MAX_LINES} more events of this kind within 60 seconds: other kinds"
