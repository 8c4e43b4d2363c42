"""Time in the page: from a pointer on the time line to the redrawn panels, and the frame rate of playing."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, Route, sync_playwright

from benchmarks.limits import Claim, at_least, at_most
from benchmarks.page import ARGUMENTS, PROBE, SIZE, executable
from benchmarks.shared.server import Server
from benchmarks.summary import short
from benchmarks.trained_run import trained
from benchmarks.workloads import WORKLOADS

TIME_PROBE = Path(__file__).with_name("time_probe.js").read_text("utf-8")
PAD = 12  # pixels from the edges of the bar to the axis
SPEEDS = (1, 6)


def measure(server: Server, quick: bool) -> dict[str, Any]:
    """Measures drags over W1 to W3 at recorded and at any steps, and playing the default run."""
    count, seconds = (6, 2.0) if quick else (60, 8.0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        drags = {name: _drags(browser, server, WORKLOADS[name].raw, count) for name in ("W1", "W2", "W3")}
        with trained(server, {}) as run:
            playing = _playing(browser, server, run, seconds)
        version = browser.version
        browser.close()
    name = f"Chromium {version}, headless, software GL, 1440 x 900"
    return {"browser": name, "drags": drags, "playing": playing}


def claims(results: dict[str, Any]) -> list[Claim]:
    """Returns the limits of drags and of playing."""
    listed = []
    for name, measured in results["drags"].items():
        what = f"{name}: drag → all default panels redrawn"
        listed += [
            at_most(f"{what}, recorded step, median", measured["recorded"]["median"], 50, "ms"),
            at_most(f"{what}, any step, median", measured["any"]["median"], 150, "ms"),
            at_most(f"{what}, any step, p95", measured["any"]["p95"], 400, "ms"),
        ]
    for speed in SPEEDS:
        fps = results["playing"][f"{speed}×"]["median_fps"]
        listed.append(at_least(f"playing at {speed}×: frames per second", fps, 59, "fps"))
    return listed


def _drags(browser: Browser, server: Server, raw: dict[str, Any], count: int) -> dict[str, Any]:
    """Returns the milliseconds of drags to recorded steps, and to steps of which the page knows no record."""
    results = {}
    with trained(server, raw) as run:
        for kind in ("recorded", "any"):
            with _open(browser, server, run, snaps=kind == "recorded") as page:
                times = _drag(page, count)
                results[kind] = {
                    "median": short(float(np.median(times))), "p95": short(float(np.percentile(times, 95))),
                }  # fmt: skip
    return results


@contextmanager
def _open(browser: Browser, server: Server, run: str, snaps: bool = True) -> Iterator[Page]:
    """Opens the page of a run with its time line; `snaps`: the pointer chooses recorded steps near it."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_init_script(PROBE + TIME_PROBE)
    page = context.new_page()
    if not snaps:
        page.route("**/checkpoints*", _without_steps)
    page.goto(f"{server.url}/runs/{run}")
    page.wait_for_function(
        "() => window.__perceptarium?.counters.draws.timeline"
        " && __perceptarium.state.timeline.log.steps.length && __perceptarium.state.plotly"
    )
    page.evaluate("watchPanels()")
    try:
        yield page
    finally:
        context.close()


def _without_steps(route: Route) -> None:
    """Answers with the first recorded step alone, so that the page asks for the steps below the pointer."""
    answer = json.loads(route.fetch().body())
    lists = {name: value[:1] for name, value in answer.items() if isinstance(value, list)}
    route.fulfill(json=answer | lists)


def _drag(page: Page, count: int) -> list[float]:
    """Returns the milliseconds of moves to random steps, each from its pointer event to the last panel."""
    box = page.locator(".timeline-bar").bounding_box()
    assert box is not None
    y, width = box["y"] + box["height"] / 2, box["width"] - 2 * PAD
    last = page.evaluate("__perceptarium.state.run.step")
    rng, times = random.Random(0), []
    page.mouse.move(box["x"] + PAD + width / 2, y)
    page.mouse.down()
    for index in range(count + 2):
        step = rng.uniform(1, last)
        page.evaluate("awaitMove()")
        page.mouse.move(round(box["x"] + PAD + width * np.log1p(step) / np.log1p(last)) + index % 2, y)
        page.wait_for_function("() => timeProbe.milliseconds !== null")
        times.append(page.evaluate("timeProbe.milliseconds"))
    page.mouse.up()
    return [time for time in times[2:] if time >= 0]


def _playing(browser: Browser, server: Server, run: str, seconds: float) -> dict[str, Any]:
    """Returns frame rates of the paused page, and while it plays the recorded steps."""
    with _open(browser, server, run) as page:
        results = {"idle": _frames(page, seconds)}
        for speed in SPEEDS:
            page.keyboard.press("Home")
            page.select_option(".timeline-speed", str(speed))
            page.click(".timeline-play")
            page.wait_for_function("() => __perceptarium.state.timeline.play.mode === 'playing'")
            results[f"{speed}×"] = _frames(page, seconds)
            page.click(".timeline-play")
    return results


def _frames(page: Page, seconds: float) -> dict[str, float]:
    measured = page.evaluate(f"countPlayed({1000 * seconds})")
    gaps = np.diff(measured["times"])
    return {
        "median_fps": short(1000 / float(np.median(gaps))),
        "mean_fps": short(1000 / float(np.mean(gaps))),
        "under_20_ms": short(100 * float((gaps < 20).mean())),
        "longest_ms": short(float(gaps.max())),
        "steps_drawn_per_second": short(measured["steps"] / seconds),
    }
