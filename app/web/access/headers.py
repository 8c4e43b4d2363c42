"""Headers of every answer that restrict what browsers do with it."""

import secrets
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.connections.security_headers import FIXED

OPENER_POLICY = "cross-origin-opener-policy"
STARTS = ("http.response.start", "websocket.http.response.start")


class SecurityHeaders:
    """ASGI middleware that adds them; `embed` is the origin whose pages may show these in a frame, if any.

    The inline scripts of a page have the nonce that is in `scope["nonce"]`, a new one for every answer.
    """

    def __init__(self, app: ASGIApp, embed: str | None) -> None:
        self.app = app
        self.embed = embed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Calls the application, whose answers get the headers."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope["nonce"] = nonce = secrets.token_urlsafe(16)

        async def with_headers(message: Message) -> None:
            if message["type"] in STARTS:
                message = {**message, "headers": list(message.get("headers", ()))}
                MutableHeaders(scope=message).update(self._headers(scope, nonce))
            await send(message)

        await self.app(scope, receive, with_headers)

    def _headers(self, scope: Scope, nonce: str) -> dict[str, str]:
        headers = {"content-security-policy": content_policy(nonce, self.embed), **FIXED}
        if is_plain_address(scope):
            del headers[OPENER_POLICY]
        return headers


def is_plain_address(scope: Scope) -> bool:
    """Whether a page is opened at an IP address of the network without HTTPS.

    There browsers ignore the opener policy, and say so in the console as an error.
    """
    host = Headers(scope=scope).get("host", "")
    try:
        address = ip_address(host.rpartition("]")[0].lstrip("[") or host.partition(":")[0])
    except ValueError:
        return False
    return scope["scheme"] in ("http", "ws") and not address.is_loopback


def content_policy(nonce: str, embed: str | None) -> str:
    """The Content-Security-Policy: files of this server, inline scripts only with the nonce, no `eval`.

    Plotly and Swagger UI write style attributes, and draw with images of the kinds `data:` and `blob:`.
    """
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors " + (embed or "'none'"),
        )
    )
