"""Runs: the REST calls about runs."""

from asyncio import to_thread
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app import encoding, history_columns
from app.errors import Invalid, NotFound, from_config_error, refuse_others
from app.run_states import Command
from app.runs.requests import read_inputs, read_step
from app.runs.run import Run
from app.runs.service import Runs
from app.streaming.subscriptions import view_key
from app.web.openapi import (
    CHANGES,
    OPERATIONS,
    OPERATIONS_EXAMPLE,
    POINTS,
    POINTS_EXAMPLE,
    PREDICT,
    STEP,
    VIEW_OPTIONS,
    creation_schema,
)
from app.web.responses import body_object, described, json, json_text, options
from engine.config.errors import ConfigError
from engine.config.models import SAFE_INTEGER
from engine.views import VIEWS

router = APIRouter(prefix="/api/runs", tags=["runs"])

Step = Annotated[int | None, Field(ge=0, le=SAFE_INTEGER, description="a recorded step; left out: now")]
Arrays = Annotated[
    Literal["plain", "typed"], Field(description="arrays as nested lists, or typed as in the stream")
]


class Options(BaseModel):
    """Options in a query; a misspelt one is an error."""

    model_config = ConfigDict(extra="forbid")


class ListOptions(Options):
    """Options of the list."""

    limit: int = Field(100, ge=1, le=1000, description="at most so many runs")
    before: str | None = Field(None, description="only runs older than this one")


class HistoryOptions(Options):
    """Options of the history."""

    after: int | None = Field(None, ge=-1, le=SAFE_INTEGER, description="only points of later steps")
    format: Literal["json", "csv"] = "json"


class PointsOptions(Options):
    """Options of the points."""

    numbers: int | None = Field(
        None,
        ge=1,
        le=SAFE_INTEGER,
        description="of each part the first points whose inputs are so many numbers",
    )
    arrays: Arrays = "plain"


class WeightsOptions(Options):
    """Options of the weights."""

    step: Step = None
    arrays: Arrays = "plain"


def use_cases(request: Request) -> Runs:
    """The use cases."""
    runs: Runs = request.app.state.runs
    return runs


async def one_run(id: str, runs: Annotated[Runs, Depends(use_cases)]) -> Run:
    """The run of this id."""
    return await runs.get(id)


All = Annotated[Runs, Depends(use_cases)]
One = Annotated[Run, Depends(one_run)]


@router.post("", status_code=201, openapi_extra=described(creation_schema(), {"dataset": {"name": "circle"}}))
async def create_run(request: Request, runs: All) -> Response:
    """Make a run; it starts at once unless `start` is false."""
    run = await runs.create(await body_object(request))
    return json(run.answer(), 201, {"location": f"/api/runs/{run.id}"})


@router.get("")
async def list_runs(runs: All, options: Annotated[ListOptions, Query()]) -> Response:
    """Runs, the newest first."""
    return json({"runs": await runs.newest(options.limit, options.before)})


@router.get("/{id}")
async def read_run(run: One) -> Response:
    """One run: status, where it stands, latest numbers, configuration."""
    return json(run.answer())


@router.delete("/{id}", status_code=204)
async def delete_run(run: One, runs: All) -> Response:
    """Delete a run and everything that belongs to it."""
    await runs.delete(run)
    return Response(status_code=204)


@router.patch(
    "/{id}",
    openapi_extra=described(CHANGES, {"optimizer": {"learning_rate": 0.003}, "speed": "max"}),
)
async def change_run(request: Request, run: One, runs: All) -> Response:
    """Change what may change while training, and the speed; recorded with the step of its taking effect."""
    await runs.change(run, await body_object(request))
    return json(run.answer())


async def _command(request: Request, run: Run, runs: Runs, command: Command) -> Response:
    given = await body_object(request)
    if command != "step":
        refuse_others(given)
    await runs.command(run, command, read_step(given) if command == "step" else None)
    return json(run.answer())


@router.post("/{id}/start")
async def start_run(request: Request, run: One, runs: All) -> Response:
    """Train, or wait for a place."""
    return await _command(request, run, runs, "start")


@router.post("/{id}/pause")
async def pause_run(request: Request, run: One, runs: All) -> Response:
    """Stand still, ready to go on."""
    return await _command(request, run, runs, "pause")


@router.post("/{id}/stop")
async def stop_run(request: Request, run: One, runs: All) -> Response:
    """End the training; it can be started again."""
    return await _command(request, run, runs, "stop")


@router.post("/{id}/reset")
async def reset_run(request: Request, run: One, runs: All) -> Response:
    """Go back to the same initial weights; a new attempt begins."""
    return await _command(request, run, runs, "reset")


@router.post("/{id}/step", openapi_extra=described(STEP, {"unit": "epoch", "count": 1}))
async def step_run(request: Request, run: One, runs: All) -> Response:
    """Take exactly so many steps or epochs, and pause again."""
    return await _command(request, run, runs, "step")


@router.get("/{id}/history")
async def read_history(run: One, runs: All, options: Annotated[HistoryOptions, Query()]) -> Response:
    """All points of the curves; `seq` is the frame up to which the stream has told them."""
    history = await runs.history(run, options.after)
    if options.format == "csv":
        text = await to_thread(history_columns.to_csv, history)
        headers = {
            "content-disposition": f'attachment; filename="history-{run.id}.csv"',
            "cache-control": "no-store",
        }
        return Response(text, headers=headers, media_type="text/csv; charset=utf-8")
    return json_text(await to_thread(encoding.encode, history))


@router.get("/{id}/checkpoints")
async def read_checkpoints(run: One, runs: All) -> Response:
    """The steps at which a view or the weights can be had."""
    return json(await runs.checkpoints(run))


@router.get("/{id}/views/{view}", openapi_extra=options(*VIEW_OPTIONS))
async def read_view(request: Request, run: One, runs: All, view: str) -> Response:
    """One view, now or at a recorded step; the view's own options go into the query too."""
    if view not in VIEWS:
        raise NotFound(
            "unknown_view",
            f"There is no such view; there are {', '.join(VIEWS)}.",
            field="view",
            given=view,
            limit=list(VIEWS),
        )
    query = dict(request.query_params)
    common = {name: query.pop(name) for name in ("step", "arrays") if name in query}
    step, typed = read_step_option(common.get("step")), read_arrays(common.get("arrays", "plain"))
    try:
        options = encoding.decode(view_key(view, query).options)
    except ConfigError as error:
        raise from_config_error(error) from None
    arguments = {"view": view, "options": options, "run": run.id, "typed": typed}
    return json_text(await runs.ask(run, "view", step, arguments))


@router.get("/{id}/weights")
async def read_weights(run: One, runs: All, options: Annotated[WeightsOptions, Query()]) -> Response:
    """Weights and biases, with what is done to the data before them."""
    return json_text(await runs.ask(run, "weights", options.step, {"typed": options.arrays == "typed"}))


@router.patch("/{id}/weights", openapi_extra=described(OPERATIONS, OPERATIONS_EXAMPLE))
async def edit_weights(request: Request, run: One, runs: All) -> Response:
    """Edit weights, freeze single ones, switch units off and on, duplicate or remove them."""
    event = await runs.operate(run, await body_object(request))
    return json(run.answer() | {"event": event})


@router.post("/{id}/predict", openapi_extra=described(PREDICT, {"inputs": [[0.5, -1.0]]}))
async def predict(request: Request, run: One, runs: All) -> Response:
    """Outputs for inputs in the data set's own units."""
    inputs = read_inputs(await body_object(request))
    return json_text(await runs.ask(run, "predict", None, {"inputs": inputs}))


@router.patch("/{id}/points", openapi_extra=described(POINTS, POINTS_EXAMPLE))
async def draw_points(request: Request, run: One, runs: All) -> Response:
    """Draw, move and erase points of one or two inputs while it trains, or return to a content of before."""
    event = await runs.redraw(run, await body_object(request))
    return json(run.answer() | {"event": event})


@router.get("/{id}/points")
async def read_points(run: One, runs: All, options: Annotated[PointsOptions, Query()]) -> Response:
    """The very points of this run, in the data's own units."""
    return json_text(await runs.points(run.config_dict, options.arrays == "typed", options.numbers))


def read_step_option(text: str | None) -> int | None:
    """The step of a query."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text[:20]) > SAFE_INTEGER:
        raise Invalid("invalid", "must be a whole number, 0 or above", field="step", given=text, limit=0)
    return int(text)


def read_arrays(text: str) -> bool:
    """Whether arrays are to be typed."""
    if text not in ("plain", "typed"):
        raise Invalid(
            "invalid", "must be plain or typed", field="arrays", given=text, limit=["plain", "typed"]
        )
    return text == "typed"
