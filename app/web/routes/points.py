"""Points: the data on which a run trains, and changes of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.web.dependencies import AllRuns, OneRun
from app.web.json_route import JsonRoute
from app.web.models.bodies import ChangePoints
from app.web.models.queries import PointsOptions
from app.web.models.run_answers import Points, RunWithEvent
from app.web.responses import json, json_text

router = APIRouter(prefix="/api/runs/{id}", tags=["runs"], route_class=JsonRoute)


@router.get("/points", response_model=Points)
async def read_points(run: OneRun, runs: AllRuns, options: Annotated[PointsOptions, Query()]) -> Response:
    """Read the points of a run, in the data's own units; those of a step, if they were changed since."""
    typed = options.arrays == "typed"
    if options.step is None and options.attempt is None:
        return json_text(await runs.queries.points(run.config_dict, typed, options.numbers))
    arguments = {"typed": typed, "numbers": options.numbers}
    return json_text(await runs.queries.compute(run, "points", options.step, arguments, options.attempt))


@router.patch("/points", response_model=RunWithEvent)
async def change_points(body: ChangePoints, run: OneRun, runs: AllRuns) -> Response:
    """Add, move and remove points of one or two inputs, also while the run trains; or undo such a change."""
    answer = await runs.commands.change_points(run, body.set_fields())
    return json(answer)
