"""Errors: the exceptions that become error answers of REST and stream, all of one shape."""

import errno
import logging
import reprlib
from collections.abc import Mapping
from http import HTTPStatus
from math import isfinite
from typing import Any, Literal

from pydantic_core import InitErrorDetails, ValidationError

from app import encoding
from engine.config.validation import first_error

# Code of the error of a worker that could not create the session of a run.
NOT_TAKEN_UP = "not_taken_up"
# Characters of a refused value that an answer repeats.
MAX_VALUE_LENGTH = 200
# Query options are texts: one that is not a number is reported like a value of a wrong type in a body.
QUERY_ERROR_TYPES = {
    "int_parsing": "int_type", "int_parsing_size": "int_type", "float_parsing": "float_type",
    "bool_parsing": "bool_type",
}  # fmt: skip

# Numbers of the errors that say that a disk, or what is allowed of it, is full.
FULL = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name)}

log = logging.getLogger("perceptarium")


class ApiError(Exception):
    """An error with an HTTP status and the fields of the answer's `error` object."""

    status = 400
    headers: Mapping[str, str] = {}

    def __init__(
        self, code: str, message: str, *, field: str | None = None, given: Any = None, limit: Any = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.given = given
        self.limit = limit

    def body(self) -> dict[str, Any]:
        """The `error` object."""
        return {
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "given": shortened(self.given),
            "limit": _encodable(self.limit),
        }


class Malformed(ApiError):
    """The request is not valid JSON or not a valid message."""

    status = 400


class Unauthorized(ApiError):
    """The request does not have the token of the server."""

    status = 401
    headers: Mapping[str, str] = {"www-authenticate": "Bearer", "cache-control": "no-store"}


class Forbidden(ApiError):
    """The request is one of another site, or a change of a server that is read-only."""

    status = 403


class NotFound(ApiError):
    """Nothing has this id, name or path."""

    status = 404


class Conflict(ApiError):
    """The request is not possible in the current state."""

    status = 409


class Damaged(Conflict):
    """What is stored of a run or data set is damaged; it can be deleted."""

    def __init__(self, message: str, *, field: str | None = None, given: Any = None) -> None:
        super().__init__("damaged", message, field=field, given=given)


class TooLarge(ApiError):
    """The body is over the limit; the server stops receiving it."""

    status = 413
    headers: Mapping[str, str] = {"connection": "close"}


class Unsupported(ApiError):
    """The body has an unsupported media type."""

    status = 415


class Invalid(ApiError):
    """A field of the request has an impossible value."""

    status = 422


class Unavailable(ApiError):
    """The server is stopping, its workers do not start, or its data folder cannot be written."""

    status = 503


def of_disk(failure: OSError) -> Unavailable:
    """The error for a file of the data folder that could not be written or read."""
    if failure.errno in FULL:
        return Unavailable("disk_full", "Nothing can be stored: the disk of the data folder is full.")
    return Unavailable("not_stored", f"The data folder cannot be written or read: {failure.strerror}.")


def _encodable(limit: Any) -> Any:
    """The limit; as a text where it exceeds the integers of JSON."""
    return str(limit) if isinstance(limit, int) and limit.bit_length() > 63 else limit


def shortened(value: Any) -> Any:
    """The value if its JSON has at most MAX_VALUE_LENGTH characters, else the beginning of its JSON."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    try:
        text = value if isinstance(value, str) else encoding.encode(value).decode()
    except TypeError:  # an integer of more than 64 bits, or lists nested too deep
        value = text = reprlib.repr(value)
    return value if len(text) <= MAX_VALUE_LENGTH else text[:MAX_VALUE_LENGTH] + "…"


def from_config_error(error: Any, prefix: str = "") -> ApiError:
    """The error for a ConfigError of the engine; `prefix` is removed from its field.

    A change that needs a restart is a conflict.
    """
    error_type = Conflict if error.code == "needs_restart" else Invalid
    field = error.field or None
    if prefix and field and field.startswith(prefix):
        field = field[len(prefix) :]
    return error_type(error.code, error.message, field=field, given=error.given, limit=error.limit)


def from_problem(problem: dict[str, Any], status: int = 400) -> ApiError:
    """The error that a child process described."""
    error = ApiError(
        problem["code"],
        problem["message"],
        field=problem["field"],
        given=problem["given"],
        limit=problem["limit"],
    )
    error.status = status
    return error


def from_status(status: int, detail: str, path: str) -> ApiError:
    """The error for an HTTP status that the web framework raised: unknown path, wrong method."""
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    messages = {
        404: f"There is nothing at {path}.",
        405: f"{path} does not support this method.",
    }
    error = ApiError(code, messages.get(status, detail or phrase))
    error.status = status
    return error


def from_validation(errors: Any, allowed: list[str] | None = None) -> ApiError:
    """The error for the first of pydantic's validation errors, with the messages of the engine.

    `allowed`: the names of the fields or options that there are, of an error about an unknown one.
    """
    first = errors[0]
    path = tuple(part for part in first["loc"] if part not in ("body", "query", "path"))
    if first["type"] == "extra_forbidden":
        field = ".".join(map(str, path))
        message = f"There is no such {'field' if first['loc'][0] == 'body' else 'option'}."
        return Invalid("unknown_field", message, field=field, given=first["input"], limit=allowed)
    if first["type"] == "refused":  # by a validator of app.web.models
        return Invalid(
            "invalid", first["msg"], field=".".join(map(str, path)) or None, given=first["input"],
            limit=first["ctx"]["limit"],
        )  # fmt: skip
    error_type = QUERY_ERROR_TYPES.get(first["type"], first["type"])
    details = InitErrorDetails(type=error_type, loc=path, input=first["input"], ctx=first.get("ctx") or {})
    return from_config_error(first_error(ValidationError.from_exception_data("query", [details])))


def error_body(error: ApiError) -> bytes:
    """The JSON body of the error answer."""
    return encoding.encode({"error": error.body()})


def refuse_others(
    raw: Mapping[str, Any], *allowed: str, field: str = "", kind: Literal["field", "option"] = "field"
) -> None:
    """Raises Invalid naming the first field that is not in `allowed`; `field` is the prefix of its path."""
    unknown = next((name for name in raw if name not in allowed), None)
    if unknown is not None:
        message, limit = f"There is no such {kind}.", list(allowed) or None
        raise Invalid("unknown_field", message, field=field + unknown, given=raw[unknown], limit=limit)
