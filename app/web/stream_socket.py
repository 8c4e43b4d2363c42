"""Stream socket: what the WebSockets of runs and experiments share: sending, refusing and closing."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from fastapi import WebSocket, WebSocketDisconnect

from app import compact_encoding, encoding
from app.connections.write_extension import WRITE
from app.errors import ApiError, Invalid

POLICY_VIOLATION = 1008
GONE = 4404
ENCODINGS = ["json", "compact"]
MISSING = ("no_such_run", "no_such_experiment")
SEND_SECONDS = 20.0  # in which a client must take a frame
CLOSE_SECONDS = 1.0


class Sender(Protocol):
    """A viewer; `compact`: it sends binary messages."""

    compact: bool

    async def send(self, send: Callable[[Any], Awaitable[Any]], write: Callable[[bytes], bool]) -> None:
        """Send frames until the viewer ends."""


async def send_frames(socket: WebSocket, viewer: Sender) -> None:
    """Sends until the viewer ends or does not take a frame within SEND_SECONDS."""

    async def send(message: Any) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await (socket.send_bytes if viewer.compact else socket.send_text)(message)

    write = (socket.scope.get("extensions") or {}).get(WRITE, {}).get("write", lambda message: False)
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        await viewer.send(send, write)


async def refuse_stream(socket: WebSocket, subject: dict[str, str], error: ApiError, compact: bool) -> None:
    """Sends the error as a frame and closes; browsers do not report why a connection was refused."""
    text = encoding.encode(subject | {"seq": 0, "kind": "error", "error": error.body()}).decode()
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        if compact:
            await socket.send_bytes(compact_encoding.message([compact_encoding.text_frame(text)]))
        else:
            await socket.send_text(text)
    await close_stream(socket, GONE if error.code in MISSING else POLICY_VIOLATION, error.message[:120])


async def close_stream(socket: WebSocket, code: int, reason: str) -> None:
    """Sends the close code if the client takes it; the connection ends in either case."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(code, reason)


def read_encoding(query: Mapping[str, str]) -> bool:
    """The option `encoding` of the URL: whether it is compact. Raises Invalid."""
    name = query.get("encoding", "json")
    if name not in ENCODINGS:
        raise Invalid("invalid", "must be json or compact", field="encoding", given=name, limit=ENCODINGS)
    return name == "compact"


def read_after(query: Mapping[str, str]) -> int:
    """The option `after` of the URL. Raises Invalid."""
    after = query.get("after", "0")
    if not after.isascii() or not after.isdigit() or len(after) > 15:
        raise Invalid("invalid", "must be the seq of a frame", field="after", given=after, limit=0)
    return int(after)
