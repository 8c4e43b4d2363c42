"""Errors: what a client is told when a request cannot be answered, always in one shape."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from math import isfinite
from typing import Any

from pydantic_core import InitErrorDetails, ValidationError

from app import encoding
from engine.config.validation import first_error

# A worker has no session of this run, because it could not make one.
NOT_TAKEN_UP = "not_taken_up"
# So much of what was given is repeated in an answer.
LONGEST_GIVEN = 200
# A query is text: that it cannot be read as a number is that it is none.
READ_FROM_TEXT = {
    "int_parsing": "int_type", "int_parsing_size": "int_type", "float_parsing": "float_type",
    "bool_parsing": "bool_type",
}  # fmt: skip

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
            "limit": _writable(self.limit),
        }


class Malformed(ApiError):
    """The request cannot be read at all."""

    status = 400


class Forbidden(ApiError):
    """The request comes from a page or under a name that this server does not serve."""

    status = 403


class NotFound(ApiError):
    """There is no such thing."""

    status = 404


class Conflict(ApiError):
    """The thing is there, but not in a state in which this is possible."""

    status = 409


class TooLarge(ApiError):
    """The body is larger than the server takes; what is left of it is not waited for."""

    status = 413
    headers: Mapping[str, str] = {"connection": "close"}


class Unsupported(ApiError):
    """The body is of a kind that is not read here."""

    status = 415


class Invalid(ApiError):
    """The request can be read, but a field has a value that is not possible."""

    status = 422


class Unavailable(ApiError):
    """The server is stopping, or its workers do not come up."""

    status = 503


def _writable(limit: Any) -> Any:
    """A limit that follows from what was given (bytes that a file tells of) may be beyond JSON's numbers."""
    return str(limit) if isinstance(limit, int) and limit.bit_length() > 63 else limit


def shortened(given: Any) -> Any:
    """What was given, as long as it is short enough to be repeated; else the beginning of its JSON."""
    if isinstance(given, float) and not isfinite(given):
        return str(given)
    try:
        text = given if isinstance(given, str) else encoding.encode(given).decode()
    except TypeError:  # an integer of more than 64 bits
        given = text = str(given)
    return given if len(text) <= LONGEST_GIVEN else text[:LONGEST_GIVEN] + "…"


def from_config_error(error: Any, prefix: str = "") -> ApiError:
    """Turn the engine's ConfigError into an answer; a live change that needs a restart is a conflict."""
    kind = Conflict if error.code == "needs_restart" else Invalid
    field = error.field or None
    if prefix and field and field.startswith(prefix):
        field = field[len(prefix) :]
    return kind(error.code, error.message, field=field, given=error.given, limit=error.limit)


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
    """An error the web framework itself found: unknown route, wrong method and their like."""
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    messages = {
        404: f"There is nothing at {path}.",
        405: f"{path} does not answer to this method.",
    }
    error = ApiError(code, messages.get(status, detail or phrase))
    error.status = status
    return error


def from_validation(errors: Any) -> ApiError:
    """Turn what is wrong with a query into an answer about the first of it, in the engine's words."""
    first = errors[0]
    where = tuple(part for part in first["loc"] if part not in ("body", "query", "path"))
    if first["type"] == "extra_forbidden":
        field = ".".join(map(str, where))
        return Invalid("unknown_field", "There is no such option.", field=field, given=first["input"])
    if first["type"] == "refused":  # by a validator of our own, which says what is possible
        return Invalid(
            "invalid", first["msg"], field=".".join(map(str, where)) or None, given=first["input"],
            limit=first["ctx"]["limit"],
        )  # fmt: skip
    kind = READ_FROM_TEXT.get(first["type"], first["type"])
    details = InitErrorDetails(type=kind, loc=where, input=first["input"], ctx=first.get("ctx") or {})
    return from_config_error(first_error(ValidationError.from_exception_data("query", [details])))


def encoded(error: ApiError) -> bytes:
    """The JSON body of the answer."""
    return encoding.encode({"error": error.body()})


def refuse_others(raw: dict[str, Any], *known: str, field: str = "") -> None:
    """A misspelt field is an error. Raises Invalid."""
    unknown = next((name for name in raw if name not in known), None)
    if unknown is not None:
        raise Invalid("unknown_field", "There is no such field.", field=field + unknown, given=raw[unknown])
