"""Routes with a JSON body: decoded by orjson, and refused at the first unknown field before validation.

Validation would build one error for every unknown field, and block the event loop for as long.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app import encoding
from app.errors import Invalid, Malformed, TooLarge
from app.web.media_types import CSV, JSON, has_media_type, refuse_media_type
from app.web.models.base import MAX_VALUES, RequestBody, SchemaOf
from engine.config.errors import ConfigError
from engine.config.validation import refuse_unknown_fields

MAX_CONTAINERS = 12_000  # 10,000 rows of a prediction, 5,000 points that are drawn
MAX_DEPTH = 254  # levels of lists and objects that orjson encodes


async def read_object(request: Request, max_values: int = MAX_VALUES) -> dict[str, Any]:
    """Returns the JSON object in a body; an empty body is an empty object.

    Raises Unsupported if the body is not declared as JSON: forms, which pages of other sites can send
    without being asked, never are. Raises TooLarge if it has too many values, Malformed if the text is not
    JSON or too deep, Invalid if it is not an object.
    """
    text = await request.body()
    if not text.strip():
        return {}
    refuse_media_type(request, JSON)
    _refuse_too_many(text, ",:", max_values, "values (counted as its commas and colons)")
    _refuse_too_many(text, "[{", MAX_CONTAINERS, "lists and objects")
    try:
        value = encoding.decode(text)
    except ValueError as error:
        raise Malformed("malformed_json", f"The body is not JSON: {error}") from None
    if _is_too_deep(text, value):
        raise Malformed("malformed_json", f"The body is nested more than {MAX_DEPTH} levels deep.")
    if not isinstance(value, dict):
        raise Invalid("invalid", "The body must be a JSON object.", given=value, limit="object")
    return value


async def _read_table(request: Request, max_values: int) -> str:
    """Returns the text of a table in a body. Raises TooLarge, or Malformed if it is not UTF-8."""
    text = await request.body()
    _refuse_too_many(text, ",;\t", max_values, "cells (counted as its separators)")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("malformed_csv", f"The body is not UTF-8: {error}.") from None


def _refuse_too_many(text: bytes, signs: str, limit: int, what: str) -> None:
    """Raises TooLarge for too many of the signs; before decoding, which takes time for each value."""
    count = sum(text.count(sign.encode()) for sign in signs)
    if count > limit:
        raise TooLarge(
            "too_many_values", f"The body may have at most {limit:,} {what}.", given=count, limit=limit
        )


def _is_too_deep(text: bytes, value: Any) -> bool:
    """Whether the value has more than MAX_DEPTH levels: messages to a worker could not contain it."""
    if text.count(b"[") + text.count(b"{") <= MAX_DEPTH:
        return False
    try:
        encoding.encode(value)
    except TypeError:
        return True
    return False


class DecodedRequest(Request):
    """A request whose JSON body has been decoded."""

    def __init__(self, request: Request, value: dict[str, Any]) -> None:
        headers = [pair for pair in request.scope["headers"] if pair[0] != b"content-type"]
        headers.append((b"content-type", b"application/json"))
        super().__init__({**request.scope, "headers": headers}, request.receive)
        self._value = value

    async def body(self) -> bytes:
        """A text that is not empty, so that FastAPI calls `json`."""
        return b"{}"

    async def json(self) -> Any:
        """The decoded body."""
        return self._value


class JsonRoute(APIRoute):
    """A route whose body, if it has one, is a `RequestBody`, or a table if that has a `table_field`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler that decodes the body, refuses unknown fields, and calls the validating handler."""
        handler = super().get_route_handler()
        if self.body_field is None:
            return handler
        model: type[RequestBody] = self.body_field.field_info.annotation  # type: ignore[assignment]
        assert issubclass(model, RequestBody), f"the body of {self.path} is not a RequestBody"

        async def handle(request: Request) -> Response:
            if model.table_field is not None and has_media_type(request, CSV):
                value = {model.table_field: await _read_table(request, model.max_values)}
            else:
                value = await read_object(request, model.max_values)
            _refuse_unknown_fields(value, model.model_for(value))
            return await handler(DecodedRequest(request, value))

        return handle


def _refuse_unknown_fields(value: dict[str, Any], model: type[BaseModel] | None) -> None:
    """Raises Invalid naming the first field, at any depth, that the model does not have."""
    if model is None:
        return
    try:
        refuse_unknown_fields(model, value, _described_type)
    except ConfigError as error:
        message = "There is no such field."
        raise Invalid(
            "unknown_field", message, field=error.field, given=error.given, limit=error.limit
        ) from None


def _described_type(field: FieldInfo) -> Any:
    """The type of a field as OpenAPI describes it."""
    return next((mark.described for mark in field.metadata if isinstance(mark, SchemaOf)), field.annotation)
