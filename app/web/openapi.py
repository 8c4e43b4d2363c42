"""The application: security headers on every answer, and an OpenAPI that client generators support."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from app.connections.ended_requests import EndedRequests
from app.web.access.headers import SecurityHeaders


class Application(FastAPI):
    """The ASGI application; `state.access` has its settings of access."""

    def build_middleware_stack(self) -> ASGIApp:
        """All middleware, inside that of the security headers: answers to unexpected errors have them too."""
        return SecurityHeaders(EndedRequests(super().build_middleware_stack()), self.state.access.embed)

    def openapi(self) -> dict[str, Any]:
        """The description, which is generated once."""
        if self.openapi_schema is None:
            replace_constants(super().openapi())
        assert self.openapi_schema is not None
        return self.openapi_schema


def replace_constants(schema: Any) -> None:
    """Replaces constants that are alternatives (`anyOf`) by enumerations of one value, in place.

    Both mean the same, but clients that openapi-python-client generates would accept only the constant.
    """
    if isinstance(schema, list):
        for item in schema:
            replace_constants(item)
    elif isinstance(schema, dict):
        for alternative in schema.get("anyOf", []):
            if "const" in alternative:
                alternative["enum"] = [alternative.pop("const")]
        for part in schema.values():
            replace_constants(part)
