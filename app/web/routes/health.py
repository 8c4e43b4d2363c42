"""Health: whether the server is alive and able to work, and its version."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app import installed_version
from app.monitoring.metrics import Metrics
from app.web.dependencies import AllRuns
from app.web.models.catalogue_answers import Health, Readiness, Version
from app.web.responses import file_content, json

# Less than those who ask wait: the health check of the container gives up after 4.
STARTING_SECONDS = 3.0

router = APIRouter(tags=["server"])


@router.get("/healthz", response_model=Health)
async def read_health(runs: AllRuns) -> Response:
    """Check that the server is alive; list its processes and the memory that checkpoints take."""
    return json(
        {
            "status": "ok",
            "version": installed_version(),
            "children": runs.children(),
            "checkpoints": runs.checkpoints(),
        }
    )


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def read_readiness(runs: AllRuns) -> Response:
    """Check that the server can train, draw and store; 503 with the reasons if it cannot do all three.

    While the processes of a new server start, the answer waits for them, up to 3 s.
    """
    await runs.wait_until_ready(STARTING_SECONDS)
    readiness = runs.readiness()
    return json(readiness, 200 if all(value is True for value in readiness.values()) else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": file_content("text/plain"), "description": "Metrics"}},
)
async def read_metrics(request: Request, runs: AllRuns) -> Response:
    """Read the metrics of the server, in the text format of Prometheus."""
    metrics: Metrics = request.app.state.metrics
    text = metrics.text(await runs.figures())
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"})


@router.get("/version", response_model=Version)
async def read_version() -> Response:
    """Read the version of this server."""
    return json({"name": "perceptarium", "version": installed_version()})
