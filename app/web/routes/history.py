"""History: the measured points of a run, its attempts, events and recorded steps."""

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import encoding, history_columns
from app.web.dependencies import AllRuns, OneRun
from app.web.models.history_answers import Attempts, Checkpoints, Events, History
from app.web.models.queries import AttemptOptions, EventsOptions, HistoryOptions
from app.web.responses import file_content, json, json_text

router = APIRouter(prefix="/api/runs/{id}", tags=["runs"])


@router.get("/history", response_model=History, responses={200: {"content": file_content("text/csv")}})
async def read_history(run: OneRun, runs: AllRuns, options: Annotated[HistoryOptions, Query()]) -> Response:
    """Read the measured points of an attempt, as JSON or as a CSV file."""
    history = await runs.queries.history(run, options.after, options.attempt)
    if options.format == "csv":
        text = await to_thread(history_columns.to_csv, history)
        headers = {
            "content-disposition": f'attachment; filename="history-{run.id}.csv"',
            "cache-control": "no-store",
        }
        return Response(text, headers=headers, media_type="text/csv; charset=utf-8")
    return json_text(await to_thread(encoding.encode, history))


@router.get("/checkpoints", response_model=Checkpoints)
async def read_checkpoints(
    run: OneRun, runs: AllRuns, options: Annotated[AttemptOptions, Query()]
) -> Response:
    """Read the steps with a recorded checkpoint: views of these steps need no replay."""
    return json(await runs.queries.recorded.checkpoints(run, options.attempt))


@router.get("/events", response_model=Events)
async def read_events(run: OneRun, runs: AllRuns, options: Annotated[EventsOptions, Query()]) -> Response:
    """Read the events of an attempt: every change, and the step after which it took effect."""
    return json(await runs.queries.recorded.events(run, options.attempt, options.after))


@router.get("/attempts", response_model=Attempts)
async def read_attempts(run: OneRun, runs: AllRuns) -> Response:
    """Read the attempts of a run, also earlier ones that are still recorded."""
    return json(await runs.queries.recorded.attempts(run))
