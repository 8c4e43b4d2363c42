"""A slow line: a TCP proxy on the loopback interface that forwards what the server sends at a given rate."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

PIECE = 1448  # bytes, as of a packet


@contextlib.contextmanager
def slow_line(url: str, bits_per_second: float) -> Iterator[str]:
    """Yields the URL of a proxy for the server at `url`; what clients send is forwarded at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, url, bits_per_second), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _accept(listener: socket.socket, url: str, bits_per_second: float) -> None:
    address = urlsplit(url)
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection((address.hostname or "", address.port or 0))
            for stream in (client, server):
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for work in ((client, server, None), (server, client, bits_per_second)):
                threading.Thread(target=_forward, args=work, daemon=True).start()


def _forward(source: socket.socket, target: socket.socket, bits_per_second: float | None) -> None:
    """Forwards until one of both ends; the operating system keeps what is not forwarded yet."""
    free_at = time.perf_counter()
    with contextlib.suppress(OSError), source, target:
        while data := source.recv(PIECE):
            if bits_per_second is not None:
                free_at = max(free_at, time.perf_counter()) + len(data) * 8 / bits_per_second
                time.sleep(max(0.0, free_at - time.perf_counter()))
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
