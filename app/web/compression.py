"""Compression: large answers travel compressed to whoever takes them so; small ones do not wait for it."""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

WORTH_IT = 4096  # bytes
LEVEL = 1  # most clients are on this very machine; JSON becomes a fifth already, at 4 ms per MB
FILES = ("application/octet-stream", "text/csv")  # are sent piece by piece, their length told before

REFUSED = re.compile(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")


class Compression(GZipMiddleware):
    """ASGI middleware; typed arrays, which hardly become smaller and are asked for to be quick, stay as they
    are.
    """

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app, WORTH_IT, LEVEL, exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *FILES)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and compress its answer where that is worth it."""
        plain = scope["type"] == "http" and (
            b"arrays=typed" in scope["query_string"]
            or REFUSED.search(Headers(scope=scope).get("accept-encoding", ""))
        )
        await (self.app if plain else super().__call__)(scope, receive, send)
