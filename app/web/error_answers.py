"""Error answers: every exception becomes an answer of the same shape, or a page for a browser."""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse
from starlette.routing import Match
from starlette.types import Scope

from app.errors import ApiError, error_body, from_config_error, from_status, from_validation
from app.web.routes.pages import not_found_page
from engine.config.errors import ConfigError
from engine.config.validation import models_in

log = logging.getLogger("perceptarium")


def add_error_handlers(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Answers every error in the same format; browsers that request a page get a page."""

    async def http(request: Request, error: Any) -> Response:
        path = "/" + request.scope["path"].strip("/")  # with one slash, so that it is one of this server
        has_slash = error.status_code == 404 and request.scope["path"].endswith("/")
        if has_slash and _methods({**request.scope, "path": path}, routers):
            query = request.url.query
            return RedirectResponse(quote(path) + (f"?{query}" if query else ""), 307)
        allowed = {"allow": ", ".join(_methods(request.scope, routers))}
        headers = allowed if error.status_code == 405 else error.headers
        return respond(request, from_status(error.status_code, str(error.detail), request.url.path), headers)

    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(ConfigError, _config_error)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(ClientDisconnect, _broken_off)
    app.add_exception_handler(Exception, _unexpected)


def respond(request: Request, error: ApiError, headers: Any = None) -> Response:
    """The answer for an error."""
    page = not_found_page(request, error)
    return page or Response(error_body(error), error.status, headers or error.headers, "application/json")


async def _api_error(request: Request, error: Any) -> Response:
    return respond(request, error)


async def _config_error(request: Request, error: Any) -> Response:
    return respond(request, from_config_error(error))


async def _validation(request: Request, error: Any) -> Response:
    return respond(request, from_validation(error.errors(), _allowed(request, error.errors()[0])))


async def _broken_off(request: Request, error: Any) -> Response:
    """No client receives this answer: the connection was closed before the body was complete."""
    log.info("%s %s was broken off while its body arrived", request.method, request.url.path)
    return Response(status_code=400)


async def _unexpected(request: Request, error: Any) -> Response:
    failure = ApiError("internal", "Internal error of the server; see its log.")
    failure.status = 500
    return respond(request, failure)


def _allowed(request: Request, error: Any) -> list[str] | None:
    """The names that there are, of an error about an unknown field or option; None: of another error."""
    if error["type"] != "extra_forbidden":
        return None
    route, (place, *path) = request.scope["route"], error["loc"]
    parameters = [route.body_field] if place == "body" else route.dependant.query_params
    models = [model for each in parameters for model in models_in(each.field_info.annotation)]
    for name in path[:-1]:
        fields = [model.model_fields[name] for model in models if name in model.model_fields]
        if fields:  # else an index of a list, a key of a dictionary, or a type of a union
            models = [model for field in fields for model in models_in(field.annotation)]
    return [name for model in models for name in model.model_fields]


def _methods(scope: Scope, routers: Sequence[APIRouter]) -> list[str]:
    """All methods of a path; the framework names only those of the first route with this path."""
    methods: set[str] = set()
    for route in (route for router in routers for route in router.routes):
        match, _ = route.matches(scope)
        if match is not Match.NONE:
            methods |= getattr(route, "methods", None) or set()
    return sorted(methods)
