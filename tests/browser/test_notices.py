"""The time that a notice is shown, and what failed without another message."""

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


def test_a_file_that_cannot_be_saved_says_why(studio: Any) -> None:
    studio.open()
    studio.page.click("#train")
    studio.wait_until("state['view:decision_boundary'].rounded")
    reason = "The server is stopping."
    studio.page.route(
        "**/views/decision_boundary?*",
        lambda route: route.fulfill(status=503, json={"error": {"code": "stopping", "message": reason}}),
    )
    studio.expected_messages += ["503", reason]
    studio.page.click("#panel-decision_boundary .menu-button")
    studio.page.locator("#menu-panel-decision_boundary").get_by_text("Save data (JSON)").click()
    studio.page.locator("#notices").get_by_text(reason).wait_for()
