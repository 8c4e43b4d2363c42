"""Compression of large answers for clients that accept gzip."""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

MIN_BYTES = 4096
LEVEL = 1  # a fifth of the size of JSON at 4 ms per MB; most clients are on the same machine
FILES = ("application/octet-stream", "text/csv")  # streamed, with their length in the header

GZIP_REFUSED = re.compile(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")


class Compression(GZipMiddleware):
    """ASGI middleware that compresses answers, except typed arrays, whose size hardly changes."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app, MIN_BYTES, LEVEL, exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *FILES)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Calls the application, and compresses a large answer."""
        uncompressed = scope["type"] == "http" and (
            b"arrays=typed" in scope["query_string"]
            or GZIP_REFUSED.search(Headers(scope=scope).get("accept-encoding", ""))
        )
        await (self.app if uncompressed else super().__call__)(scope, receive, send)
