"""Runs: create, list, read, change, delete, and the commands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.run_states import Command
from app.runs.run import Run
from app.runs.service import Runs
from app.streaming.subscriptions import read_view_names
from app.web.dependencies import AllExperiments, AllRuns, OneRun, no_body
from app.web.json_route import JsonRoute
from app.web.models import run_answers as answer
from app.web.models.bodies import ChangeRun, CreateRun, StepRun
from app.web.models.fork_body import ForkRun
from app.web.models.queries import DeleteOptions, ListOptions
from app.web.responses import json

router = APIRouter(prefix="/api/runs", tags=["runs"], route_class=JsonRoute)

ONE_STEP = StepRun()
HERE = ForkRun()
EXPERIMENT_CHOICES = ("all", "none")  # other values are the id of an experiment


@router.post("", status_code=201, response_model=answer.Run)
async def create_run(body: CreateRun, runs: AllRuns) -> Response:
    """Create a run; it starts at once unless `start` is false."""
    views = read_view_names(body.views)
    run = await runs.commands.create(
        body.configuration,
        start=body.start,
        replaces=body.replaces,
        speed=body.speed,
        inherit_speed="speed" not in body.model_fields_set,
    )
    runs.expect_viewer(run, views)
    return json(run.answer(), 201, {"location": f"/api/runs/{run.id}"})


@router.get("", response_model=answer.RunList)
async def list_runs(
    runs: AllRuns, experiments: AllExperiments, options: Annotated[ListOptions, Query()]
) -> Response:
    """List runs, the newest first."""
    if options.experiment not in EXPERIMENT_CHOICES:
        experiments.get(options.experiment, field="experiment")
    listed = await runs.queries.newest(
        options.limit, options.before, options.family, options.status, options.experiment
    )
    return json({"runs": listed})


@router.get("/{id}", response_model=answer.Run)
async def read_run(run: OneRun) -> Response:
    """Read a run: status, position, newest measurements, configuration."""
    return json(run.answer())


@router.delete("/{id}", status_code=204)
async def delete_run(id: str, runs: AllRuns, options: Annotated[DeleteOptions, Query()]) -> Response:
    """Delete a run with its history and checkpoints."""
    await runs.commands.delete_by_id(id, options.unless_kept)
    return Response(status_code=204)


@router.patch("/{id}", response_model=answer.Run)
async def change_run(body: ChangeRun, run: OneRun, runs: AllRuns) -> Response:
    """Change the settings that may change while training; recorded with the step from which they hold."""
    return json(await runs.commands.change(run, body.configuration, **body.set_fields()))


async def _command(run: Run, runs: Runs, command: Command) -> Response:
    return json(await runs.commands.command(run, command))


@router.post("/{id}/start", response_model=answer.Run, dependencies=[Depends(no_body)])
async def start_run(run: OneRun, runs: AllRuns) -> Response:
    """Train, or wait in the queue for a free worker."""
    return await _command(run, runs, "start")


@router.post("/{id}/pause", response_model=answer.Run, dependencies=[Depends(no_body)])
async def pause_run(run: OneRun, runs: AllRuns) -> Response:
    """Pause the training."""
    return await _command(run, runs, "pause")


@router.post("/{id}/stop", response_model=answer.Run, dependencies=[Depends(no_body)])
async def stop_run(run: OneRun, runs: AllRuns) -> Response:
    """End the training; it can be started again."""
    return await _command(run, runs, "stop")


@router.post("/{id}/reset", response_model=answer.Run, dependencies=[Depends(no_body)])
async def reset_run(run: OneRun, runs: AllRuns) -> Response:
    """Return to the same initial weights; a new attempt begins."""
    return await _command(run, runs, "reset")


@router.post("/{id}/fork", status_code=201, response_model=answer.ForkedRun)
async def fork_run(run: OneRun, runs: AllRuns, body: ForkRun = HERE) -> Response:
    """Create a run that continues from any step of this one, with or without changes."""
    forked, parts = await runs.forks.fork(
        run, body.step, body.attempt, body.changes, body.name, start=body.start
    )
    return json(forked.answer() | parts, 201, {"location": f"/api/runs/{forked.id}"})


@router.post("/{id}/step", response_model=answer.Run)
async def step_run(run: OneRun, runs: AllRuns, body: StepRun = ONE_STEP) -> Response:
    """Train exactly `count` steps or epochs, then pause."""
    return json(await runs.commands.command(run, "step", {"unit": body.unit, "count": body.count}))
