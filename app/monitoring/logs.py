"""The log: one line per event, as text or JSON, on standard error.

A line has a time in UTC, a level, the name of the logger, a message and, if it is about a run, its id. Line
breaks are escaped, and long messages and tracebacks are shortened. Child processes write in the same format,
which they read from the environment variable.
"""

import asyncio
import json
import logging
import os
import time
from typing import Any

from app.monitoring.log_bound import BoundedHandler

FORMATS = ("text", "json")
VARIABLE = "PERCEPTARIUM_LOG_FORMAT"
MAX_MESSAGE = 1000  # characters
MAX_TRACEBACK = 4000  # characters, of its end


class LineFormatter(logging.Formatter):
    """Formats an event as one line; the id of its run is the attribute `run` of the record."""

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """The fields of an event, of bounded length; `run` and `traceback` only where there are any.

        A task that was cancelled, such as a request at the end of the server, has no traceback.
        """
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        fields = {
            "time": f"{seconds}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": shortened(record.getMessage(), MAX_MESSAGE),
        }
        if (run := getattr(record, "run", None)) is not None:
            fields["run"] = str(run)[:MAX_MESSAGE]
        if record.exc_info and not isinstance(record.exc_info[1], asyncio.CancelledError):
            fields["traceback"] = end_of(self.formatException(record.exc_info), MAX_TRACEBACK)
        return fields


class TextFormatter(LineFormatter):
    """An event as text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields = self.fields(record)
        run = f" run={fields['run']}" if "run" in fields else ""
        text = f"{fields['time']} {fields['level']} {fields['logger']}{run}: {fields['message']}"
        return escaped(text + (f" | {fields['traceback']}" if "traceback" in fields else ""))


class JsonFormatter(LineFormatter):
    """An event as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(self.fields(record), ensure_ascii=False)


def shortened(text: str, limit: int) -> str:
    """The beginning of a text."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def end_of(text: str, limit: int) -> str:
    """The end of a text."""
    return text if len(text) <= limit else "…" + text[1 - limit :]


def escaped(text: str) -> str:
    """The text with escapes for line breaks and other control characters."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def configure(log_format: str) -> None:
    """Sets up the log of this process, and of the child processes that it will start."""
    os.environ[VARIABLE] = log_format
    handler = BoundedHandler()
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("perceptarium").setLevel(logging.INFO)


def configure_child() -> None:
    """Sets up the log of a child process, like that of the server."""
    configure(os.environ.get(VARIABLE, FORMATS[0]))
