"""Subscriptions: parses and validates the messages of viewers."""

from dataclasses import dataclass
from typing import Any

from app import encoding
from app.errors import ApiError, Invalid, Malformed, from_config_error, refuse_others
from app.workers.messages import ViewKey
from engine.config.errors import ConfigError
from engine.views import VIEWS

MAX_VIEWS = 32
MIN_FPS, MAX_FPS = 0.1, 60.0
MAX_MESSAGE_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True)
class RequestedStep:
    """A step that a viewer asks for, which may not exist; attempt None: the current one."""

    step: int
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class ViewerMessage:
    """What a viewer asks for: views by id, fps, and (if `moves`) the step `at` or, None, the newest weights.

    Views and fps are None if they stay as they are. `acknowledges`: it is an acknowledgement instead.
    """

    views: dict[str, ViewKey] | None = None
    fps: float | None = None
    moves: bool = False
    at: RequestedStep | None = None
    acknowledges: bool = False


def read_message(text: str) -> ViewerMessage:
    """Returns what a viewer asks for. Raises Malformed or Invalid."""
    return read_fields(decode_message(text))


def decode_message(text: str) -> dict[str, Any]:
    """Returns the fields of a message. Raises Malformed or Invalid."""
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise Malformed(
            "too_large", "This message is too long.", given=len(text), limit=MAX_MESSAGE_CHARACTERS
        )
    try:
        message = encoding.decode(text)
    except ValueError as error:
        raise Malformed("malformed_json", f"This message is not JSON: {error}") from None
    if not isinstance(message, dict):
        raise Invalid(
            "invalid",
            f"expected a JSON object with subscribe, fps or at, received {type(message).__name__}",
            given=message,
            limit="object",
        )
    return message


def read_fields(message: dict[str, Any]) -> ViewerMessage:
    """Returns what the fields of a message ask for. Raises Invalid."""
    if "received" in message:
        return _read_acknowledgement(message)
    refuse_others(message, "subscribe", "fps", "at")
    return ViewerMessage(
        read_views(message["subscribe"]) if "subscribe" in message else None,
        read_fps(message["fps"]) if "fps" in message else None,
        "at" in message,
        read_at(message.get("at")),
    )


def _read_acknowledgement(message: dict[str, Any]) -> ViewerMessage:
    refuse_others(message, "received")
    if message["received"] is not True:
        raise Invalid("invalid", "must be true", field="received", given=message["received"], limit=True)
    return ViewerMessage(acknowledges=True)


def read_at(value: Any) -> RequestedStep | None:
    """Returns the requested step; None: the newest weights. Raises Invalid for what is no step or attempt."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Invalid("invalid", "must be an object or null", field="at", given=value, limit="object")
    refuse_others(value, "step", "attempt", field="at.")
    attempt = value.get("attempt")
    return RequestedStep(
        _read_integer(value.get("step"), "at.step"),
        None if attempt is None else _read_integer(attempt, "at.attempt"),
    )


def read_views(items: Any) -> dict[str, ViewKey]:
    """Returns views by id from a list of names or objects with view, options and id. Raises Invalid."""
    if not isinstance(items, list):
        raise Invalid("invalid", "must be a list", field="subscribe", given=items, limit="list")
    if len(items) > MAX_VIEWS:
        raise Invalid(
            "invalid",
            f"may have at most {MAX_VIEWS} entries",
            field="subscribe",
            given=len(items),
            limit=MAX_VIEWS,
        )
    views: dict[str, ViewKey] = {}
    for index, item in enumerate(items):
        view_id, key = _read_view(f"subscribe.{index}", item)
        if view_id in views:
            raise Invalid("invalid", "This id is used twice.", field=f"subscribe.{index}.id", given=view_id)
        views[view_id] = key
    return views


def read_view_names(names: list[str]) -> dict[str, ViewKey]:
    """Returns views with default options by their names. Raises Invalid for the field `views`."""
    try:
        return read_views(names)
    except ApiError as error:
        error.field = "views"
        raise


def view_key(name: str, options: dict[str, Any]) -> ViewKey:
    """Returns the key of a view with all its options. Raises ConfigError for an invalid option."""
    return ViewKey(name, encoding.encode(dict(sorted(VIEWS[name].parse(options).items()))).decode())


def validate_view_name(name: Any, field: str) -> str:
    """Returns the name. Raises Invalid if there is no such view."""
    if not isinstance(name, str) or name not in VIEWS:
        raise Invalid(
            "unknown_view",
            f"There is no such view; there are {', '.join(VIEWS)}.",
            field=field,
            given=name,
            limit=list(VIEWS),
        )
    return name


def read_fps(fps: Any) -> float:
    """Returns the maximum number of frames of a view per second. Raises Invalid."""
    if isinstance(fps, bool) or not isinstance(fps, int | float) or not MIN_FPS <= fps <= MAX_FPS:
        message = f"must be a number from {MIN_FPS:g} to {MAX_FPS:g}"
        raise Invalid("invalid", message, field="fps", given=fps, limit=[MIN_FPS, MAX_FPS])
    return float(fps)


def _read_integer(value: Any, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid("invalid", "must be a whole number", field=field, given=value, limit="integer")
    return value


def _read_view(field: str, item: Any) -> tuple[str, ViewKey]:
    if isinstance(item, str):
        item = {"view": item}
        name_field = field
    else:
        name_field = f"{field}.view"
    if not isinstance(item, dict):
        raise Invalid("invalid", "must be the name of a view or an object", field=field, given=item)
    refuse_others(item, "view", "options", "id", field=f"{field}.")
    name = validate_view_name(item.get("view"), name_field)
    options, view_id = item.get("options", {}), item.get("id", name)
    if not isinstance(options, dict):
        raise Invalid("invalid", "must be an object", field=f"{field}.options", given=options)
    if not isinstance(view_id, str) or not 1 <= len(view_id) <= 100:
        raise Invalid("invalid", "must be a text of 1 to 100 characters", field=f"{field}.id", given=view_id)
    try:
        return view_id, view_key(name, options)
    except ConfigError as error:
        problem = from_config_error(error)
        problem.field = f"{field}.options.{problem.field}" if problem.field else f"{field}.options"
        raise problem from None
