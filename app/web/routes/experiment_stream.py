"""The WebSocket of an experiment: a frame for every change of a member, and pictures of the members."""

import asyncio
from typing import Any

from fastapi import APIRouter, WebSocket

from app.connections.allowance import Allowance
from app.errors import ApiError, Invalid, Malformed, refuse_others
from app.experiments.experiment import Experiment
from app.experiments.experiment_viewer import ExperimentViewer
from app.experiments.experiments import Experiments
from app.streaming.subscriptions import ViewerMessage, decode_message, read_fields
from app.web.stream_socket import (
    GONE,
    close_stream,
    read_after,
    read_encoding,
    refuse_stream,
    send_frames,
)

# Requests for pictures, which a page sends when it is opened, shown, hidden or scrolled.
REQUESTS_PER_SECOND, REQUESTS_AT_ONCE = 4.0, 20.0
FPS = 10.0

router = APIRouter()


@router.websocket("/api/experiments/{id}/stream")
async def experiment_stream(socket: WebSocket, id: str) -> None:
    """Sends the frames of an experiment after `after`, and, if requested, pictures of its members."""
    experiments: Experiments = socket.app.state.experiments
    await socket.accept()
    try:
        experiment = experiments.get(id)
        after, compact = _options(dict(socket.query_params))
    except ApiError as error:
        compact = socket.query_params.get("encoding") == "compact"
        await refuse_stream(socket, {"experiment": id}, error, compact)
        return
    with experiments.viewer(experiment, after, compact) as viewer:
        refusal = await _serve(socket, experiments, experiment, viewer)
    if viewer.ended:
        await close_stream(socket, GONE, "this experiment was deleted")
    elif refusal is not None:
        await refuse_stream(socket, {"experiment": id}, refusal, compact)


async def _serve(
    socket: WebSocket, experiments: Experiments, experiment: Experiment, viewer: ExperimentViewer
) -> ApiError | None:
    """Sends and receives until one of them ends; returns why the client is refused, if it is."""
    tasks = [
        asyncio.create_task(send_frames(socket, viewer)),
        asyncio.create_task(_receive(socket, experiments, experiment, viewer)),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    return next((result for result in results if isinstance(result, ApiError)), None)


async def _receive(
    socket: WebSocket, experiments: Experiments, experiment: Experiment, viewer: ExperimentViewer
) -> None:
    """Carries out the messages until the client leaves. Raises ApiError for one that cannot be."""
    allowance, clock = Allowance(REQUESTS_PER_SECOND, REQUESTS_AT_ONCE), asyncio.get_running_loop().time
    while True:
        received = await socket.receive()
        if received["type"] == "websocket.disconnect":
            return
        message, runs = _read(received.get("text"))
        if message.acknowledges and viewer.acknowledge():
            continue
        if not allowance.take(1, clock()):
            sentence = f"more than {REQUESTS_PER_SECOND:g} messages a second"
            raise Malformed("too_many_messages", sentence, limit=REQUESTS_PER_SECOND)
        if message.acknowledges:
            continue
        view = next(iter((message.views or {}).values()), None)
        await experiments.watch(experiment, viewer, view, message.fps or FPS, runs)


def _read(text: str | None) -> tuple[ViewerMessage, frozenset[str] | None]:
    """Returns what a viewer requests: at most one view, of the newest step, and of which runs (None: all).

    It may also be an acknowledgement. Raises Malformed or Invalid.
    """
    if text is None:
        raise Malformed("malformed_json", "Messages are JSON text, not binary.")
    fields = decode_message(text)
    refuse_others(fields, "subscribe", "fps", "members", "received")
    runs = _read_runs(fields.pop("members", None))
    message = read_fields(fields)
    if message.acknowledges:
        return message, None
    if message.views is None:
        sentence = "must have `subscribe`, and may have `fps` and `members`"
        raise Invalid("invalid", sentence, limit=["subscribe", "fps", "members"])
    if len(message.views) > 1:
        count = len(message.views)
        raise Invalid("invalid", "may have one view", field="subscribe", given=count, limit=1)
    return message, runs


def _read_runs(value: Any) -> frozenset[str] | None:
    """Returns the ids of runs, of which some may be no members any more. Raises Invalid."""
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(run, str) for run in value):
        raise Invalid("invalid", "must be a list of ids of runs", field="members", given=value, limit="list")
    return frozenset(value)


def _options(query: dict[str, str]) -> tuple[int, bool]:
    """The option `after` of the URL, and whether `encoding` is compact. Raises Invalid."""
    refuse_others(query, "after", "encoding", kind="option")
    return read_after(query), read_encoding(query)
