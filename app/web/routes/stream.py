"""The WebSocket of a run, with frames to the client and subscriptions from it."""

import asyncio

from fastapi import APIRouter, WebSocket

from app.errors import ApiError, Invalid, Malformed, refuse_others
from app.runs.run import Run
from app.runs.service import Runs
from app.streaming.message_limits import MessageLimits, TooManyMessages
from app.streaming.subscriptions import RequestedStep, ViewerMessage, read_fps, read_message, read_view_names
from app.streaming.viewer import Viewer
from app.web.stream_socket import (
    GONE,
    POLICY_VIOLATION,
    close_stream,
    read_after,
    read_encoding,
    refuse_stream,
    send_frames,
)

# What step and attempt are called in a message and in the URL.
FIELDS = {"step": "at.step", "attempt": "at.attempt"}
OPTIONS = {"step": "at", "attempt": "attempt"}

router = APIRouter()


@router.websocket("/api/runs/{id}/stream")
async def stream(socket: WebSocket, id: str) -> None:
    """Sends the frames of a run after `after`, and the newest results of the subscribed views."""
    runs: Runs = socket.app.state.runs
    await socket.accept()
    try:
        run = await runs.queries.get(id)
        after, compact, message = _options(dict(socket.query_params))
        at = await runs.queries.find_step(run, message.at, OPTIONS)
        run = await runs.queries.get(id)  # again, as it may have been deleted meanwhile
    except ApiError as error:
        await refuse_stream(socket, {"run": id}, error, socket.query_params.get("encoding") == "compact")
        return
    with runs.unwatched.viewer(run), runs.view_scheduler.viewer(run, after, compact) as viewer:
        runs.view_scheduler.subscribe(viewer, message.views or {}, message.fps or viewer.fps, at)
        refusal = await _serve(socket, runs, run, viewer)
    if viewer.ended:
        await close_stream(socket, GONE, "this run was deleted")
    elif refusal is not None:
        await close_stream(socket, POLICY_VIOLATION, str(refusal))


async def _serve(socket: WebSocket, runs: Runs, run: Run, viewer: Viewer) -> TooManyMessages | None:
    """Sends and receives until one of them ends; returns why the client is refused, if it is."""
    tasks = [
        asyncio.create_task(send_frames(socket, viewer)),
        asyncio.create_task(_receive(socket, runs, run, viewer)),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    return next((result for result in results if isinstance(result, TooManyMessages)), None)


async def _receive(socket: WebSocket, runs: Runs, run: Run, viewer: Viewer) -> None:
    """Carries out the messages until the client leaves. Raises TooManyMessages."""
    limits, clock = MessageLimits(), asyncio.get_running_loop().time
    while True:
        received = await socket.receive()
        if received["type"] == "websocket.disconnect":
            return
        limits.on_message(viewer, clock())
        await asyncio.sleep(0)  # `receive` does not wait while there are messages
        try:
            if received.get("text") is None:
                raise Malformed("malformed_json", "Messages are JSON text, not binary.")
            message = read_message(received["text"])
            if message.acknowledges:
                viewer.acknowledge()
                continue
            at = await runs.queries.find_step(run, message.at, FIELDS) if message.moves else viewer.at
        except ApiError as error:
            viewer.add_error(error)
            continue
        views = viewer.subscriptions if message.views is None else message.views
        fps = viewer.fps if message.fps is None else message.fps
        limits.on_subscriptions(viewer, views, at, clock())
        runs.view_scheduler.subscribe(viewer, views, fps, at)


def _options(query: dict[str, str]) -> tuple[int, bool, ViewerMessage]:
    """The option `after` of the URL, whether `encoding` is compact, and the other ones. Raises Invalid."""
    refuse_others(query, "after", "encoding", "views", "fps", "at", "attempt", kind="option")
    after = read_after(query)
    compact = read_encoding(query)
    try:
        fps = float(query.get("fps", "30"))
    except ValueError:
        raise Invalid("invalid", "must be a number", field="fps", given=query["fps"]) from None
    views = read_view_names([name for name in query.get("views", "").split(",") if name])
    message = ViewerMessage(views, read_fps(fps), "at" in query, _read_at(query))
    return after, compact, message


def _read_at(query: dict[str, str]) -> RequestedStep | None:
    numbers = {name: _integer(query[name], name) for name in ("at", "attempt") if name in query}
    if "attempt" in numbers and "at" not in numbers:
        given = numbers["attempt"]
        raise Invalid("invalid", "needs a step, as option `at`", field="attempt", given=given)
    return RequestedStep(numbers["at"], numbers.get("attempt")) if numbers else None


def _integer(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Invalid("invalid", "must be a whole number", field=field, given=text, limit="integer")
    return int(text)
