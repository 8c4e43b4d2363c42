"""Wall: the pictures of 64 networks on the page of an experiment, and what they cost the training.

The page draws the cards on the screen, so the pictures are counted of those.
"""

import time
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import page as studio
from benchmarks.limits import Claim, at_least
from benchmarks.shared.server import Server, serving
from benchmarks.summary import short, summary

NETWORKS = 64
TURNS = 5  # each with the page and without it
# Counts what is drawn on the cards, and the frames of the browser.
COUNT = """
window.counted = { pictures: 0, frames: 0 };
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...values) {
  if (this.canvas.closest?.(".wall-card")) counted.pictures += 1;
  return draw.apply(this, values);
};
const count = () => {
  counted.frames += 1;
  requestAnimationFrame(count);
};
requestAnimationFrame(count);
"""
# The cards whose pictures are requested: those at most 200 pixels away from the screen.
CARDS = """() => [...document.querySelectorAll(".wall-card")].filter((card) => {
  const { top, bottom } = card.getBoundingClientRect();
  return bottom > -200 && top < innerHeight + 200;
}).length"""


def measure(quick: bool) -> dict[str, Any]:
    """Trains 64 default networks without an end, in turns with and without an open page."""
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=studio.executable(), args=studio.ARGUMENTS)
        turns = _turns(browser, server, 1 if quick else TURNS, 2.0 if quick else 6.0)
        browser.close()
    results = {name: summary([turn[name] for turn in turns]) for name in turns[0]}
    share = short(results["watched"]["median"] / results["alone"]["median"])
    return {"claims": [claim.as_dict() for claim in _claims(results, share)], "share": share, **results}


def _turns(browser: Browser, server: Server, count: int, seconds: float) -> list[dict[str, float]]:
    client = server.client()
    body = {"config": {"epochs": 100_000_000}, "vary": {"seed": {"count": NETWORKS}}}
    created = client.call("POST", "/api/experiments", body)
    address = f"/api/experiments/{created['id']}"
    _rate(server, address, seconds)  # so that the processes have started
    turns = []
    for _ in range(count):
        context = browser.new_context(viewport=studio.SIZE)  # type: ignore[arg-type]
        context.add_init_script(COUNT)
        page = context.new_page()
        page.goto(server.url + created["url"])
        page.wait_for_function(f"() => counted.pictures >= {2 * NETWORKS}", timeout=60_000)
        watched = _watched(page, server, address, seconds)
        context.close()
        turns.append(watched | {"alone": _rate(server, address, seconds)})
    server.client().call("DELETE", address)
    return turns


def _watched(page: Page, server: Server, address: str, seconds: float) -> dict[str, float]:
    """Pictures of each network on the screen, frames of the browser, and steps of all, each a second."""
    before, start = page.evaluate("() => ({ ...counted })"), time.perf_counter()
    steps = _rate(server, address, seconds)
    after, passed = page.evaluate("() => ({ ...counted })"), time.perf_counter() - start
    rates = {name: (after[name] - before[name]) / passed for name in after}
    return {"pictures": rates["pictures"] / page.evaluate(CARDS), "fps": rates["frames"], "watched": steps}


def _rate(server: Server, address: str, seconds: float) -> float:
    """Returns the steps a second of all networks together."""
    before, start = _steps(server, address), time.perf_counter()
    time.sleep(seconds)
    return (_steps(server, address) - before) / (time.perf_counter() - start)


def _steps(server: Server, address: str) -> int:
    # A new connection: the server closes those that are not used for some seconds.
    return sum(int(member["step"]) for member in server.client().call("GET", address)["members"])


def _claims(results: dict[str, Any], share: float) -> list[Claim]:
    return [
        at_least(
            f"pictures a second of each network on the screen, of {NETWORKS}, median",
            results["pictures"]["median"],
            10,
        ),
        at_least("frames a second of the browser meanwhile, median", results["fps"]["median"], 55),
        at_least("steps a second with the open page, of those without it", share, 0.8),
    ]
