"""OpenAPI: the description of the application, in a form that client generators read correctly."""

from typing import Any

from fastapi import FastAPI


class Application(FastAPI):
    """The ASGI application."""

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            replace_constants(super().openapi())
        assert self.openapi_schema is not None
        return self.openapi_schema


def replace_constants(schema: Any) -> None:
    """Writes constants that are alternatives (`anyOf`) as enumerations of one value, in place.

    Both mean the same, but clients of openapi-python-client refuse every other alternative of a constant.
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
