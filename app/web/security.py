"""Guard: which names this server answers to, which pages may talk to it, and how large a body it takes.

A page of another site can reach a server on somebody's loopback address. Two headers tell: Host must be a
name this server is known by (otherwise a foreign name was pointed at this address), and Origin, where a
browser sends one, must be this very scheme, host and port. Both are checked on HTTP and on WebSocket.

The scheme is http, the only one this server speaks. Under a name that the operator has allowed, a proxy that
speaks https may stand before it, so https will do there too. What a request's X-Forwarded-Proto says of that
is not believed: whoever sends a request can write it.
"""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import ApiError, Forbidden, TooLarge, encoded

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})
TABLES = "/api/datasets/"  # where whole tables may be put
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def host_name(host: str) -> str:
    """The name part of a Host header: without port, without the brackets of IPv6, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


class Guard:
    """ASGI middleware that refuses foreign names, foreign pages and bodies over the limit."""

    def __init__(self, app: ASGIApp, bound_host: str, allowed_hosts: Iterable[str], body_limit: int,
                 table_limit: int) -> None:  # fmt: skip
        self.app = app
        self.allowed = {name.lower() for name in allowed_hosts}
        self.names = LOOPBACK | ({bound_host.lower()} - ANY_ADDRESS) | self.allowed
        self.body_limit = body_limit
        self.table_limit = table_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        problem = self.problem(headers)
        limit = self._limit(scope) if scope["type"] == "http" else 0
        if problem is None and scope["type"] == "http":
            problem = self._too_large(headers, limit)
        if problem is not None:
            await _refuse(scope, receive, send, problem)
        elif scope["type"] == "http":
            await self.app(scope, self._counted(receive, limit), send)
        else:
            await self.app(scope, receive, send)

    def problem(self, headers: dict[bytes, str]) -> ApiError | None:
        """What is wrong with Host or Origin, if anything."""
        host = headers.get(b"host", "")
        if host_name(host) not in self.names:
            message = "This server does not answer under this name; see PERCEPTARIUM_ALLOWED_HOSTS."
            return Forbidden("foreign_host", message, field="Host", given=host, limit=sorted(self.names))
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() not in (own := self._own_origins(host.lower())):
            message = "Only this server's own pages may talk to it."
            return Forbidden("foreign_origin", message, field="Origin", given=origin, limit=own)
        return None

    def _own_origins(self, host: str) -> list[str]:
        """The origins of pages under this Host; browsers leave a scheme's own port out."""
        schemes = ["http", "https"] if host_name(host) in self.allowed else ["http"]
        return [f"{scheme}://{host.removesuffix(DEFAULT_PORTS[scheme])}" for scheme in schemes]

    def _too_large(self, headers: dict[bytes, str], limit: int) -> ApiError | None:
        length = headers.get(b"content-length", "0")
        return _limit_error(int(length), limit) if length.isdigit() and int(length) > limit else None

    def _limit(self, scope: Scope) -> int:
        """How many bytes the body of this request may have."""
        table = scope["method"] == "PUT" and scope["path"].startswith(TABLES)
        return self.table_limit if table else self.body_limit

    def _counted(self, receive: Receive, limit: int) -> Receive:
        """`receive` that stops as soon as more arrives than is allowed, whatever length was announced."""
        total = 0

        async def counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > limit:
                raise _limit_error(total, limit)
            return message

        return counted


def _limit_error(given: int, limit: int) -> ApiError:
    message = f"The body may have at most {limit:,} bytes."
    return TooLarge("body_too_large", message, given=given, limit=limit)


async def _refuse(scope: Scope, receive: Receive, send: Send, error: ApiError) -> None:
    """Answer with the error; on a WebSocket before it is accepted, where the server supports that."""
    kind = "http"
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008, "reason": error.code})
            return
        kind = "websocket.http"
    body = encoded(error)
    told = {"content-type": "application/json", "content-length": str(len(body)), **error.headers}
    headers = [(name.encode(), value.encode()) for name, value in told.items()]
    await send({"type": f"{kind}.response.start", "status": error.status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": body})
