"""JSON responses, and the descriptions in OpenAPI of those that every route can send."""

from typing import Any

from fastapi import Response

from app import encoding
from app.web.models.catalogue_answers import ErrorAnswer


def json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response."""
    return json_text(encoding.encode(value), status, headers)


def json_text(text: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response of text that a child process encoded."""
    return Response(text, status, {"cache-control": "no-store"} | (headers or {}), "application/json")


# The error answers of every route.
ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorAnswer, "description": "The request cannot be carried out"},
    503: {
        "model": ErrorAnswer,
        "description": "The server is stopping, has no worker, or cannot write its data",
    },
}


def file_content(*media_types: str) -> dict[str, Any]:
    """The description in OpenAPI of an answer that is a file, one schema per media type."""
    text, binary = {"type": "string"}, {"type": "string", "format": "binary"}
    return {name: {"schema": text if name.startswith("text/") else binary} for name in media_types}
