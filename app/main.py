"""Assembly of the application: use cases, routes, middleware and error answers."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from app import installed_version
from app.datasets import Datasets
from app.experiments.experiments import Experiments
from app.lessons.library import Library
from app.monitoring.metrics import Metrics
from app.runs.service import Runs
from app.settings import BODY_LIMIT, Settings
from app.storage.store import Store
from app.storage.table_files import FOLDER, TableFiles
from app.web.access.control import AccessControl
from app.web.compression import Compression
from app.web.error_answers import add_error_handlers
from app.web.folders import TEMPLATES
from app.web.head_requests import HeadRequests
from app.web.openapi import Application
from app.web.request_times import RequestTimes
from app.web.responses import ERRORS
from app.web.routes import (
    activations,
    bookmarks,
    catalogue,
    comparison,
    datasets,
    experiment_stream,
    experiments,
    health,
    history,
    lessons,
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
from engine.datasets.tables.limits import MAX_BYTES

ROUTES = (
    comparison,  # before the runs, as its path is that of a run with the id “compare”
    runs,
    history,
    bookmarks,
    views,
    weights,
    points,
    catalogue,
    datasets,
    stream,
    experiments,
    experiment_stream,
    health,
    lessons,
    activations,
    pages,
    static_files,
)


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
        redirect_slashes=False,  # its redirects name the scheme http, also behind a proxy with TLS
        description="Shows neural networks while they learn.",
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.assets, app.state.access, app.state.metrics = Assets(), settings.access, Metrics()
    app.state.lessons = Library(TEMPLATES / "lessons", settings.lessons)
    for module in ROUTES:
        app.include_router(module.router)
    add_error_handlers(app, [module.router for module in ROUTES])
    app.add_middleware(Compression)
    app.add_middleware(HeadRequests)
    app.add_middleware(AccessControl, access=settings.access, port=settings.port, token_form=pages.token_form)
    app.add_middleware(
        RequestGuard, bound_host=settings.host, allowed_hosts=settings.allowed_hosts, body_limit=BODY_LIMIT,
        table_limit=MAX_BYTES, embed=settings.access.embed is not None,
    )  # fmt: skip
    app.add_middleware(RequestTimes, metrics=app.state.metrics)
    return app


def _lifespan(settings: Settings, store: Store) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Starts use cases and worker processes when the application starts, and ends them when it ends."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        folder = settings.data_dir / FOLDER
        async with ImportClient(folder).started() as imports:
            datasets = Datasets(store, imports, TableFiles(folder))
            await datasets.open()
            unwatched_seconds = None if settings.access.read_only else settings.unwatched_seconds
            runs = Runs(
                store, settings.workers, datasets, settings.budgets, unwatched_seconds,
                settings.runs_per_worker,
            )  # fmt: skip
            members = Experiments(store, runs, datasets)
            await members.open()
            async with runs.started() as use_cases:
                app.state.runs, app.state.datasets, app.state.experiments = use_cases, datasets, members
                members.resume()
                yield
                members.stop()
            members.close()

    return lifespan
