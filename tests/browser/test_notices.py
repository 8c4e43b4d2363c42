"""What the page has to say stays as long as it should, and no longer."""

from typing import Any

WAITS = """async () => {
  const some = performance.getEntriesByType("resource").find((each) => each.name.includes("/js/")).name;
  const { notices } = await import(some.replace(/[/]js[/].*/, "/js/studio/notices.js"));
  const notice = { text: "Link copied.", kind: "info", at: performance.now() - 4000 };
  const waits = [], wait = window.setTimeout;
  window.setTimeout = (_, milliseconds) => waits.push(milliseconds);
  const panel = notices(document.createElement("div"), { get: () => ({ notice }) }, {});
  for (const connection of ["open", "open"]) panel.draw({ notice, connection });
  window.setTimeout = wait;
  return waits;
}"""


def test_a_notice_drawn_again_goes_when_its_own_time_is_over(studio: Any) -> None:
    studio.open()
    waits = studio.page.evaluate(WAITS)
    assert len(waits) == 2 and all(0 < milliseconds <= 1000 for milliseconds in waits)
