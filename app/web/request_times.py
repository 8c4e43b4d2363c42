"""Measures how long requests take, by route."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.monitoring.metrics import Metrics

OTHER = "other"  # requests that reach no route, and methods that no route has
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestTimes:
    """ASGI middleware that reports every answered HTTP request to the metrics."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Calls the application, and measures the time to the last byte of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin, status = perf_counter(), 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, observed)
        finally:
            method = scope["method"] if scope["method"] in METHODS else OTHER
            self.metrics.observe(method, route_of(scope), status, perf_counter() - begin)


def route_of(scope: Scope) -> str:
    """The path of the route that a request reached, with the names of its parameters."""
    return getattr(scope.get("route"), "path", OTHER)
