"""Assembly of the application: use cases, routes, middleware and error answers."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app import installed_version
from app.datasets import Datasets
from app.errors import ApiError, error_body, from_config_error, from_status, from_validation
from app.runs.service import Runs
from app.settings import BODY_LIMIT, Settings
from app.storage.store import Store
from app.storage.table_files import FOLDER, TableFiles
from app.web.access.control import AccessControl
from app.web.compression import Compression
from app.web.head_requests import HeadRequests
from app.web.openapi import Application
from app.web.responses import ERRORS
from app.web.routes import (
    bookmarks,
    catalogue,
    datasets,
    health,
    history,
    pages,
    points,
    runs,
    static_files,
    stream,
    views,
    weights,
)
from app.web.security import RequestGuard
from app.web.static_files import Assets
from app.workers.imports.client import ImportClient
from engine.config.errors import ConfigError
from engine.datasets.tables.limits import MAX_BYTES

ROUTES = (
    runs,
    history,
    bookmarks,
    views,
    weights,
    points,
    catalogue,
    datasets,
    stream,
    health,
    pages,
    static_files,
)

log = logging.getLogger("perceptarium")


def create_app(settings: Settings, store: Store) -> FastAPI:
    """The ASGI application over an open store."""
    app = Application(
        title="Perceptarium",
        version=installed_version(),
        lifespan=_lifespan(settings, store),
        docs_url=None,
        responses=ERRORS,
        separate_input_output_schemas=False,
        redoc_url=None,
        description="Shows neural networks while they learn.",
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.assets, app.state.access = Assets(), settings.access
    for module in ROUTES:
        app.include_router(module.router)
    _add_error_handlers(app)
    app.add_middleware(Compression)
    app.add_middleware(HeadRequests)
    app.add_middleware(AccessControl, access=settings.access, port=settings.port, token_form=pages.token_form)
    app.add_middleware(
        RequestGuard, bound_host=settings.host, allowed_hosts=settings.allowed_hosts, body_limit=BODY_LIMIT,
        table_limit=MAX_BYTES, embed=settings.access.embed is not None,
    )  # fmt: skip
    return app


def _lifespan(settings: Settings, store: Store) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Starts use cases and worker processes when the application starts, and ends them when it ends."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        folder = settings.data_dir / FOLDER
        async with ImportClient(folder).started() as imports:
            datasets = Datasets(store, imports, TableFiles(folder))
            await datasets.open()
            runs = Runs(
                store, settings.workers, datasets, settings.budgets, settings.unwatched_seconds,
                settings.runs_per_worker,
            )  # fmt: skip
            async with runs.started() as use_cases:
                app.state.runs, app.state.datasets = use_cases, datasets
                # Compressing Plotly takes 0.4 s, so it is done before the first request.
                compression = asyncio.create_task(app.state.assets.get("vendor/plotly.min.js"))
                yield
                compression.cancel()

    return lifespan


def _add_error_handlers(app: FastAPI) -> None:
    """Answers every error in the same format; browsers that request a page get a page."""

    def respond(request: Request, error: ApiError, headers: Any = None) -> Response:
        page = pages.not_found_page(request, error)
        return page or Response(error_body(error), error.status, headers or error.headers, "application/json")

    async def api_error(request: Request, error: Any) -> Response:
        return respond(request, error)

    async def config_error(request: Request, error: Any) -> Response:
        return respond(request, from_config_error(error))

    async def validation(request: Request, error: Any) -> Response:
        return respond(request, from_validation(error.errors()))

    async def http(request: Request, error: Any) -> Response:
        headers = {"allow": ", ".join(_methods(request))} if error.status_code == 405 else error.headers
        return respond(request, from_status(error.status_code, str(error.detail), request.url.path), headers)

    async def unexpected(request: Request, error: Any) -> Response:
        failure = ApiError("internal", "Internal error of the server; see its log.")
        failure.status = 500
        return respond(request, failure)

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(ConfigError, config_error)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)


def _methods(request: Request) -> list[str]:
    """All methods of a path; the framework names only those of the first route with this path."""
    methods: set[str] = set()
    for route in (route for module in ROUTES for route in module.router.routes):
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= getattr(route, "methods", None) or set()
    return sorted(methods)
