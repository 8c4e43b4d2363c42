"""A server process, a browser, and the studio as a user operates it."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    Position,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from app.web.module_bundles import Modules
from app.web.texts import texts

ROOT = Path(__file__).resolve().parents[2]
MODULES = Modules(ROOT / "static" / "js", texts())
# By name: the variable of each module in the file that contains it, and that file.
MODULE_PLACES = {name: [variable, MODULES.files[name]] for name, variable in MODULES.variables.items()}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # All pages in one process, which compiles the page's modules once: a third less processor time.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
]
# Milliseconds; long, because two cores run servers, trainings and a browser that draws in software.
TIMEOUT = 90_000
SUMMARY = """{
  const { state, idle } = window.__perceptarium ?? {};
  if (!state) return "no page";
  const { run, shown, connection, timeline, draft } = state;
  const { id, status, step, attempt } = run ?? {};
  const play = timeline?.play;
  return JSON.stringify({ idle, connection, run: { id, status, step, attempt }, shown, play, draft });
}"""
OPEN_TAB = "[data-group=middle] [role=tab][aria-selected=true]"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class Server:
    """A server process that can be stopped and started again on the same port and data."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        self.folder, self.root, self.port, self.url = folder, root, 0, ""
        self.process: subprocess.Popen[str] | None = None

    def start(self, *flags: str) -> "Server":
        command = [sys.executable, "-m", "app.cli.main", "serve", "--port", str(self.port), "--no-open"]
        self.process = subprocess.Popen(
            [*command, "--data-dir", str(self.folder), *flags],
            cwd=self.root,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if address := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port, self.url = int(address[1]), address[0]
                return self
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A REST call. Raises HTTPError for answers that are errors."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT / 1000) as response:
            text = response.read()
        return json.loads(text) if text else None

    def train(self, run: str, steps: int) -> None:
        """Trains a paused run for so many steps."""
        self.call("POST", f"/api/runs/{run}/step", {"unit": "step", "count": steps})


class Studio:
    """A page of the studio: operates it, waits for its state and reads what it shows."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        self.expected_messages: list[str] = []

    def expect_a_stopped_server(self) -> None:
        """The console may say from now on that the server cannot be reached, also for files on their way."""
        self.expected_messages += [
            "WebSocket connection",
            "ERR_CONNECTION_REFUSED",
            "Failed to load resource",
        ]
        self.expected_messages += ["dynamically imported module", "Refused to execute script"]

    def open(self, path: str = "/", config: dict[str, Any] | None = None) -> "Studio":
        """Opens a page, with a configuration in its address if given, and waits until it is drawn."""
        encoded = base64.urlsafe_b64encode(json.dumps(config).encode()).decode().rstrip("=") if config else ""
        self.page.goto("about:blank")
        self.page.goto(self.server.url + path + (f"#{encoded}" if encoded else ""))
        first_view = "(state['view:decision_boundary'] || state['view:reconstruction'])"
        self.wait_until(f"state.catalogue && state.schema && state.points && {first_view}")
        self.wait_until("counters.draws.form && counters.draws.network")
        # The tab of the last visit is open again, so that the panel of another one may never be drawn.
        self.wait_until(f"counters.draws[document.querySelector('{OPEN_TAB}')?.id.slice('tab-'.length)]")
        self.wait_until_drawn()
        return self

    def wait_until(self, condition: str, argument: Any = None) -> None:
        """Waits for an expression on `state`, `counters` and `argument`, and for the answers to all requests.

        The page shows the expected result of a command at once, and corrects it by the answer.
        """
        variables = "const { state, counters, idle } = window.__perceptarium ?? {};"
        condition = f"(argument) => {{ {variables} return state && idle && ({condition}); }}"
        try:
            self.page.wait_for_function(condition, arg=argument, timeout=TIMEOUT)
        except PlaywrightTimeout as error:
            raise AssertionError(f"{condition} stays false, argument {argument}: {self.summary()}") from error

    def summary(self) -> str:
        """What the page shows, for the message of a condition that stays false."""
        return str(self.page.evaluate(f"() => {SUMMARY}"))

    def until(self, condition: Callable[[], Any]) -> None:
        """Waits for a condition of the test itself, such as a request that it holds."""
        deadline = time.monotonic() + TIMEOUT / 1000
        while not condition():
            assert time.monotonic() < deadline, "the condition is still false"
            self.page.evaluate("() => null")  # what the browser sent meanwhile is handled

    def state(self, expression: str) -> Any:
        """The value of an expression on `state`."""
        return self.page.evaluate(
            "() => { const { state, counters } = window.__perceptarium; return " + expression + "; }"
        )

    def wait_until_drawn(self) -> None:
        """Waits until the views of the current weights have arrived and all panels are drawn."""
        self.page.evaluate("(timeout) => __probe.untilDrawn(timeout)", TIMEOUT)

    @property
    def run_id(self) -> str:
        return str(self.state("state.run.id"))

    def run(self) -> Any:
        """The run as the server describes it, after all requests of the page are answered."""
        self.wait_until("true")
        return self.server.call("GET", f"/api/runs/{self.run_id}")

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def number_field(self, path: str) -> Locator:
        """The text field of a number in the form."""
        return self.page.locator(f".field[data-field='{path}'] input.number")

    def enter(self, path: str, value: str) -> None:
        """Types a number into a field of the form, or of all settings if the form has none."""
        if not self.number_field(path).count():
            self.open_settings()
        self.number_field(path).fill(value)
        self.number_field(path).press("Enter")

    def open_other_tab(self, name: str) -> None:
        """Opens a tab that does not fit the run, from the menu of the others."""
        self.page.locator("[data-group=middle] .tablist").get_by_role("button", name="More").click()
        self.page.locator(".more-tabs").get_by_role("button", name=name).click()

    def open_settings(self) -> None:
        """Opens the drawer with all settings."""
        self.page.get_by_role("button", name="All settings").click()
        self.page.wait_for_selector(".drawer-head")

    def open_details(self) -> None:
        """Opens all sections that are closed."""
        self.page.evaluate(
            "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
        )

    def unit_position(self, column: int, unit: int) -> Position:
        """The centre of a unit in the drawing of the network; column 0 has the inputs."""
        centre: Position = self.page.evaluate("(unit) => __probe.unitCentre(...unit)", [column, unit])
        return centre

    def wait_until_applied(self) -> None:
        """Waits until the run has the configuration of the form."""
        self.page.wait_for_function(
            "() => (({ settled, idle, state }) => settled && idle && state.connection === 'open')"
            "(window.__perceptarium)",
            timeout=TIMEOUT,
        )

    def train_epoch(self) -> None:
        """Trains one epoch with the button and waits for it."""
        before = self.state("state.run.epoch")
        self.page.click("#epoch")
        self.wait_until("state.run.epoch > argument", before)

    def pixels(self, selector: str) -> np.ndarray:
        """The pixels of a canvas, (rows, columns, RGBA), one row and column per CSS pixel."""
        width, height, encoded = self.page.evaluate("(selector) => __probe.canvasPixels(selector)", selector)
        return np.frombuffer(base64.b64decode(encoded), np.uint8).reshape(height, width, 4)

    def save(self, panel: str, entry: str) -> bytes:
        """Saves a file with an entry of a panel's menu; returns its content."""
        self.page.click(f"#panel-{panel} .menu-button")
        with self.page.expect_download() as download:
            self.page.locator(f"#menu-panel-{panel}").get_by_text(entry).click()
        return Path(download.value.path()).read_bytes()

    def save_image(self, panel: str) -> np.ndarray:
        """The image that "Save image" saves, (rows, columns, RGBA), two rows and columns per CSS pixel."""
        encoded = base64.b64encode(self.save(panel, "Save image")).decode()
        width, height, encoded = self.page.evaluate("(encoded) => __probe.imagePixels(encoded)", encoded)
        return np.frombuffer(base64.b64decode(encoded), np.uint8).reshape(height, width, 4)

    def drawn_fraction(self, image: np.ndarray, panel: str, selector: str) -> float:
        """The fraction of the pixels of an element in a saved image that differ from the background."""
        box = self.page.locator(f"#panel-{panel} {selector}").first.bounding_box()
        panel_box = self.page.locator(f"#panel-{panel}").bounding_box()
        assert box and panel_box and box["height"] > 0
        left, top = round(2 * (box["x"] - panel_box["x"])), round(2 * (box["y"] - panel_box["y"]))
        part = image[top : top + round(2 * box["height"]), left : left + round(2 * box["width"])]
        return float((part != image[0, 0]).any(axis=2).mean())


@pytest.fixture(scope="session")
def playwright_instance() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_instance: Playwright) -> Iterator[Browser]:
    installed = [path for name in BROWSERS if (path := shutil.which(name))]
    path = os.environ.get("PERCEPTARIUM_CHROMIUM") or next(iter(installed), None)
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
    """Starts servers with the sources of another folder on a data folder; they end with the module."""
    started: list[Server] = []

    def start(folder: Path, root: Path) -> Server:
        started.append(Server(folder, root).start())
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server of one test, which can stop and start it."""
    server = Server(tmp_path / "data").start()
    yield server
    server.stop()


class Pages:
    """Pages that tests use one after another, because the start of a page takes longer than most tests.

    A page that is used again has the browser's cache of files, and no stored data of earlier tests.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Page]] = {}

    def new(self, size: dict[str, int], options: dict[str, Any]) -> Page:
        """A page in a new browser profile."""
        context = self._browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(f"window.__modules = {json.dumps(MODULE_PLACES)}")
        page.add_init_script(path=Path(__file__).with_name("page_probe.js"))
        page.set_default_timeout(TIMEOUT)
        return page

    def take(self, url: str, size: dict[str, int], options: dict[str, Any]) -> Page:
        """An unused page for a server, a size and options, without stored data."""
        free = self._free.get(json.dumps([url, size, options]))
        if not free:
            return self.new(size, options)
        page = free.pop()
        page.context.clear_cookies()
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
    """Opens windows of the studio. Closing them fails if a console has a message that was not expected."""

    def __init__(self, pages: Pages, server: Server) -> None:
        self._pages, self._server = pages, server
        self._open: list[tuple[Studio, list[str], Callable[[], None]]] = []

    def __call__(
        self, size: dict[str, int] = DESKTOP, at: Server | None = None, new: bool = False, **options: Any
    ) -> Studio:
        """A studio in a window of this size; with `new` in a browser profile that no other test uses."""
        server = at or self._server
        page = self._pages.new(size, options) if new else self._pages.take(server.url, size, options)
        messages = list[str]()

        def on_console(message: ConsoleMessage) -> None:
            messages.append(f"{message.type}: {message.text} {message.location.get('url')}")

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
            expected = studio.expected_messages
            unexpected += [text for text in messages if not any(part in text for part in expected)]
            leave()
        assert unexpected == []


@pytest.fixture(scope="session")
def pages(browser: Browser) -> Pages:
    return Pages(browser)


@pytest.fixture(scope="module")
def module_windows(pages: Pages, server: Server) -> Iterator[Windows]:
    """Windows that the tests of a module share."""
    windows = Windows(pages, server)
    yield windows
    windows.close()


@pytest.fixture(scope="module")
def shared_studio(module_windows: Windows) -> Studio:
    """One window for the tests of a module, so that the files of the page are fetched once."""
    return module_windows()


@pytest.fixture
def make_studio(pages: Pages, server: Server) -> Iterator[Windows]:
    """Windows of one test."""
    windows = Windows(pages, server)
    yield windows
    windows.close()


@pytest.fixture
def studio(make_studio: Windows) -> Studio:
    """A window of desktop size without stored data."""
    return make_studio()


@pytest.fixture
def create_experiment(studio: Studio) -> Iterator[Callable[..., str]]:
    """Creates an experiment, opens its page, with `ended` once all runs have ended, and returns its id."""
    created = []
    studio.expected_messages.append("status of 404")  # sections that read while it is deleted

    def create(config: Any, vary: Any, ended: bool = False, **options: Any) -> str:
        body = {"config": config, "vary": vary} | options
        answer = studio.server.call("POST", "/api/experiments", body)
        created.append(answer["id"])
        page = studio.page
        page.goto(studio.server.url + answer["url"])
        page.locator(".experiment-overview").wait_for()
        if ended:
            count = answer["size"]
            text = texts().text("experiment.progress", done=count, total=count)
            page.locator(".experiment-progress", has_text=text).wait_for()
            page.reload()
        return str(answer["id"])

    yield create
    left = {each["id"] for each in studio.server.call("GET", "/api/experiments")["experiments"]}
    for experiment in left & set(created):
        studio.server.call("DELETE", f"/api/experiments/{experiment}")


@pytest.fixture
def first_visit(make_studio: Windows) -> Studio:
    """A window of desktop size in a browser profile with an empty cache, which no other test uses."""
    return make_studio(new=True)
