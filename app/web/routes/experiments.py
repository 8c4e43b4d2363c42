"""Experiments: create, list, read, summarise, command and delete them."""

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app import encoding
from app.experiments.reports import learning_curve, summary
from app.run_states import Command
from app.web.dependencies import AllExperiments, OneExperiment, no_body
from app.web.json_route import JsonRoute
from app.web.models import experiment_answers as answer
from app.web.models.ends_answers import Line, LineOptions, LossMap, LossMapOptions
from app.web.models.experiment_bodies import (
    ChangeExperiment,
    CreateExperiment,
    CurvesOptions,
    DeleteExperimentOptions,
    ExperimentListOptions,
    HalveOptions,
    SummaryOptions,
)
from app.web.models.learning_curve_answers import LearningCurve, LearningCurveOptions
from app.web.responses import file_content, json, json_text

router = APIRouter(prefix="/api/experiments", tags=["experiments"], route_class=JsonRoute)


def _rule_of(body: CreateExperiment | ChangeExperiment) -> tuple[int, str | None] | None:
    return None if body.halve is None else (body.halve.every, body.halve.metric)


CSV = {200: {"content": file_content("text/csv")}}


@router.post("", status_code=201, response_model=answer.ExperimentSummary)
async def create_experiment(body: CreateExperiment, experiments: AllExperiments) -> Response:
    """Create runs that differ in named fields; they start at once unless `start` is false."""
    created = await experiments.create(
        body.config, body.vary, body.sample, body.members, body.steps, body.name, body.start, _rule_of(body)
    )
    return json(created, 201, {"location": f"/api{created['url']}"})


@router.get("", response_model=answer.ExperimentList)
async def list_experiments(
    experiments: AllExperiments, options: Annotated[ExperimentListOptions, Query()]
) -> Response:
    """List experiments, the newest first."""
    return json({"experiments": await experiments.newest(options.limit, options.before)})


@router.get("/{id}", response_model=answer.Experiment)
async def read_experiment(experiment: OneExperiment, experiments: AllExperiments) -> Response:
    """Read an experiment with all its members."""
    return json(await experiments.read(experiment))


@router.patch("/{id}", response_model=answer.Experiment)
async def change_experiment(
    body: ChangeExperiment, experiment: OneExperiment, experiments: AllExperiments
) -> Response:
    """Change or remove the rule by which the worse half of the members pauses."""
    if "halve" in body.set_fields():
        await experiments.change_rule(experiment, _rule_of(body))
    return json(await experiments.read(experiment))


@router.delete("/{id}", status_code=204)
async def delete_experiment(
    experiment: OneExperiment,
    experiments: AllExperiments,
    options: Annotated[DeleteExperimentOptions, Query()],
) -> Response:
    """Delete an experiment with its members, or without them."""
    await experiments.delete(experiment, options.keep)
    return Response(status_code=204)


@router.get("/{id}/summary", response_model=answer.Summary, responses=CSV)  # type: ignore[arg-type]
async def read_summary(
    experiment: OneExperiment, experiments: AllExperiments, options: Annotated[SummaryOptions, Query()]
) -> Response:
    """Read what the members reached, by group, as JSON or as a CSV file."""
    is_csv = options.format == "csv"
    found = await experiments.reports.summarize(
        experiment, options.metric, options.at, options.goal, options.distances and not is_csv
    )
    if is_csv:
        headers = {
            "content-disposition": f'attachment; filename="experiment-{experiment.id}.csv"',
            "cache-control": "no-store",
        }
        return Response(summary.to_csv(found), headers=headers, media_type="text/csv; charset=utf-8")
    return json_text(await to_thread(encoding.encode, found))


@router.get("/{id}/line", response_model=Line)
async def read_line(
    experiment: OneExperiment, experiments: AllExperiments, options: Annotated[LineOptions, Query()]
) -> Response:
    """Read the training loss along the straight line between the weights of two members."""
    found = await experiments.reports.ends.line(experiment, options.runs, options.points)
    return json_text(await to_thread(encoding.encode, found))


@router.get("/{id}/map", response_model=LossMap)
async def read_map(
    experiment: OneExperiment, experiments: AllExperiments, options: Annotated[LossMapOptions, Query()]
) -> Response:
    """Read the training loss over the plane of the members' weights, and where these are."""
    found = await experiments.reports.ends.map(experiment, options.resolution)
    return json_text(await to_thread(encoding.encode, found))


@router.get("/{id}/curves", response_model=answer.Curves)
async def read_curves(
    experiment: OneExperiment, experiments: AllExperiments, options: Annotated[CurvesOptions, Query()]
) -> Response:
    """Read the histories of all members at common steps, with the median and quartiles of each group."""
    found = await experiments.reports.curves(experiment, options.metric, options.points, options.by)
    return json_text(await to_thread(encoding.encode, found))


@router.get("/{id}/diagnoses", response_model=answer.Diagnoses)
async def read_diagnoses(experiment: OneExperiment, experiments: AllExperiments) -> Response:
    """Read the most important problem of each member, such as dead units or a loss that does not fall."""
    return json(await experiments.reports.diagnoses(experiment))


@router.get("/{id}/rounding", response_model=answer.RoundingOfMembers)
async def read_rounding(experiment: OneExperiment, experiments: AllExperiments) -> Response:
    """Train some steps of one member of each batch again, alone, and compare the weights."""
    return json(await experiments.reports.rounding(experiment))


@router.get("/{id}/learning_curve", response_model=LearningCurve, responses=CSV)  # type: ignore[arg-type]
async def read_learning_curve(
    experiment: OneExperiment, experiments: AllExperiments, options: Annotated[LearningCurveOptions, Query()]
) -> Response:
    """Read the errors by the number of training examples, and whether more of them would help."""
    found = await experiments.reports.learning_curve(experiment, options.metric)
    if options.format == "csv":
        headers = {
            "content-disposition": f'attachment; filename="learning-curve-{experiment.id}.csv"',
            "cache-control": "no-store",
        }
        return Response(learning_curve.to_csv(found), headers=headers, media_type="text/csv; charset=utf-8")
    return json_text(await to_thread(encoding.encode, found))


async def _command(experiment: OneExperiment, experiments: AllExperiments, command: Command) -> Response:
    return json(await experiments.command(experiment, command))


@router.post("/{id}/start", response_model=answer.ExperimentSummary, dependencies=[Depends(no_body)])
async def start_experiment(experiment: OneExperiment, experiments: AllExperiments) -> Response:
    """Train all members that are paused or stopped."""
    return await _command(experiment, experiments, "start")


@router.post("/{id}/pause", response_model=answer.ExperimentSummary, dependencies=[Depends(no_body)])
async def pause_experiment(experiment: OneExperiment, experiments: AllExperiments) -> Response:
    """Pause all members that train or wait."""
    return await _command(experiment, experiments, "pause")


@router.post("/{id}/stop", response_model=answer.ExperimentSummary, dependencies=[Depends(no_body)])
async def stop_experiment(experiment: OneExperiment, experiments: AllExperiments) -> Response:
    """End the training of all members that have not ended; they can be started again."""
    return await _command(experiment, experiments, "stop")


@router.post("/{id}/halve", response_model=answer.Halved, dependencies=[Depends(no_body)])
async def halve_experiment(
    experiment: OneExperiment, experiments: AllExperiments, options: Annotated[HalveOptions, Query()]
) -> Response:
    """Pause the worse half of the members that train, compared at the last step all of them have reached."""
    return json(await experiments.halve(experiment, options.metric))
