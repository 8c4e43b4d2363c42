"""Comparison of any runs."""

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import encoding
from app.errors import NotFound
from app.experiments.reports import comparison
from app.runs.run import Run
from app.runs.service import Runs
from app.web.dependencies import AllRuns
from app.web.models.comparison_answers import ComparedRuns
from app.web.models.queries import CompareOptions
from app.web.responses import json_text

router = APIRouter(prefix="/api/runs", tags=["runs"])


@router.get("/compare", response_model=ComparedRuns)
async def compare_runs(runs: AllRuns, options: Annotated[CompareOptions, Query()]) -> Response:
    """Compare 2 to 8 runs: the fields that differ, their histories by equal steps, and their scores."""
    found = [await _run(runs, run) for run in comparison.ids_of(options.runs)]
    histories = [await runs.queries.history(run, None, timed=True) for run in found]
    compared = await to_thread(comparison.compare, [run.answer() for run in found], histories)
    return json_text(await to_thread(encoding.encode, compared))


async def _run(runs: Runs, run: str) -> Run:
    try:
        return await runs.queries.get(run)
    except NotFound as error:
        error.field = "runs"
        raise
