"""Reads HTTP requests: h11's parser, which also refuses what h11 accepts or limits only in part."""

import h11

MAX_HEAD = 32 * 1024  # bytes of the request line and the headers
# Chunks of a body: each costs the parser about 20 µs, however small it is.
FREE_CHUNKS = 1000
MIN_BYTES_PER_CHUNK = 32
# Bytes of chunk extensions, which are ignored, beside the sizes of the chunks and what was read at once.
MAX_EXTENSIONS = 64 * 1024
BYTES_PER_CHUNK_SIZE = 16
READ_SIZE = 64 * 1024
TOO_LARGE = 431  # Request Header Fields Too Large


class RequestReader(h11.Connection):
    """The parser of one connection. `next_event` raises RemoteProtocolError; `problem` is then its error."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER, MAX_HEAD)
        self.problem: h11.RemoteProtocolError | None = None
        self.received = 0  # bytes, ever
        self._chunks = 0
        self._body = 0
        self._begin = 0  # `received` when the body began

    def receive_data(self, data: bytes) -> None:
        """Adds what was received."""
        self.received += len(data)
        super().receive_data(data)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Returns the next part of a request."""
        try:
            event = super().next_event()
            if isinstance(event, h11.Request):
                self._check_head(event)
            if event is h11.NEED_DATA or isinstance(event, h11.Data):
                self._check_body(event)
            return event
        except h11.RemoteProtocolError as error:
            self.problem = error
            raise

    def _check_head(self, request: h11.Request) -> None:
        self._chunks, self._body, self._begin = 0, 0, self.received
        names = {name for name, _ in request.headers}
        if {b"content-length", b"transfer-encoding"} <= names:
            raise h11.RemoteProtocolError("Content-Length and Transfer-Encoding exclude each other")
        size = sum(len(name) + len(value) + 4 for name, value in request.headers)
        if len(request.target) + size > MAX_HEAD:
            raise h11.RemoteProtocolError("too large", TOO_LARGE)

    def _check_body(self, event: object) -> None:
        """Refuses a body with too many small chunks, or too much between its chunks."""
        if self.their_state is not h11.SEND_BODY:
            return
        if isinstance(event, h11.Data):
            self._chunks += event.chunk_start
            self._body += len(event.data)
        if self._chunks > FREE_CHUNKS + self._body / MIN_BYTES_PER_CHUNK:
            raise h11.RemoteProtocolError(f"more chunks than one for {MIN_BYTES_PER_CHUNK} bytes")
        overhead = self.received - self._begin - self._body - BYTES_PER_CHUNK_SIZE * self._chunks
        if overhead > MAX_EXTENSIONS + READ_SIZE:
            raise h11.RemoteProtocolError(f"more than {MAX_EXTENSIONS} bytes of chunk extensions")
