"""Requests that end early: the server stops, or the client leaves while it sends. Neither is a fault."""

import asyncio
import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Unavailable, error_body

log = logging.getLogger("perceptarium")


class EndedRequests:
    """ASGI application around another: requests that the stopping server cancels are answered with 503."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Calls the application."""
        has_begun = False

        async def observed(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, observed)
        except ClientDisconnect:
            log.debug("a client left during %s", scope.get("path"))
        except asyncio.CancelledError:
            log.debug("the server stopped during %s %s", scope["type"], scope.get("path"))
            if scope["type"] == "http" and not has_begun:
                await _refuse(send)


async def _refuse(send: Send) -> None:
    body = error_body(Unavailable("stopping", "The server is stopping."))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send(
        {"type": "http.response.start", "status": 503, "headers": [*headers, (b"connection", b"close")]}
    )
    await send({"type": "http.response.body", "body": body})
