"""Decoding: how long the page takes for a message of the compact stream."""

from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import page as studio
from benchmarks.limits import Claim, at_most
from benchmarks.shared.server import Server, serving
from benchmarks.summary import short, summary

PICTURE_BYTES = 2000  # messages without pictures are smaller
MAX_MS = 3.3  # a tenth of the time between two messages of 30 a second
KEEP_MESSAGES = """
window.received = [];
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data }) => window.received.push(data));
  }
};
"""
# Each message alone, after all were received: nothing else is done meanwhile. The first pass warms up.
DECODE = """async (atLeast) => {
  const scripts = document.querySelector('script[src*="/js/"]').src.replace(/\\/js\\/.*/, "/js");
  const { framesOf, inflate } = await import(`${scripts}/core/compact.js`);
  const pictures = window.received.filter((each) => each.byteLength > atLeast);
  const times = [];
  for (const isMeasured of [false, true]) {
    for (const message of pictures) {
      const start = performance.now();
      framesOf(await inflate(message.slice(1)));
      if (isMeasured) times.push(performance.now() - start);
    }
  }
  return { times, bytes: pictures.map((each) => each.byteLength) };
}"""


def measure(quick: bool) -> dict[str, Any]:
    """Lets the default page receive messages while its run trains, and decodes them again."""
    with serving() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=studio.executable(), args=studio.ARGUMENTS)
        measured = _decode(browser, server, 30 if quick else 300)
        results = {
            "browser": f"Chromium {browser.version}, headless",
            "milliseconds": summary(measured["times"]),
            "kilobytes": summary([size / 1000 for size in measured["bytes"]]),
            "mean_ms": short(sum(measured["times"]) / len(measured["times"])),
        }
        browser.close()
    return {"claims": [claim.as_dict() for claim in _claims(results)], **results}


def _decode(browser: Browser, server: Server, count: int) -> dict[str, list[float]]:
    """Returns milliseconds and bytes of each message with pictures."""
    context = browser.new_context(viewport=studio.SIZE)  # type: ignore[arg-type]
    context.add_init_script(KEEP_MESSAGES)
    page = context.new_page()
    page.goto(server.url)
    page.click("#train")
    page.wait_for_function(
        f"() => received.filter((each) => each.byteLength > {PICTURE_BYTES}).length >= {count}",
        timeout=120_000,
    )
    page.evaluate("() => fetch(`/api/runs/${__perceptarium.state.run.id}`, { method: 'DELETE' })")
    measured: dict[str, list[float]] = page.evaluate(DECODE, PICTURE_BYTES)
    context.close()
    return measured


def _claims(results: dict[str, Any]) -> list[Claim]:
    times = results["milliseconds"]
    return [at_most("a message with the pictures of the default page, median", times["median"], MAX_MS, "ms")]
