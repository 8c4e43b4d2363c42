"""Media types of request bodies: only those that the interface declares are accepted."""

from fastapi import Request

from app.errors import Unsupported

JSON = ("application/json",)
CSV = ("text/csv",)


def refuse_media_type(request: Request, declared: tuple[str, ...]) -> None:
    """Raises Unsupported if the Content-Type of a request is missing or not one of the declared ones."""
    given = request.headers.get("content-type", "")
    if not has_media_type(request, declared):
        message = f"The body must have the Content-Type {' or '.join(declared)}."
        raise Unsupported(
            "unsupported_media_type", message, field="Content-Type", given=given or None, limit=list(declared)
        )


def has_media_type(request: Request, declared: tuple[str, ...]) -> bool:
    """Whether the Content-Type of a request is one of the declared ones."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() in declared
