"""Checks of Host, Origin, Sec-Fetch-Site and body size before a request reaches a route.

Pages of other sites can send requests to a server on a loopback address. Host must therefore be a name of
this server (DNS rebinding), and Origin, which browsers send, must have the same scheme, host and port
(cross-site requests). Both are checked for HTTP and WebSocket.

Sec-Fetch-Site, which browsers send too, must not be "cross-site", except for the navigation that opens a page
by a link of another site, or in a frame of a site that may embed the pages.

The scheme is http. Under a host name that the operator has allowed, https is accepted too, because a proxy
may terminate TLS. X-Forwarded-Proto is ignored, since every client can set it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from ipaddress import ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import ApiError, Forbidden, Malformed, TooLarge
from app.web.access.refusal import refuse

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})
NOT_PAGES = ("/api/", "/static/")
TABLES = "/api/datasets/"  # prefix of the paths with the larger body limit
HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:/?#@\s]+))(?::[0-9]*)?")
# Headers of which a request may have one; a proxy and the server could each look at another of two.
SINGLE = (
    b"host", b"origin", b"authorization", b"content-length", b"content-type", b"sec-fetch-site",
    b"sec-fetch-mode", b"sec-fetch-dest",
)  # fmt: skip
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def host_name(host: str) -> str:
    """The host name in a Host header, in lower case, without port and without the brackets of IPv6.

    Empty if the header is not a host name with or without a port.
    """
    match = HOST.fullmatch(host)
    return (match["v6"] or match["name"]).lower() if match else ""


def is_address(name: str) -> bool:
    """Whether a host name is an IP address: no other site can have it, unlike a name (DNS rebinding)."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def repeated(scope: Scope) -> ApiError | None:
    """The error for a header that decides about the request and is there twice: one of them is ignored."""
    names = Counter(name for name, _ in scope["headers"])
    twice = next((name for name in SINGLE if names[name] > 1), None)
    if twice is None:
        return None
    title = twice.decode().title()
    return Malformed("repeated_header", f"The header {title} may occur only once.", field=title, limit=1)


class RequestGuard:
    """ASGI middleware that refuses foreign Host and Origin headers and bodies over the limit."""

    def __init__(self, app: ASGIApp, bound_host: str, allowed_hosts: Iterable[str], body_limit: int,
                 table_limit: int, embed: bool = False) -> None:  # fmt: skip
        self.app = app
        self.by_address = bound_host in ANY_ADDRESS
        self.destinations = {"document", "iframe"} if embed else {"document"}
        self.allowed = {name.lower() for name in allowed_hosts}
        self.names = LOOPBACK | ({bound_host.lower()} - ANY_ADDRESS) | self.allowed
        self.body_limit = body_limit
        self.table_limit = table_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Calls the application, or answers with an error."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        problem = repeated(scope) or self.problem(headers) or self._cross_site(scope, headers)
        limit = self._limit(scope) if scope["type"] == "http" else 0
        if problem is None and scope["type"] == "http":
            problem = self._too_large(headers, limit)
        if problem is not None:
            await refuse(scope, receive, send, problem)
        elif scope["type"] == "http":
            await self.app(scope, self._counted(receive, limit), send)
        else:
            await self.app(scope, receive, send)

    def problem(self, headers: dict[bytes, str]) -> ApiError | None:
        """The error for Host or Origin, if there is one."""
        host = headers.get(b"host", "")
        if not self._is_own(host_name(host)):
            message = "This host name is not allowed; see PERCEPTARIUM_ALLOWED_HOSTS."
            return Forbidden("foreign_host", message, field="Host", given=host, limit=sorted(self.names))
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() not in (allowed := self._allowed_origins(host.lower())):
            message = "Only pages of this server may send requests to it."
            return Forbidden("foreign_origin", message, field="Origin", given=origin, limit=allowed)
        return None

    def _is_own(self, name: str) -> bool:
        """Whether a host name is one of this server; an IP address is, if it listens on all of them."""
        return name in self.names or (self.by_address and is_address(name))

    def _cross_site(self, scope: Scope, headers: dict[bytes, str]) -> ApiError | None:
        """The error for a request that a page of another site makes; opening a page by a link is allowed."""
        if headers.get(b"sec-fetch-site") != "cross-site":
            return None
        opens_page = (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and headers.get(b"sec-fetch-mode") == "navigate"
            and headers.get(b"sec-fetch-dest") in self.destinations
            and not scope["path"].startswith(NOT_PAGES)
        )
        message = "Pages of other sites may only open the pages of this server, by a link."
        error = Forbidden("cross_site", message, field="Sec-Fetch-Site", given="cross-site")
        return None if opens_page else error

    def _allowed_origins(self, host: str) -> list[str]:
        """The allowed origins for this Host; browsers leave out the default port of a scheme."""
        schemes = ["http", "https"] if host_name(host) in self.allowed else ["http"]
        return [f"{scheme}://{host.removesuffix(DEFAULT_PORTS[scheme])}" for scheme in schemes]

    def _too_large(self, headers: dict[bytes, str], limit: int) -> ApiError | None:
        length = headers.get(b"content-length", "0")
        return _limit_error(int(length), limit) if length.isdigit() and int(length) > limit else None

    def _limit(self, scope: Scope) -> int:
        """The maximum size of the body of this request, in bytes."""
        table = scope["method"] == "PUT" and scope["path"].startswith(TABLES)
        return self.table_limit if table else self.body_limit

    def _counted(self, receive: Receive, limit: int) -> Receive:
        """Returns a `receive` that raises TooLarge once more than `limit` bytes have arrived."""
        total = 0

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > limit:
                raise _limit_error(total, limit)
            return message

        return counted


def _limit_error(size: int, limit: int) -> ApiError:
    message = f"The body may have at most {limit:,} bytes."
    return TooLarge("body_too_large", message, given=size, limit=limit)
