"""The WebSocket protocol of the server: uvicorn's, with limits on what a client can make it keep or do.

uvicorn closes a connection once everything has been sent, which a client that does not read prevents. It
also queues every message of what it read at once, answers every ping and parses every pong. And it closes at
once after what is no valid message, whereupon the system discards the close frame with what was not read.
"""

import asyncio
from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from app.connections.allowance import Allowance
from app.connections.http_connection import answer
from app.connections.write_extension import WRITE
from app.errors import ApiError, error_body

POLICY_VIOLATION = 1008
PIECE = 8 * 1024  # bytes that are parsed before the limits are checked again
PAUSE_ABOVE = 8  # messages that the application has not received: reading pauses
MAX_QUEUED = 600  # messages that the application has not received
MAX_FRAGMENTS = 1000  # of one message
PINGS_PER_SECOND = 20.0  # and pongs: a page sends one in 20 s
MAX_AFTER_CLOSE = 64 * 1024  # bytes among which the answer to a close frame is looked for
FLUSH_SECONDS = 2.0  # until a connection that was closed is cut, even if there is something to send


class StreamConnection(WebSocketsSansIOProtocol):
    """A WebSocket connection that ends in bounded time and keeps a bounded number of messages."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._pings = Allowance(PINGS_PER_SECOND, 2 * PINGS_PER_SECOND)
        self._after_close = 0

    async def run_asgi(self) -> None:
        """Calls the application, which may also use `write`."""
        extensions = self.scope["extensions"]
        assert extensions is not None
        extensions[WRITE] = {"write": self.write}
        await super().run_asgi()

    def write(self, message: bytes) -> bool:
        """Sends a binary message; returns False, without sending it, if the client reads too slowly or left.

        It does what the event `websocket.send` does, in less time: the parts of the application around its
        route are not called, and nothing waits.
        """
        is_open = self.conn.state is State.OPEN and not self.transport.is_closing()
        if not is_open or not self.writable.is_set():
            return False
        self.transport.write(Frame(Opcode.BINARY, message).serialize(mask=False))
        return True

    def data_received(self, data: bytes) -> None:
        """Parses in pieces, and refuses the rest once there are too many messages."""
        for start in range(0, len(data), PIECE):
            if self.transport.is_closing():
                return
            piece = data[start : start + PIECE]
            if self.close_sent:
                self._after_close += len(piece)
                if self._after_close > MAX_AFTER_CLOSE:
                    return
            super().data_received(piece)
            if self.conn.handshake_exc is not None and not self.handshake_initiated:
                self._refuse_handshake(self.conn.handshake_exc)
                return
            if self.queue.qsize() > MAX_QUEUED:
                self._refuse("more messages than the server handles")

    def handle_cont(self, event: Frame) -> None:
        """Adds a fragment to the message."""
        if len(self.frames) >= MAX_FRAGMENTS:
            self._refuse("more fragments than a message may have")
            return
        super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Queues a message. uvicorn pauses reading for each, which takes longer than to read it."""
        if self.close_sent or self.queue.qsize() >= PAUSE_ABOVE:
            super().send_receive_event_to_app()
            return
        was_paused, self.read_paused = self.read_paused, True  # as if, so that it is not paused now
        super().send_receive_event_to_app()
        if not self.close_sent:
            self.read_paused = was_paused

    def handle_ping(self) -> None:
        """Answers a ping."""
        if self._pings.take(1, self.loop.time()):
            super().handle_ping()
        else:
            self._refuse("more pings than the server answers")

    def handle_pong(self, event: Frame) -> None:
        """Notes the answer to a ping."""
        if self._pings.take(1, self.loop.time()):
            super().handle_pong(event)
        else:
            self._refuse("more pongs than the server reads")

    def handle_parser_exception(self) -> None:
        """Ends the connection: what arrives is no valid message, or is too large."""
        close = self.conn.close_sent
        if close is not None and not self.close_sent:
            self._send_close(close.code, close.reason)

    async def send(self, message: ASGISendEvent) -> None:
        """Sends a message; a complete answer ends the handshake too, which uvicorn would log as an error."""
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True

    def keepalive_timeout(self) -> None:
        """Cuts the connection of a client that did not answer a ping in time."""
        super().keepalive_timeout()
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Ends the connection: the application has nothing more to send."""
        super().on_task_complete(task)
        self._cut_later()

    def shutdown(self) -> None:
        """Ends the connection: the server stops."""
        super().shutdown()
        self._cut_later()

    def _refuse(self, reason: str) -> None:
        if self.transport.is_closing() or self.close_sent:
            return
        self.conn.send_close(POLICY_VIOLATION, reason)
        self._send_close(POLICY_VIOLATION, reason)

    def _refuse_handshake(self, problem: Exception) -> None:
        """Answers a request that is valid HTTP, but not for a WebSocket: uvicorn would wait without end."""
        error = ApiError("malformed_request", f"This is not a valid request for a WebSocket: {problem}.")
        self.transport.write(answer(400, error_body(error)))
        self.transport.close()
        self._cut_later()

    def _send_close(self, code: int, reason: str) -> None:
        """Sends the close frame, and discards what the client sends until the connection is cut."""
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        # Not closed at once: the system would discard the close frame together with what was not read.
        self.close_timer = self.loop.call_later(FLUSH_SECONDS, self.transport.abort)

    def _cut_later(self) -> None:
        self.loop.call_later(FLUSH_SECONDS, self.transport.abort)
