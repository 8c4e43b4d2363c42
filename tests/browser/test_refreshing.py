"""Sections of an experiment that are not on the screen are read less often while members train."""

from typing import Any

import pytest

# The pauses before the next requests of a section whose members change, `top` pixels below the page's top.
PAUSES = """async ([top, status]) => {
  const module = performance.getEntriesByType("resource").find(({ name }) => name.includes("/js/")).name;
  const path = module.replace(/[/]js[/].*/, "/js/experiment/shared/refreshing.js");
  const { refreshing } = await import(path);
  const element = document.createElement("div");
  element.style.cssText = `position: absolute; top: ${top}px; width: 9px; height: 9px`;
  document.body.append(element);
  let change = null;
  const experiment = {
    members: [{ status: "finished" }, { status }], connection: "open",
    subscribe: (listener) => ((change = listener), () => null),
  };
  const seen = new Promise((resolve) => new IntersectionObserver(resolve).observe(element));
  const options = { interval: 1e6, element };
  const read = async () => "answer";
  const shown = await new Promise((resolve) => refreshing(experiment, read, resolve, null, options));
  await seen;
  await new Promise(requestAnimationFrame);
  const pauses = [];
  const [set, clear] = [window.setTimeout, window.clearTimeout];
  window.setTimeout = (work, pause) => pauses.push(pause);
  window.clearTimeout = () => null;
  change(experiment.members);
  experiment.members = [{ status: "finished" }, { status: "finished" }];
  change(experiment.members);
  [window.setTimeout, window.clearTimeout] = [set, clear];
  element.remove();
  return { shown, pauses };
}"""


@pytest.mark.parametrize(
    ("top", "status", "pauses"),
    [
        (0, "running", [1e6, 300]),  # soon, when none trains any more
        (50_000, "finished", [300, 300]),
        (50_000, "running", [6e6, 300]),
        (50_000, "queued", [6e6, 300]),
    ],
)
def test_a_section_is_read_rarely_only_while_it_is_not_seen_and_members_train(
    studio: Any, top: int, status: str, pauses: list[float]
) -> None:
    studio.open()
    assert studio.page.evaluate(PAUSES, [top, status]) == {"shown": "answer", "pauses": pauses}
