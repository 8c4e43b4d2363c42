"""The WebSocket of an experiment: a frame for every change of a member."""

import asyncio

from fastapi import APIRouter, WebSocket

from app.errors import ApiError, Invalid
from app.experiments.experiment import ExperimentViewer
from app.experiments.experiments import Experiments
from app.web.stream_socket import (
    GONE,
    POLICY_VIOLATION,
    close_stream,
    read_after,
    refuse_stream,
    send_frames,
)

router = APIRouter()


@router.websocket("/api/experiments/{id}/stream")
async def experiment_stream(socket: WebSocket, id: str) -> None:
    """Sends the frames of an experiment after `after`; clients send nothing."""
    experiments: Experiments = socket.app.state.experiments
    await socket.accept()
    try:
        experiment = experiments.get(id)
        after = _after(dict(socket.query_params))
    except ApiError as error:
        await refuse_stream(socket, {"experiment": id}, error, compact=False)
        return
    with experiments.viewer(experiment, after) as viewer:
        has_message = await _serve(socket, viewer)
    if viewer.ended:
        await close_stream(socket, GONE, "this experiment was deleted")
    elif has_message:
        await close_stream(socket, POLICY_VIOLATION, "this stream takes no messages")


async def _serve(socket: WebSocket, viewer: ExperimentViewer) -> bool:
    """Sends until the experiment or the connection ends; returns whether the client sent a message."""
    receiving = asyncio.create_task(socket.receive())
    sending = asyncio.create_task(send_frames(socket, viewer))
    try:
        await asyncio.wait([receiving, sending], return_when=asyncio.FIRST_COMPLETED)
        if not receiving.done() or receiving.exception() is not None:
            return False
        return bool(receiving.result()["type"] == "websocket.receive")
    finally:
        receiving.cancel()
        sending.cancel()
        await asyncio.gather(receiving, sending, return_exceptions=True)


def _after(query: dict[str, str]) -> int:
    """The option `after` of the URL. Raises Invalid."""
    for name, value in query.items():
        if name != "after":
            raise Invalid("unknown_field", "There is no such option.", field=name, given=value)
    return read_after(query)
