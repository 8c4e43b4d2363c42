"""A client that does not take what is sent to it ends its stream in bounded time."""

import asyncio
from types import SimpleNamespace
from typing import Any

from app.web import stream_socket
from app.web.stream_socket import close_stream, send_frames


class Unread:
    """A WebSocket whose client takes nothing: every call waits without end."""

    scope: dict[str, Any] = {}

    async def send_text(self, *arguments: Any) -> None:
        await asyncio.Event().wait()

    send_bytes = close = send_text


def test_a_client_that_takes_no_frame_in_time_is_no_longer_sent_to(monkeypatch, run_async):
    monkeypatch.setattr(stream_socket, "SEND_SECONDS", 0.01)
    monkeypatch.setattr(stream_socket, "CLOSE_SECONDS", 0.01)
    sent = []

    async def send(send_frame: Any, write: Any) -> None:
        sent.append(write(b"the client reads too slowly"))
        await send_frame("a frame")
        sent.append("after it")

    async def use(compact: bool) -> None:
        await send_frames(Unread(), SimpleNamespace(compact=compact, send=send))
        await close_stream(Unread(), 1008, "too slow")

    for compact in (False, True):
        run_async(use(compact))
    assert sent == [False, False]
