"""Tokens in requests: the Authorization header of scripts, and the cookie of pages."""

import hmac
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import Headers
from starlette.types import Scope

COOKIE_SECONDS = 30 * 24 * 3600


def cookie_name(port: int) -> str:
    """The name of the cookie; cookies have no port, and several servers may run on one machine."""
    return f"perceptarium-{port}"


def is_token(given: str, token: str) -> bool:
    """Whether the given text is the token, compared in a time that does not depend on where they differ."""
    return hmac.compare_digest(given.encode(), token.encode())


def carries(scope: Scope, cookie: str, token: str) -> bool:
    """Whether a request carries the token, as `Authorization: Bearer` or in the cookie of this name."""
    headers = Headers(scope=scope)
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and is_token(given.strip(), token):
        return True
    return any(is_token(value, token) for value in _cookies(headers.getlist("cookie"), cookie))


def _cookies(headers: list[str], name: str) -> Iterator[str]:
    for pair in ";".join(headers).split(";"):
        key, _, value = pair.partition("=")
        if key.strip() == name:
            yield value.strip()


def token_in_address(scope: Scope) -> str | None:
    """The value of the option `token` in the address of a GET request, if it has one."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    values = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get("token")
    return values[-1] if values else None


def address_without_token(scope: Scope) -> str:
    """Path and query of a request without the option `token`; always a path of this server.

    Two slashes or a backslash at its beginning would make it the address of another server.
    """
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query.pop("token", None)
    path = "/" + quote(scope["path"].lstrip("/"), safe="/")
    return path + ("?" + urlencode(query, doseq=True) if query else "")


def set_cookie(name: str, token: str) -> str:
    """The Set-Cookie header: not readable by scripts, and not sent with requests of other sites."""
    return f"{name}={token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax"
