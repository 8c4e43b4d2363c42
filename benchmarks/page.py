"""Page: time to the first boundary, response to a click, frame rates, time to solve a problem."""

import base64
import gzip
import json
import random
import re
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from app.web.module_bundles import PANELS, STUDIO, Modules
from app.web.texts import texts
from benchmarks import playground_page
from benchmarks.limits import Claim, at_least, at_most
from benchmarks.playground_page import serving_playground
from benchmarks.shared import ROOT
from benchmarks.shared.server import Server, serving
from benchmarks.summary import short, summary

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no page waits for the internet
]  # fmt: skip
SIZE = {"width": 1440, "height": 900}
PROBE = Path(__file__).with_name("probe.js").read_text("utf-8")
MAX_FRAME_MS = 50.0  # of a smooth frame
TRAINING: dict[str, Any] = {
    "dataset": {"name": "spiral", "samples": 500, "noise": 0, "test_fraction": 0.5},
    "layers": [{"units": 8, "activation": "tanh"}] * 3,
    "optimizer": {"name": "sgd", "learning_rate": 0.03},
    "batch_size": 10,
    "epochs": 1_000_000,
}
# The problem for which the page of TensorFlow Playground was measured.
PROBLEM: dict[str, Any] = TRAINING | {
    "features": ["x1", "x2", "sin(x1)", "sin(x2)"],
    "layers": [{"units": 8, "activation": "tanh"}] * 2,
    "output_activation": "tanh",
    "loss": {"name": "half_squared_error"},
}
SOLVED = 0.1
ROLE, OWN_WORDS = (
    "[aria-label='Role of b']",
    ".data-choice input[placeholder]",
)  # controls of the import dialog
CHANGED = """([control, value]) => new Promise((done) => {
  const [start, before] = [performance.now(), document.querySelector(".data-facts")];
  const changed = document.querySelector(control);
  changed.value = value;
  changed.dispatchEvent(new Event("change"));
  const look = () => {
    const facts = document.querySelector(".data-facts");
    requestAnimationFrame(facts && facts !== before ? () => done(performance.now() - start) : look);
  };
  look();
})"""


def measure(quick: bool) -> dict[str, Any]:
    """Measures the page in one browser, on a new server."""
    loads, seconds, seeds = (2, 2.0, 2) if quick else (9, 10.0, 5)
    with serving() as server, serving_playground() as playground, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        visits, theirs = [], []
        for _ in range(loads):  # in turns, so that a slow period of the machine affects both
            visits.append(_visit(browser, server))
            if playground:
                theirs.append(playground_page.visit(browser, playground, SIZE, PROBE))
        frames = {str(speed): _frames(browser, server, speed, seconds) for speed in ("default", "max")}
        solved = [_solve(browser, server, seed) for seed in range(seeds)]
        role, words = _preview(browser, server, 3 if quick else 15)
        results = {
            "browser": f"Chromium {browser.version}, headless, software GL, 1440 x 900",
            "visits": _summaries(visits),
            "playground": _summaries(theirs) if theirs else None,
            "frames": frames,
            "problem": _summaries(solved),
            "preview_ms": summary(role),
            "reread_preview_ms": summary(words),
            "javascript": _javascript(server, max(visit["javascript_kb"] for visit in visits)),
        }
        browser.close()
    return {"claims": [claim.as_dict() for claim in _claims(results)], **results}


def _summaries(measured: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    return {name: summary([each[name] for each in measured]) for name in measured[0]}


def executable() -> str | None:
    """Returns the path of the installed browser, or None for that of Playwright."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _claims(results: dict[str, Any]) -> list[Claim]:
    visits, problem, fastest = results["visits"], results["problem"], results["frames"]["max"]
    max_epochs, min_epochs = problem["epochs"]["maximum"], problem["epochs"]["minimum"]
    return [
        *_beside_playground(visits, results["playground"]),
        at_most(
            "own table of 10,000 rows, changed role → preview", results["preview_ms"]["median"], 200, "ms"
        ),
        at_most(
            "the same, changed words for missing values (the text is read again)",
            results["reread_preview_ms"]["median"],
            200,
            "ms",
        ),
        at_most("load → first boundary drawn", visits["boundary_ms"]["median"], 350, "ms"),
        at_most("click on Train → first changed pixels", visits["click_ms"]["median"], 100, "ms"),
        at_most("first click (Train) → the accuracy is in the bar", visits["score_ms"]["median"], 1000, "ms"),
        at_least(
            "Plotly requested after the first boundary, at least",
            visits["plotly_after_ms"]["minimum"],
            0,
            "ms",
        ),
        at_least("frames per second, all default panels, speed max", fastest["median_fps"], 50, "fps"),
        at_least("frames under 50 ms", fastest["under_50_ms"], 95, "%"),
        at_least("boundary redrawn", fastest["redraws_per_second"], 25, "times/s"),
        at_most("spiral to test loss 0.1, speed max, click → done", problem["seconds"]["median"], 0.5, "s"),
        at_least("its epochs, fewest", min_epochs, 53),
        at_most("its epochs, most", max_epochs, 196),
        at_most(
            "our JavaScript of a first visit, compressed", results["javascript"]["first_visit_kb"], 60, "KB"
        ),
    ]


def _preview(browser: Browser, server: Server, count: int) -> tuple[list[float], list[float]]:
    """Returns milliseconds from a change in the dialog to the drawn preview of a table of 10,000 rows.

    First of a role, which changes no cell; then of the words for missing values: the text is read again.
    """
    rng = random.Random(1)
    rows = [[f"{rng.gauss(0, 1):.5g}" for _ in range(9)] + ["uvw"[row % 3]] for row in range(10_000)]
    text = "\n".join(",".join(row) for row in [[*"abcdefghi", "kind"], *rows]) + "\n"
    file = {"name": "rows.csv", "mimeType": "text/csv", "buffer": text.encode()}
    with open_studio(browser, server) as page:
        page.click("[data-own-data]")
        page.set_input_files("#data-file", files=[file])  # type: ignore[list-item]
        page.wait_for_selector(".data-facts")
        roles = [page.evaluate(CHANGED, [ROLE, ["ignored", "input"][index % 2]]) for index in range(count)]
        return roles, [page.evaluate(CHANGED, [OWN_WORDS, f"none {index}"]) for index in range(count)]


def _beside_playground(ours: dict[str, Any], theirs: dict[str, Any] | None) -> list[Claim]:
    """Medians relative to those of TensorFlow Playground's page; none where it was not measured."""
    names = {"boundary_ms": "load → first boundary", "click_ms": "click → first changed pixels"}
    return [
        at_most(
            f"{what}, ÷ that of TensorFlow Playground", ours[name]["median"] / theirs[name]["median"], 1, "×"
        )
        for name, what in names.items()
        if theirs
    ]


@contextmanager
def open_studio(browser: Browser, server: Server, config: dict[str, Any] | None = None) -> Iterator[Page]:
    """Opens the studio in a new browser context, and waits until the first boundary is drawn."""
    encoded = base64.urlsafe_b64encode(json.dumps(config).encode()).decode().rstrip("=") if config else ""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_init_script(PROBE)
    page = context.new_page()
    page.goto(f"{server.url}/#{encoded}" if config else f"{server.url}/")
    page.wait_for_function("() => benchmark.boundary !== null && window.__perceptarium?.state.catalogue")
    try:
        yield page
    finally:
        context.close()


def _visit(browser: Browser, server: Server) -> dict[str, float]:
    """Measures a first visit (paint, boundary, Plotly, scripts), then a click; milliseconds, kilobytes."""
    with open_studio(browser, server) as page:
        page.wait_for_function("() => window.__perceptarium.state.plotly === true")
        times: dict[str, float] = page.evaluate(
            """() => ({
              boundary_ms: benchmark.boundary,
              paint_ms: performance.getEntriesByName('first-contentful-paint')[0].startTime,
              plotly_after_ms: performance.getEntriesByType('resource')
                .find((each) => each.name.includes('plotly')).startTime - benchmark.boundary,
              javascript_kb: performance.getEntriesByType('resource')
                .filter((each) => /\\/static\\/.*\\/js\\//.test(each.name))
                .reduce((sum, each) => sum + each.encodedBodySize, 0) / 1000,
            })"""
        )
        page.click("#train")
        page.wait_for_function("() => benchmark.changed !== null")
        page.wait_for_function("() => benchmark.scored !== null")
        times |= page.evaluate(
            """() => ({ click_ms: benchmark.changed - benchmark.click,
              score_ms: benchmark.scored - benchmark.click })"""
        )
        _end_training(page)
        return times


def _end_training(page: Page) -> None:
    """Deletes the run of the page, which would train for 30 s beside the next visits."""
    page.evaluate("() => fetch(`/api/runs/${window.__perceptarium.state.run.id}`, { method: 'DELETE' })")


def at_full_speed(page: Page) -> None:
    """Sets the speed control to its maximum by the keyboard."""
    page.locator("#speed").focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "() => window.__perceptarium.state.speed === 'max' && window.__perceptarium.settled"
    )


def _frames(browser: Browser, server: Server, speed: str, seconds: float) -> dict[str, float]:
    """Measures frame times during training with all default panels visible."""
    with open_studio(browser, server, TRAINING) as page:
        page.wait_for_function("() => window.__perceptarium.state.plotly === true")
        if speed == "max":
            at_full_speed(page)
        page.click("#train")
        page.wait_for_function("() => benchmark.changed !== null")
        frame_counts = page.evaluate(f"countFrames({1000 * seconds})")
        rate: float = page.evaluate("window.__perceptarium.state.run.steps_per_second")
    times = np.array(frame_counts["times"])
    gaps, length = np.diff(times), (times[-1] - times[0]) / 1000
    return {
        "median_fps": short(1000 / float(np.median(gaps))),
        "mean_fps": short(len(gaps) / length),
        "under_50_ms": short(100 * float((gaps < MAX_FRAME_MS).mean())),
        "longest_ms": short(float(gaps.max())),
        "redraws_per_second": short(frame_counts["redraws"] / length),
        "steps_per_second": short(rate),
    }


def _solve(browser: Browser, server: Server, seed: int) -> dict[str, float]:
    """Measures the time from the click until the page receives a point with a test loss below 0.1."""
    config = PROBLEM | {"seed": seed, "dataset": PROBLEM["dataset"] | {"seed": seed}}
    with open_studio(browser, server, config) as page:
        page.wait_for_function("() => window.__perceptarium.state.plotly === true")
        at_full_speed(page)
        page.evaluate(f"awaitLoss({SOLVED})")
        page.click("#train")
        page.wait_for_function("() => benchmark.reached !== null", timeout=60_000)
        marks = page.evaluate("benchmark")
    return {
        "seconds": (marks["reached"] - marks["click"]) / 1000,
        "epochs": marks["reachedValue"]["epoch"],
        "steps": marks["reachedValue"]["step"],
    }


def _javascript(server: Server, first_kb: float) -> dict[str, float]:
    """Returns the size of our scripts on a first visit, and of all scripts, compressed and plain."""
    home = urllib.request.urlopen(f"{server.url}/").read().decode()
    base = re.search(r'/static/[^"]*?(?=/js/studio/boot\.js)', home)
    assert base
    compressed = plain = 0
    for name in (STUDIO, PANELS, *Modules(ROOT / "static" / "js", texts()).separate):
        address = f"{server.url}{base[0]}/js/{name}"
        request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            body, encoded = answer.read(), answer.headers.get("Content-Encoding") == "gzip"
        compressed += len(body)
        plain += len(gzip.decompress(body)) if encoded else len(body)
    return {
        "first_visit_kb": short(first_kb), "compressed_kb": short(compressed / 1000),
        "plain_kb": short(plain / 1000),
    }  # fmt: skip
