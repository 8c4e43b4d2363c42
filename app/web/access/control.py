"""Who may call: requests with the token, if the server has one; only reading ones, if it is read-only."""

import re
from collections.abc import Callable

from fastapi import Request, Response
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import ApiError, Forbidden, Unauthorized
from app.settings import Access
from app.web.access.refusal import refuse
from app.web.access.tokens import (
    address_without_token,
    carries,
    cookie_name,
    is_token,
    set_cookie,
    token_in_address,
)

OPEN = frozenset({"/healthz", "/readyz"})  # for those who watch over the server
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
READING_CALLS = re.compile(r"/api/runs/[^/]+/predict")  # that have a body, and change nothing

NEEDS_TOKEN = (
    "This server needs a token: open the link that it printed at its start, "
    "or send `Authorization: Bearer TOKEN`."
)
READ_ONLY = "This server shows runs, but does not change them (it was started with --read-only)."

TokenForm = Callable[[Request, ApiError], Response | None]


class AccessControl:
    """ASGI middleware that answers requests without the token, and changes of a read-only server.

    `token_form` makes the page in which a person enters the token; None where the answer is JSON.
    """

    def __init__(self, app: ASGIApp, access: Access, port: int, token_form: TokenForm) -> None:
        self.app = app
        self.token = access.token
        self.read_only = access.read_only
        self.cookie = cookie_name(port)
        self.token_form = token_form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Calls the application, or answers with an error, the form or a redirect."""
        answer = self._answer(scope) if scope["type"] in ("http", "websocket") else None
        if answer is None:
            await self.app(scope, receive, send)
        elif isinstance(answer, ApiError):
            await refuse(scope, receive, send, answer)
        else:
            await answer(scope, receive, send)

    def _answer(self, scope: Scope) -> ApiError | Response | None:
        """What the request is answered with instead of by the application."""
        is_http = scope["type"] == "http"
        if self.token is not None and not (is_http and scope["path"] in OPEN):
            given = token_in_address(scope)
            if given is not None and is_token(given, self.token):
                return self._redirect(scope, self.token)
            if not carries(scope, self.cookie, self.token):
                error = Unauthorized("unauthorized", NEEDS_TOKEN, field="Authorization")
                return (self.token_form(Request(scope), error) if is_http else None) or error
        if self.read_only and is_http and changes(scope):
            return Forbidden("read_only", READ_ONLY)
        return None

    def _redirect(self, scope: Scope, token: str) -> Response:
        """Keeps the token in the cookie and takes it out of the address."""
        headers = {"set-cookie": set_cookie(self.cookie, token), "cache-control": "no-store"}
        return RedirectResponse(address_without_token(scope), 303, headers)


def changes(scope: Scope) -> bool:
    """Whether a request may change something on the server."""
    return scope["method"] not in READING_METHODS and not READING_CALLS.fullmatch(scope["path"])
