"""The WebSocket of a run, with frames to the client and subscriptions from it."""

import asyncio
import contextlib
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app import encoding
from app.errors import ApiError, Invalid, Malformed, NotFound
from app.runs.service import Runs
from app.streaming.subscriptions import read_fps, read_message, read_views
from app.streaming.viewer import Viewer

POLICY_VIOLATION = 1008
GONE = 4404

router = APIRouter()


@router.websocket("/api/runs/{id}/stream")
async def stream(socket: WebSocket, id: str) -> None:
    """Sends the frames of a run after `after`, and the newest results of the subscribed views."""
    runs: Runs = socket.app.state.runs
    await socket.accept()
    try:
        run = await runs.queries.get(id)
        after, views, fps = _options(dict(socket.query_params))
    except ApiError as error:
        await _refuse(socket, id, error)
        return
    with runs.view_scheduler.viewer(run, after) as viewer:
        runs.view_scheduler.subscribe(viewer, views, fps)
        await _serve(socket, runs, viewer)
    if viewer.ended:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(GONE, "this run was deleted")


async def _serve(socket: WebSocket, runs: Runs, viewer: Viewer) -> None:
    """Sends and receives until one of them ends."""
    tasks = [asyncio.create_task(_send(socket, viewer)), asyncio.create_task(_receive(socket, runs, viewer))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: WebSocket, viewer: Viewer) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await viewer.send(socket.send_text)


async def _receive(socket: WebSocket, runs: Runs, viewer: Viewer) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            if message.get("text") is None:
                raise Malformed("malformed_json", "Messages are JSON text, not binary.")
            views, fps = read_message(message["text"])
        except ApiError as error:
            viewer.add_error(error)
            continue
        runs.view_scheduler.subscribe(
            viewer, viewer.subscriptions if views is None else views, viewer.fps if fps is None else fps
        )


def _options(query: dict[str, str]) -> tuple[int, Any, float]:
    """The options `after`, `views` and `fps` of the URL. Raises Invalid."""
    for name, value in query.items():
        if name not in ("after", "views", "fps"):
            raise Invalid("unknown_field", "There is no such option.", field=name, given=value)
    after = query.get("after", "0")
    if not after.isascii() or not after.isdigit() or len(after) > 15:
        raise Invalid("invalid", "must be the seq of a frame", field="after", given=after, limit=0)
    try:
        fps = float(query.get("fps", "30"))
    except ValueError:
        raise Invalid("invalid", "must be a number", field="fps", given=query["fps"]) from None
    try:
        views = read_views([name for name in query.get("views", "").split(",") if name])
    except ApiError as error:
        error.field = "views"
        raise
    return int(after), views, read_fps(fps)


async def _refuse(socket: WebSocket, run: str, error: ApiError) -> None:
    """Sends the error as a frame and closes; browsers do not report why a connection was refused."""
    text = encoding.encode({"run": run, "seq": 0, "kind": "error", "error": error.body()}).decode()
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(text)
        await socket.close(GONE if isinstance(error, NotFound) else POLICY_VIOLATION, error.message[:120])
