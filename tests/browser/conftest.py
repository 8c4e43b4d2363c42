"""A real server, a real browser, and the studio as somebody who uses it sees it."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds; long, for two cores are shared by servers, trainings and a browser that draws in software.
DEADLINE = 90_000
OPEN_TAB = "[data-group=middle] [role=tab][aria-selected=true]"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class Server:
    """A server process of its own; can be stopped and started again on the same port and data."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        self.folder, self.root, self.port, self.url = folder, root, 0, ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> "Server":
        command = [sys.executable, "-m", "app.cli.main", "serve", "--port", str(self.port), "--no-open"]
        self.process = subprocess.Popen(
            [*command, "--data-dir", str(self.folder)], cwd=self.root, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port, self.url = int(found[1]), found[0]
                return self
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A REST call; raises HTTPError for refusals."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=DEADLINE / 1000) as response:
            text = response.read()
        return json.loads(text) if text else None


class Studio:
    """One open page with what a test asks of it."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        self.expected_messages: list[str] = []

    def open(self, path: str = "/", config: dict[str, Any] | None = None) -> "Studio":
        """Go to a page (a studio on `config`, if given) and wait until its first picture stands."""
        coded = base64.urlsafe_b64encode(json.dumps(config).encode()).decode().rstrip("=") if config else ""
        self.page.goto("about:blank")
        self.page.goto(self.server.url + path + (f"#{coded}" if coded else ""))
        first = "(state['view:decision_boundary'] || state['view:reconstruction'])"
        self.wait(f"state.catalogue && state.schema && state.points && {first}")
        self.wait("counters.draws.form && counters.draws.network")
        # Which tab stands there is remembered: what another one would show may never be drawn.
        self.wait(f"counters.draws[document.querySelector('{OPEN_TAB}')?.id.slice('tab-'.length)]")
        self.drawn()
        return self

    def wait(self, condition: str, argument: Any = None) -> None:
        """Wait until an expression on `state`, `counters` and `argument` is true and no command is under way.

        What a press leads to is shown before the server has answered: true is what is left when it has."""
        known = "const { state, counters, idle } = window.__perceptarium ?? {};"
        condition = f"(argument) => {{ {known} return state && idle && ({condition}); }}"
        self.page.wait_for_function(condition, arg=argument, timeout=DEADLINE)

    def state(self, expression: str) -> Any:
        """The value of an expression on `state`."""
        return self.page.evaluate(
            "() => { const { state, counters } = window.__perceptarium; return " + expression + "; }"
        )

    def drawn(self) -> None:
        """Wait until the views of the present weights have come and all the state holds is on the screen."""
        self.page.evaluate("(within) => __look.quiet(within)", DEADLINE)

    @property
    def run_id(self) -> str:
        return str(self.state("state.run.id"))

    def run(self) -> Any:
        """The run as the server tells it, once that has answered everything the page asked of it."""
        self.wait("true")
        return self.server.call("GET", f"/api/runs/{self.run_id}")

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def settled(self) -> None:
        """Wait until the run has what the form says."""
        self.page.wait_for_function(
            "() => (({ settled, idle, state }) => settled && idle && state.connection === 'open')"
            "(window.__perceptarium)",
            timeout=DEADLINE,
        )

    def epoch(self) -> None:
        """Train one epoch with the button and wait for it."""
        before = self.state("state.run.epoch")
        self.page.click("#epoch")
        self.wait("state.run.epoch > argument", before)

    def picture(self, selector: str) -> np.ndarray:
        """What a canvas shows, (rows, columns, RGBA), one row and column per CSS pixel."""
        width, height, coded = self.page.evaluate("(selector) => __look.picture(selector)", selector)
        return np.frombuffer(base64.b64decode(coded), np.uint8).reshape(height, width, 4)

    def saved(self, panel: str, entry: str) -> bytes:
        """The file that an entry of a panel's menu saves."""
        self.page.click(f"#panel-{panel} .menu-button")
        with self.page.expect_download() as download:
            self.page.locator(f"#menu-panel-{panel}").get_by_text(entry).click()
        return Path(download.value.path()).read_bytes()

    def saved_picture(self, panel: str) -> np.ndarray:
        """What "Save image" of a panel saves, (rows, columns, RGBA), two rows and columns per CSS pixel."""
        coded = base64.b64encode(self.saved(panel, "Save image")).decode()
        width, height, coded = self.page.evaluate("(coded) => __look.file(coded)", coded)
        return np.frombuffer(base64.b64decode(coded), np.uint8).reshape(height, width, 4)

    def inked(self, picture: np.ndarray, panel: str, selector: str) -> float:
        """The share of a saved picture, where an element of the panel stands, that is not empty ground."""
        inside = self.page.locator(f"#panel-{panel} {selector}").first.bounding_box()
        whole = self.page.locator(f"#panel-{panel}").bounding_box()
        assert inside and whole and inside["height"] > 0
        left, top = round(2 * (inside["x"] - whole["x"])), round(2 * (inside["y"] - whole["y"]))
        part = picture[top : top + round(2 * inside["height"]), left : left + round(2 * inside["width"])]
        return float((part != picture[0, 0]).any(axis=2).mean())


@pytest.fixture(scope="session")
def playwright_instance() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_instance: Playwright) -> Iterator[Browser]:
    named = os.environ.get("PERCEPTARIUM_CHROMIUM")
    path = named or next((found for name in BROWSERS if (found := shutil.which(name))), None)
    browser = playwright_instance.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("data")).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def start_server_at() -> Iterator[Callable[[Path, Path], Server]]:
    """Starts a server on a data folder with the sources of another folder; it ends with the module."""
    started: list[Server] = []

    def start(folder: Path, root: Path) -> Server:
        started.append(Server(folder, root).start())
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may stop and start."""
    server = Server(tmp_path / "data").start()
    yield server
    server.stop()


class Pages:
    """Pages that tests use one after the other: starting a page costs more than what most tests do with it.

    A page that is used again has the browser's cache of files, and no stored data of earlier tests.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Page]] = {}

    def new(self, size: dict[str, int], options: dict[str, Any]) -> Page:
        """A page of a browser profile of its own."""
        context = self._browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(path=Path(__file__).with_name("looking.js"))
        page.set_default_timeout(DEADLINE)
        return page

    def take(self, url: str, size: dict[str, int], options: dict[str, Any]) -> Page:
        """A page for this server, size and options that no test uses now, without stored data."""
        free = self._free.get(json.dumps([url, size, options]))
        if not free:
            return self.new(size, options)
        page = free.pop()
        page.goto(url + "/healthz")
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        return page

    def give_back(self, page: Page, url: str, size: dict[str, int], options: dict[str, Any]) -> None:
        """Keeps a page for the next test."""
        page.unroute_all(behavior="ignoreErrors")
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.mouse.move(-1, -1)
        page.goto("about:blank")
        self._free.setdefault(json.dumps([url, size, options]), []).append(page)


class Windows:
    """Opens studios; on closing, a message on the console of any is a failure unless it was announced."""

    def __init__(self, pages: Pages, server: Server) -> None:
        self._pages, self._server = pages, server
        self._open: list[tuple[Studio, list[str], Callable[[], None]]] = []

    def __call__(
        self, size: dict[str, int] = DESK, at: Server | None = None, new: bool = False, **options: Any
    ) -> Studio:
        """A studio in a window of this size; `new`: in a browser profile that no other test uses."""
        server = at or self._server
        page = self._pages.new(size, options) if new else self._pages.take(server.url, size, options)
        messages = list[str]()

        def on_console(note: ConsoleMessage) -> None:
            messages.append(f"{note.type}: {note.text} {note.location.get('url')}")

        def on_error(error: Error) -> None:
            messages.append(f"pageerror: {error}")

        def leave() -> None:
            page.remove_listener("console", on_console)
            page.remove_listener("pageerror", on_error)
            if new:
                page.context.close()
            else:
                self._pages.give_back(page, server.url, size, options)

        page.on("console", on_console)
        page.on("pageerror", on_error)
        studio = Studio(page, server)
        self._open.append((studio, messages, leave))
        return studio

    def close(self) -> None:
        unexpected = []
        for studio, messages, leave in self._open:
            known = studio.expected_messages
            unexpected += [each for each in messages if not any(part in each for part in known)]
            leave()
        assert unexpected == []


@pytest.fixture(scope="session")
def pages(browser: Browser) -> Pages:
    return Pages(browser)


@pytest.fixture(scope="module")
def desk_studio(pages: Pages, server: Server) -> Iterator[Windows]:
    """Windows that several tests of a module use one after the other."""
    windows = Windows(pages, server)
    yield windows
    windows.close()


@pytest.fixture(scope="module")
def desk(desk_studio: Windows) -> Studio:
    """One window for many tests: the page is opened anew for each, its files are not fetched anew."""
    return desk_studio()


@pytest.fixture
def make_studio(pages: Pages, server: Server) -> Iterator[Windows]:
    """Windows of one test."""
    windows = Windows(pages, server)
    yield windows
    windows.close()


@pytest.fixture
def studio(make_studio: Windows) -> Studio:
    """A studio at a desk without stored data."""
    return make_studio()


@pytest.fixture
def first_visit(make_studio: Windows) -> Studio:
    """A studio at a desk in a browser that has nothing of it in its cache, and that no other test uses."""
    return make_studio(new=True)
