"""Bookmarks: names and notes for steps of a run."""

from fastapi import APIRouter, Response

from app.web.dependencies import AllRuns, OneRun
from app.web.json_route import JsonRoute
from app.web.models.bookmark_body import PutBookmark
from app.web.models.history_answers import Bookmark, Bookmarks
from app.web.responses import json

router = APIRouter(prefix="/api/runs/{id}/bookmarks", tags=["runs"], route_class=JsonRoute)


@router.get("", response_model=Bookmarks)
async def list_bookmarks(run: OneRun, runs: AllRuns) -> Response:
    """List the bookmarks of a run; “best” is the best measured point of the current attempt."""
    return json({"bookmarks": runs.bookmarks.all(run)})


@router.get("/{name}", response_model=Bookmark)
async def read_bookmark(name: str, run: OneRun, runs: AllRuns) -> Response:
    """Read a bookmark."""
    return json(runs.bookmarks.read(run, name))


@router.put(
    "/{name}",
    response_model=Bookmark,
    responses={201: {"model": Bookmark, "description": "The name is new"}},
)
async def put_bookmark(name: str, body: PutBookmark, run: OneRun, runs: AllRuns) -> Response:
    """Give a step a name and a note; a bookmark of the same name is replaced."""
    bookmark, is_new = await runs.bookmarks.put(run, name, body.step, body.attempt, body.note)
    return json(bookmark, 201 if is_new else 200)


@router.delete("/{name}", status_code=204)
async def delete_bookmark(name: str, run: OneRun, runs: AllRuns) -> Response:
    """Delete a bookmark."""
    await runs.bookmarks.delete(run, name)
    return Response(status_code=204)
