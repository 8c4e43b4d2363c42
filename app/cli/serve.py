"""`perceptarium serve`: opens a port and a data folder, and runs the application until it is stopped."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import uvicorn

from app.cli.access import decided, network_address, without_token
from app.cli.printing import print_line
from app.connections.http_connection import HttpConnection
from app.connections.stream_connection import StreamConnection
from app.main import create_app
from app.monitoring import logs
from app.monitoring.garbage import collect_when_due
from app.settings import Access, Settings
from app.storage.maintenance.folder_lock import lock
from app.storage.migrations import StoreError
from app.storage.store import Store

MAX_PORTS = 50
MAX_FOLDERS = 20
GRACE_SECONDS = 1
MAX_FILES = 65_536


class CannotServe(RuntimeError):
    """The port or the data folder cannot be used; the message says why."""


def serve(settings: Settings, open_browser: bool) -> int:
    """Serves until SIGTERM or Ctrl-C; returns the exit code."""
    logs.configure(settings.log_format)
    allow_many_connections()
    try:
        with (
            listening(settings) as listener,
            data_folder(settings) as folder,
            Store(folder / "runs.sqlite3") as store,
        ):
            address, port = listener.getsockname()[:2]
            access = decided(settings.access, address)
            app = create_app(replace(settings, port=port, data_dir=folder, access=access), store)
            config = uvicorn.Config(
                app, http=HttpConnection, ws=StreamConnection, log_level="warning", log_config=None,
                access_log=False, ws_per_message_deflate=False, ws_max_size=1 << 20, lifespan="on",
                timeout_graceful_shutdown=GRACE_SECONDS, server_header=False, proxy_headers=False,
            )  # fmt: skip
            if access.no_auth:
                print(without_token(address, access.read_only), file=sys.stderr)
            links = addresses(settings, access, address, port)
            AnnouncingServer(config, links, open_browser).run(sockets=[listener])
    except (CannotServe, StoreError) as error:
        print(f"perceptarium: {error}", file=sys.stderr)
        return 1
    return 0


class AnnouncingServer(uvicorn.Server):
    """A server that prints its addresses once it listens; the first is the one for this machine."""

    def __init__(self, config: uvicorn.Config, addresses: list[str], open_browser: bool) -> None:
        super().__init__(config)
        self._addresses = addresses
        self._open_browser = open_browser
        self._collections: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stops on SIGTERM and Ctrl-C; unlike uvicorn, does not raise the signal again at the end."""
        previous = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, prints the address, and opens a browser if that was requested."""
        await super().startup(sockets)
        if self.should_exit:
            return
        self._collections = asyncio.create_task(collect_when_due())
        print_line(f"Perceptarium is at {self._addresses[0]}")
        for address in self._addresses[1:]:
            print_line(f"For other machines of the network: {address}")
        if self._open_browser and has_display():
            webbrowser.open(self._addresses[0])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops listening, and closes the connections."""
        if self._collections is not None:
            self._collections.cancel()
        await super().shutdown(sockets)


def addresses(settings: Settings, access: Access, address: str, port: int) -> list[str]:
    """The addresses of the server, with the token if it was generated; a given one is not printed."""
    query = f"?token={access.token}" if access.token and not settings.access.token else ""
    network = network_address() if address == "0.0.0.0" else None
    return [url(host, port) + query for host in (settings.host, network) if host]


def url(host: str, port: int) -> str:
    """The address to open in a browser."""
    address = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{address}:{port}/"


def has_display() -> bool:
    """Whether there is a display for a browser."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def allow_many_connections() -> None:
    """Raises the number of files that this process may open, one per connection, to what is allowed."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Yields a listening socket, on the next free port if the default one is busy.

    Raises CannotServe if an explicitly set port is busy.
    """
    ports = [settings.port] if settings.explicit_port else range(settings.port, settings.port + MAX_PORTS)
    for port in ports:
        try:
            listener = _bind(settings.host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotServe(f"cannot listen on {settings.host}: {error.strerror or error}") from None
            continue
        if port != ports[0]:
            print(f"Port {ports[0]} is busy; using port {port} instead.", file=sys.stderr)
        with contextlib.closing(listener):
            yield listener
        return
    raise CannotServe(
        f"port {ports[0]} on {settings.host} is busy"
        + ("" if settings.explicit_port else ", and so are the next ones")
    )


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only on sockets created as TCP; without it small answers wait 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    return listener


@contextlib.contextmanager
def data_folder(settings: Settings) -> Iterator[Path]:
    """Yields a data folder that no other server uses: a sibling folder if the default one is in use.

    Raises CannotServe if an explicitly set folder is in use.
    """
    numbers = range(1, 2 if settings.explicit_data_dir else MAX_FOLDERS)
    for number in numbers:
        folder = (
            settings.data_dir
            if number == 1
            else settings.data_dir.with_name(f"{settings.data_dir.name}-{number}")
        )
        with contextlib.ExitStack() as stack:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                locked = stack.enter_context(lock(folder))
            except OSError as error:
                raise CannotServe(f"the data folder {folder} cannot be used: {error.strerror}") from None
            if not locked:
                continue
            if number > 1:
                print(f"{settings.data_dir} is in use; using {folder} instead.", file=sys.stderr)
            yield folder
            return
    raise CannotServe(f"the data folder {settings.data_dir} is in use by another server")
