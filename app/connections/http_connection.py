"""The HTTP protocol of the server: uvicorn's, with limits on time and size for each connection.

uvicorn waits without end for the rest of a request, and for a client to take an answer.
"""

import asyncio
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.connections.request_reader import MAX_HEAD, READ_SIZE, TOO_LARGE, RequestReader
from app.connections.security_headers import FIXED, NOTHING
from app.errors import ApiError, error_body

CHECK_SECONDS = 5.0
# Checks without progress, after which a connection is closed. That of an answer is seen late: the system
# keeps megabytes of it, which a slow client takes first.
MAX_SENDS_NOTHING, MAX_TAKES_NOTHING = 4, 7
MIN_BYTES = 5 * 1024  # that a client must send or take between two checks: 1 KiB per second
FLUSH_SECONDS = 1.0


class HttpConnection(H11Protocol):
    """An HTTP connection that is closed if the client sends nothing for 25 s, or takes nothing for 40 s."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn = self._reader = RequestReader()
        self._sent_nothing = self._took_nothing = 0  # checks in a row
        self._seen_request: object = None
        self._seen_received = 0
        self._seen_unsent = 0
        self._resumed = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to check the progress of the connection."""
        super().connection_made(transport)
        if hasattr(transport, "max_size"):
            transport.max_size = READ_SIZE  # of one read: what is parsed without a pause
        self._check_later()

    def resume_writing(self) -> None:
        """Notes that the client took most of what there was to send."""
        super().resume_writing()
        self._resumed = True

    def send_400_response(self, msg: str) -> None:
        """Answers a request that is no valid HTTP, and closes the connection."""
        problem = self._reader.problem
        if problem is not None and problem.error_status_hint == TOO_LARGE:
            message = f"Request line and headers may have at most {MAX_HEAD:,} bytes."
            self._refuse(TOO_LARGE, ApiError("headers_too_large", message, field="headers", limit=MAX_HEAD))
        else:
            self._refuse(400, ApiError("malformed_request", f"This is not a valid HTTP request: {problem}."))

    def _check_later(self) -> None:
        self.loop.call_later(CHECK_SECONDS, self._check)

    def _check(self) -> None:
        if self not in self.connections:
            return  # it has ended, or is now a WebSocket
        self._sent_nothing = self._sent_nothing + 1 if self._sends_nothing() else 0
        self._took_nothing = self._took_nothing + 1 if self._takes_nothing() else 0
        if self._took_nothing >= MAX_TAKES_NOTHING:
            self.transport.abort()
        elif self._sent_nothing >= MAX_SENDS_NOTHING:
            self._refuse(408, ApiError("request_timeout", "The rest of the request did not arrive in time."))
        else:
            self._check_later()

    def _sends_nothing(self) -> bool:
        """Whether a request should have arrived since the last check, or more of its body."""
        request, received = self.cycle, self._reader.received
        arrived = received - self._seen_received
        has_new_request = request is not self._seen_request
        self._seen_request, self._seen_received = request, received
        if self._reader.their_state is h11.IDLE:
            return not has_new_request
        is_body = self._reader.their_state is h11.SEND_BODY
        return is_body and not self.flow.read_paused and arrived < MIN_BYTES

    def _takes_nothing(self) -> bool:
        """Whether there is as much to send as at the last check."""
        unsent, before = self.transport.get_write_buffer_size(), self._seen_unsent
        resumed, self._resumed, self._seen_unsent = self._resumed, False, unsent
        return min(before, unsent) > 0 and unsent > before - MIN_BYTES and not resumed

    def _refuse(self, status: int, error: ApiError) -> None:
        """Answers with an error if there is a request to answer, and closes the connection."""
        has_begun = self.cycle is not None and self.cycle.response_started
        if has_begun and not self.cycle.response_complete:
            self.transport.abort()
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self._reader.received:
            self.transport.write(answer(status, error_body(error)))
        self.transport.close()
        self.loop.call_later(FLUSH_SECONDS, self.transport.abort)


def answer(status: int, body: bytes) -> bytes:
    """Returns a complete HTTP answer, after which the connection is closed."""
    headers = {
        "content-type": "application/json", "content-length": str(len(body)), "connection": "close",
        "content-security-policy": NOTHING, **FIXED,
    }  # fmt: skip
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
