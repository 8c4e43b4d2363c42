"""History: the measured points of a run, and its recorded steps."""

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import encoding, history_columns
from app.web.dependencies import AllRuns, OneRun
from app.web.models.queries import HistoryOptions
from app.web.models.run_answers import Checkpoints, History
from app.web.responses import file_content, json, json_text

router = APIRouter(prefix="/api/runs/{id}", tags=["runs"])


@router.get("/history", response_model=History, responses={200: {"content": file_content("text/csv")}})
async def read_history(run: OneRun, runs: AllRuns, options: Annotated[HistoryOptions, Query()]) -> Response:
    """Read the measured points of the present attempt, as JSON or as a CSV file."""
    history = await runs.queries.history(run, options.after)
    if options.format == "csv":
        text = await to_thread(history_columns.to_csv, history)
        headers = {
            "content-disposition": f'attachment; filename="history-{run.id}.csv"',
            "cache-control": "no-store",
        }
        return Response(text, headers=headers, media_type="text/csv; charset=utf-8")
    return json_text(await to_thread(encoding.encode, history))


@router.get("/checkpoints", response_model=Checkpoints)
async def read_checkpoints(run: OneRun, runs: AllRuns) -> Response:
    """Read the steps for which views and weights are available."""
    return json(await runs.queries.checkpoints(run))
