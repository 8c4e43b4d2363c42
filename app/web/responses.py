"""Answers: JSON responses, and the reading of JSON request bodies."""

from typing import Any

from fastapi import Request, Response

from app import encoding
from app.errors import Invalid, Malformed


def json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response."""
    return json_text(encoding.encode(value), status, headers)


def json_text(text: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response of text that a child encoded."""
    return Response(text, status, {"cache-control": "no-store"} | (headers or {}), "application/json")


async def body_object(request: Request) -> dict[str, Any]:
    """The request's body, which must be a JSON object; no body at all counts as an empty one."""
    text = await request.body()
    if not text.strip():
        return {}
    try:
        value = encoding.decode(text)
    except ValueError as error:
        raise Malformed("malformed_json", f"The body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Invalid("invalid", "The body must be a JSON object.", given=value, limit="object")
    return value


def described(schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    """What OpenAPI is told of a body that we read ourselves."""
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {"requestBody": {"required": False, "content": {"application/json": content}}}


def options(*named: tuple[str, dict[str, Any], str]) -> dict[str, Any]:
    """What OpenAPI is told of query options that we read ourselves: name, schema, description."""
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
            for name, schema, description in named
        ]
    }


# Every refusal has this form.
REFUSAL: dict[str, Any] = {
    "description": "What is wrong, and where",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "error": {
                        "type": "object",
                        "required": ["code", "message", "field", "given", "limit"],
                        "properties": {
                            "code": {"type": "string"},
                            "message": {"type": "string"},
                            "field": {"type": ["string", "null"], "description": "dotted path, or name"},
                            "given": {"description": "what was given"},
                            "limit": {"description": "what is possible"},
                        },
                    }
                },
            }
        }
    },
}
