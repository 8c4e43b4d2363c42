"""The first visit: a headline and three notes, which take no clicks and are gone with the first press."""

from typing import Any

import pytest

DESKTOP = {"width": 1440, "height": 900}
SMALL = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
NOTES = ".introduction :is(.introduction-headline, .introduction-note):not([hidden])"


def visit(studio: Any, path: str = "/") -> None:
    """Opens a page in a browser without stored data."""
    studio.page.goto(studio.server.url + "/healthz")
    studio.page.evaluate(
        "localStorage.removeItem('perceptarium-introduced'); sessionStorage.setItem('first-visit', '1')"
    )
    studio.open(path)


def visible_notes(studio: Any) -> list[str]:
    notes = studio.page.locator(".introduction-note").all()
    return [str(note.get_attribute("data-note")) for note in notes if note.is_visible()]


@pytest.mark.parametrize("size", [DESKTOP, SMALL, PHONE], ids=["1440", "1280", "390"])
def test_a_first_visit_has_a_headline_and_notes_inside_the_window(make_studio: Any, size: Any) -> None:
    studio = make_studio(size)
    visit(studio)
    studio.page.wait_for_selector(".introduction-headline")
    assert visible_notes(studio) == (["train"] if size is PHONE else ["train", "unit", "line"])
    outside = """(selector) => [...document.querySelectorAll(selector)].filter((element) => {
      const box = element.getBoundingClientRect();
      const isOutside = box.left < 0 || box.right > innerWidth || box.bottom > innerHeight;
      return element.checkVisibility() && isOutside;
    }).length"""
    assert studio.page.evaluate(outside, NOTES) == 0
    # No legend, title or control of a panel is covered, and no part of the network is cut.
    covered = """(selector) => [...document.querySelectorAll(selector)].flatMap((note) => {
      const a = note.getBoundingClientRect();
      return [...document.querySelectorAll(".weight-key, .panel-head, .layer-control, .group > legend")]
        .filter((element) => {
          const b = element.getBoundingClientRect();
          const isOver = a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          return note.checkVisibility() && element.checkVisibility() && isOver;
        }).map(({ className }) => `${note.className} over ${className}`);
    })"""
    if size is not PHONE:
        assert studio.page.evaluate(covered, NOTES) == []
        heights = (
            "[...document.querySelectorAll('.network-canvas, .network-drawing')].map((e) => e.clientHeight)"
        )
        drawing, canvas = studio.page.evaluate(heights)
        assert canvas == drawing
    for name in visible_notes(studio):
        box = studio.page.locator(f"[data-note={name}]").bounding_box()
        under = studio.page.evaluate(
            "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.introduction'))",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert not under  # it takes no clicks


def test_it_is_gone_with_the_first_press_which_does_what_it_does(studio: Any) -> None:
    visit(studio)
    studio.page.wait_for_selector(".introduction-headline")
    studio.press("Tab")
    assert studio.page.locator(".introduction").count() == 1
    box = studio.page.locator(".network-canvas").bounding_box()
    studio.page.hover("#epoch")
    studio.page.mouse.down()
    studio.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert studio.page.locator(".introduction").count() == 0
    assert studio.page.locator(".network-canvas").bounding_box() == box  # nothing moves during the press
    studio.page.mouse.up()
    studio.wait_until("state.run.epoch === 1")
    studio.page.wait_for_selector("body:not(.introducing)")
    assert studio.page.locator(".introduction").count() == 0
    studio.open()
    assert studio.page.locator(".introduction").count() == 0


def test_the_panels_take_their_size_after_the_first_picture_of_the_training(studio: Any) -> None:
    visit(studio)
    studio.page.wait_for_selector(".introduction-headline")
    studio.page.evaluate("""() => new MutationObserver(() => {
      if (document.body.matches(".introducing")) return;
      window.shownStep ??= __perceptarium.state["view:decision_boundary"].step;
    }).observe(document.body, { attributes: true, attributeFilter: ["class"] })""")
    studio.page.click("#train")
    studio.page.wait_for_selector("body:not(.introducing)")
    assert studio.page.evaluate("() => window.shownStep") > 0


def test_the_help_shows_it_again(studio: Any) -> None:
    studio.open()
    assert studio.page.locator(".introduction").count() == 0
    studio.page.click("#help")
    studio.page.get_by_role("button", name="Show the introduction").click()
    studio.page.wait_for_selector(".introduction-headline")
    assert not studio.page.locator("#help-dialog").is_visible()


@pytest.mark.parametrize("path", ["/?present", "/lessons/activations"])
def test_a_projector_and_a_lesson_have_none(studio: Any, path: str) -> None:
    studio.page.goto(studio.server.url + "/healthz")
    studio.page.evaluate(
        "localStorage.removeItem('perceptarium-introduced'); sessionStorage.setItem('first-visit', '1')"
    )
    studio.page.goto(studio.server.url + path)
    studio.wait_until("state.run && state.points && Object.keys(counters.draws).length > 3")
    assert studio.page.locator(".introduction").count() == 0


@pytest.mark.parametrize("size", [DESKTOP, SMALL, PHONE], ids=["1440", "1280", "390"])
def test_the_score_is_the_largest_number_of_the_bar_and_does_not_wrap(make_studio: Any, size: Any) -> None:
    studio = make_studio(size).open()
    studio.train_epoch()
    sizes = studio.page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.counter')].map((element) => "
        "[element.dataset.counter, parseFloat(getComputedStyle(element.lastChild).fontSize)]))"
    )
    assert all(sizes["score"] > 1.3 * other for name, other in sizes.items() if name != "score")
    assert studio.page.inner_text("[data-counter=score] dt") == "Test accuracy"
    tops = "[...document.querySelectorAll('.counter dt')].filter((name) => name.checkVisibility())"
    rows = studio.page.evaluate(f"new Set({tops}.map((name) => name.getBoundingClientRect().top)).size")
    assert rows == 1
    assert studio.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_small_loss_fits_the_width_of_its_counter(studio: Any) -> None:
    config = {"dataset": {"name": "blobs"}, "optimizer": {"learning_rate": 0.1}, "start": False}
    run = studio.server.call("POST", "/api/runs", config)["id"]
    studio.server.train(run, 80)
    latest = studio.server.call("GET", f"/api/runs/{run}")["latest"]
    studio.open(f"/runs/{run}")
    for name in ("train-loss", "test-loss"):
        loss = latest[name.replace("-", "_")]
        assert 1e-4 < loss < 1e-3, "a case of the test"
        value = studio.page.locator(f"[data-counter={name}] .counter-value")
        assert value.inner_text() == f"{float(f'{loss:.1e}') * 1e4:g}e-4"
        assert value.evaluate("(each) => each.scrollWidth <= each.clientWidth")


# The distances between the right ends of the losses, of seven characters, and of their counters.
ROOM = """() => ["train-loss", "test-loss"].map((name) => {
  const counter = document.querySelector(`[data-counter=${name}]`);
  const value = counter.querySelector(".counter-value");
  const before = value.textContent;
  value.textContent = "0.00139";
  const range = document.createRange();
  range.selectNodeContents(value);
  const room = counter.getBoundingClientRect().right - range.getBoundingClientRect().right;
  value.textContent = before;
  return counter.checkVisibility() ? room : 0;
})"""


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1700, 940), (1920, 1080)])
def test_a_loss_of_seven_characters_does_not_reach_the_next_number(
    make_studio: Any, size: tuple[int, int]
) -> None:
    page = make_studio({"width": size[0], "height": size[1]}).open().page
    assert min(page.evaluate(ROOM)) > -2  # the next number begins 6 pixels beside the counter


def test_an_accuracy_below_1_is_never_shown_as_100_percent(studio: Any) -> None:
    studio.open()
    texts = studio.page.evaluate(
        "async () => { const { scoreText } = await __probe.importModule('studio/score'); return "
        "[scoreText('test_accuracy', 0.996), scoreText('test_accuracy', 1), scoreText('test_r2', 0.9999), "
        "scoreText('test_r2', 1), scoreText('return_mean', 499.6), scoreText('test_accuracy', null)]; }"
    )
    assert texts == [">99%", "100%", ">0.999", "1.00", "500", "–"]
