"""TensorFlow Playground's page: the same times as ours, from its sources built on this machine.

It is not part of this repository: `PLAYGROUND_PAGE` names the folder `dist` that its `npm run build` writes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser

VARIABLE = "PLAYGROUND_PAGE"


class _Files(SimpleHTTPRequestHandler):
    """Files of a folder over persistent connections, without a log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving_playground() -> Iterator[str | None]:
    """Serves the built page and yields its address; None without the variable. Raises FileNotFoundError if
    its folder has no page.
    """
    folder = os.environ.get(VARIABLE)
    if folder is None:
        yield None
        return
    if not Path(folder, "bundle.js").is_file():
        raise FileNotFoundError(f"{VARIABLE}: expected a folder with bundle.js, not {folder}")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def visit(browser: Browser, address: str, size: dict[str, int], probe: str) -> dict[str, float]:
    """Measures a first visit and a click on its button, in milliseconds, as `page` does with ours."""
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    context.add_init_script(probe)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("() => benchmark.boundary !== null")
    page.wait_for_load_state()
    page.click("#play-pause-button")
    page.wait_for_function("() => benchmark.changed !== null")
    times: dict[str, float] = page.evaluate(
        "() => ({ boundary_ms: benchmark.boundary, click_ms: benchmark.changed - benchmark.click })"
    )
    context.close()
    return times
