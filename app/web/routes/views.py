"""Views: the result of a view of a run, now or at a recorded step."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import encoding
from app.errors import NotFound, from_config_error
from app.streaming.subscriptions import view_key
from app.web.dependencies import AllRuns, OneRun
from app.web.models.queries import ViewOptions, view_parameters
from app.web.models.run_answers import View
from app.web.responses import json_text
from engine.config.errors import ConfigError
from engine.views import VIEWS

router = APIRouter(prefix="/api/runs/{id}", tags=["runs"])


@router.get("/views/{view}", response_model=View, openapi_extra=view_parameters())
async def read_view(
    run: OneRun, runs: AllRuns, view: str, options: Annotated[ViewOptions, Query()]
) -> Response:
    """Compute a view of a run, now or at any step."""
    if view not in VIEWS:
        names = list(VIEWS)
        message = f"There is no such view; there are {', '.join(names)}."
        raise NotFound("unknown_view", message, field="view", given=view, limit=names)
    try:
        view_options = encoding.decode(view_key(view, options.view_options).options)
    except ConfigError as error:
        raise from_config_error(error) from None
    arguments = {"view": view, "options": view_options, "run": run.id, "typed": options.arrays == "typed"}
    return json_text(await runs.queries.compute(run, "view", options.step, arguments, options.attempt))
