"""Panels: their effect on frame rate and training speed, and the response time of each view."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import page as studio
from benchmarks.limits import Claim, at_least, at_most
from benchmarks.shared.server import Client, Refused, Server, serving
from benchmarks.summary import short, summary
from benchmarks.workloads import configure, data_of
from engine.datasets import Data, load
from engine.tasks.resolve import parse
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer
from engine.views import VIEWS

# Tabs of the middle group; in the right group `results` is open.
TABS = ("activation_histograms", "layer_health", "sample_trace", "loss_landscape", "activation_curves")
DEFAULTS: dict[str, dict[str, Any]] = {
    "spiral 2-8-8-1": {"dataset": {"name": "spiral"}, "layers": [{"units": 8}, {"units": 8}]},
    "sine 1-8-8-1": {"dataset": {"name": "sine"}, "layers": [{"units": 8}, {"units": 8}]},
    "digits 64-8-8-10": {"dataset": {"name": "digits"}, "layers": [{"units": 8}, {"units": 8}]},
}
ENDLESS = {"epochs": 1_000_000}
DEEP = {"dataset": {"name": "circle"}, "layers": [{"units": 16, "activation": "relu"}] * 100}
SURFACE = {"dataset": {"name": "spiral", "samples": 1000}, "layers": [{"units": 8}, {"units": 8}]}
WARM_UP = 1.0  # seconds; in the first thousands of steps a run measures more points
RECORDED = 5  # number of recorded steps per view


def measure(quick: bool) -> dict[str, Any]:
    """Measures frame rates and throughput for every tab, views of recorded steps, and large networks."""
    seconds, turns = (1.0, 1) if quick else (2.5, 5)
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=studio.executable(), args=studio.ARGUMENTS)
        tabs = {tab: _tab(browser, server, tab, seconds, turns) for tab in TABS}
        browser.close()
        recorded = {name: _recorded(server.client(), raw, turns) for name, raw in DEFAULTS.items()}
    surface = _surface(3 if quick else 15)
    results = {
        "tabs": tabs,
        "recorded_ms": recorded,
        "surface": surface,
        "large_ms": {"100 layers of 16": _large(*_trained(DEEP)), "784-256-128-10": _large(*_wide())},
    }
    return {"claims": [claim.as_dict() for claim in _claims(results)], **results}


def _claims(results: dict[str, Any]) -> list[Claim]:
    claims = []
    for tab, row in results["tabs"].items():
        claims.append(at_least(f"tab {tab}, all its panels: frames per second", row["fps"], 55, "fps"))
        claims.append(at_least(f"tab {tab}: watched ÷ unwatched training", row["kept"], 0.7, "×"))
    for name, views in results["recorded_ms"].items():
        slowest = max(views, key=lambda view: views[view])
        what = f"a view of a recorded step, {name}, slowest ({slowest}), median"
        claims.append(at_most(what, views[slowest], 100, "ms"))
    surface = results["surface"]
    claims.append(at_most("landscape 61 × 61, 500 samples", surface["milliseconds"]["median"], 150, "ms"))
    claims.append(at_most("its longest slice", surface["longest_slice_ms"], 15, "ms"))
    for name, views in results["large_ms"].items():
        answered = sum(value is not None for value in views.values())
        claims.append(at_least(f"views that answer of {name}", answered, len(views)))
    return claims


def _tab(browser: Browser, server: Server, tab: str, seconds: float, turns: int) -> dict[str, float]:
    """Returns frame rates at full speed with the tab open, and the training speed relative to no viewer.

    Both are measured in turns, so that a slow period of the machine affects both.
    """
    measured = [_turn(browser, server, tab, seconds) for _ in range(turns)]
    gaps = np.concatenate([np.diff(times) for _, _, times in measured])
    return {
        "fps": short(1000 / float(np.median(gaps))),
        "mean_fps": short(1000 / float(np.mean(gaps))),
        "kept": short(median(watched / unwatched for watched, unwatched, _ in measured)),
        "steps_per_second": short(median(watched for watched, _, _ in measured)),
        "unwatched": short(median(unwatched for _, unwatched, _ in measured)),
    }


def _turn(browser: Browser, server: Server, tab: str, seconds: float) -> tuple[float, float, list[float]]:
    """Returns steps per second with the page open and closed, and the frame times."""
    client = server.client()
    with studio.open_studio(browser, server, SURFACE | ENDLESS) as page:
        page.wait_for_function("() => window.__perceptarium.state.plotly === true")
        for name in (tab, "results"):
            page.click(f"#tab-{name}")
        studio.at_full_speed(page)
        run = page.evaluate("window.__perceptarium.state.run.id")
        client.call("PATCH", f"/api/runs/{run}", {"name": "measured"})
        _speed(client, run, partial(time.sleep, WARM_UP))
        watched, times = _speed(client, run, partial(_frames, page, seconds))
    unwatched, _ = _speed(client, run, partial(time.sleep, seconds))
    client.call("DELETE", f"/api/runs/{run}")
    return watched, unwatched, times


def _frames(page: Page, seconds: float) -> list[float]:
    times: list[float] = page.evaluate(f"countFrames({1000 * seconds})")["times"]
    return times


def _speed(client: Client, run: str, action: Callable[[], Any]) -> tuple[float, Any]:
    """Returns steps per second during `action`, and its result."""
    before, start = client.call("POST", f"/api/runs/{run}/start"), time.perf_counter()
    result = action()
    after = client.call("POST", f"/api/runs/{run}/pause")
    return (after["step"] - before["step"]) / (time.perf_counter() - start), result


def _recorded(client: Client, raw: dict[str, Any], turns: int) -> dict[str, float]:
    """Returns the median milliseconds of an API request for each applicable view of recorded steps."""
    run = client.call("POST", "/api/runs", raw | ENDLESS | {"start": False, "speed": "max"})["id"]
    for _ in range(RECORDED):
        client.call("POST", f"/api/runs/{run}/step", {"unit": "step", "count": 200})
    steps = client.call("GET", f"/api/runs/{run}/checkpoints")["steps"][-RECORDED:]
    task = client.call("GET", f"/api/runs/{run}/points")["task"]
    medians = {}
    for name, view in VIEWS.items():
        if task not in view.applies_to or not _is_applicable(client, run, name):
            continue
        times = []
        for step in steps * turns:
            start = time.perf_counter()
            client.call("GET", f"/api/runs/{run}/views/{name}?step={step}&arrays=typed")
            times.append(1000 * (time.perf_counter() - start))
        medians[name] = short(median(times))
    client.call("DELETE", f"/api/runs/{run}")
    return medians


def _is_applicable(client: Client, run: str, name: str) -> bool:
    """Returns whether the view can be computed; some views require a perceptron or a linear network."""
    try:
        client.call("GET", f"/api/runs/{run}/views/{name}")
    except Refused:
        return False
    return True


def _surface(repetitions: int) -> dict[str, Any]:
    """Measures the loss landscape and its longest slice, as the view worker computes it."""
    checkpoint, data = _trained(SURFACE)
    view = VIEWS["loss_landscape"]
    times, longest = [], list[float]()
    for _ in range(repetitions):
        marks = [time.perf_counter()]
        for _ in view.slices(checkpoint, data, view.parse({"resolution": 61}), None):
            marks.append(time.perf_counter())
        marks.append(time.perf_counter())
        times.append(1000 * (marks[-1] - marks[0]))
        longest.append(1000 * float(np.diff(marks).max()))
    return {
        "milliseconds": summary(times),
        "longest_slice_ms": short(median(longest)),
        "samples": len(data.train),
    }


def _trained(raw: dict[str, Any]) -> tuple[Checkpoint, Data]:
    config = parse(raw | ENDLESS)
    data = load(config)
    trainer = Trainer(config, data)
    trainer.advance(50)
    return trainer.checkpoint(), data


def _wide() -> tuple[Checkpoint, Data]:
    config = configure("W4")
    data = data_of("W4", config)
    trainer = Trainer(config, data)
    trainer.advance(5)
    return trainer.checkpoint(), data


def _large(checkpoint: Checkpoint, data: Data) -> dict[str, float | None]:
    """Returns the milliseconds of each applicable view, or None if it fails."""
    times: dict[str, float | None] = {}
    for name, view in VIEWS.items():
        if data.task not in view.applies_to or name in ("perceptron", "linear_collapse"):
            continue  # require one layer, or linear layers
        start = time.perf_counter()
        try:
            view.compute(checkpoint, data, view.parse({}))
            times[name] = short(1000 * (time.perf_counter() - start))
        except (ArithmeticError, LookupError, MemoryError, ValueError):
            times[name] = None
    return times
