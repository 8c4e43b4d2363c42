"""The time that a notice is shown."""

from typing import Any

DELAYS = """async () => {
  const module = performance.getEntriesByType("resource").find(({ name }) => name.includes("/js/")).name;
  const { notices } = await import(module.replace(/[/]js[/].*/, "/js/studio/notices.js"));
  const notice = { text: "Link copied.", kind: "info", at: performance.now() - 4000 };
  const delays = [], { setTimeout } = window;
  window.setTimeout = (_, milliseconds) => delays.push(milliseconds);
  const panel = notices(document.createElement("div"), { get: () => ({ notice }) }, {});
  for (const connection of ["open", "open"]) panel.draw({ notice, connection });
  window.setTimeout = setTimeout;
  return delays;
}"""


def test_drawing_a_notice_again_does_not_extend_its_time(studio: Any) -> None:
    studio.open()
    delays = studio.page.evaluate(DELAYS)
    assert len(delays) == 2 and all(0 < milliseconds <= 1000 for milliseconds in delays)
