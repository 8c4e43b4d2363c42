"""Labels that open the definition of their term: by pointer, keyboard and touch, in studio and lessons."""

from typing import Any

import pytest

from app.lessons.glossary import glossary
from app.web.folders import TEMPLATES
from app.web.texts import texts

PHONE = {"width": 390, "height": 844}
TERMS = {
    name: {term.name: term.title for term in glossary(TEMPLATES / "lessons", name)} for name in ("en", "es")
}
BUTTON = ".term-button"


def definition(studio: Any) -> str:
    popover = studio.page.locator("#definition:popover-open")
    popover.wait_for()
    return str(popover.locator("strong").inner_text())


@pytest.mark.parametrize(
    ("label", "term"),
    [
        (".field[data-field='optimizer.learning_rate'] > label", "learning-rate"),
        (".field[data-field='batch_size'] > label", "batch"),
        ("#panel-network .panel-title", "network"),
        ("#tab-curves", "learning-curve"),
        ("[data-counter='step'] dt", "step"),
        (".choosers .bar-choice", "task"),
    ],
)
def test_a_label_under_the_pointer_offers_its_definition(shared_studio: Any, label: str, term: str) -> None:
    studio = shared_studio.open()
    text = studio.page.locator(label).first
    text.hover()
    studio.page.locator(BUTTON).click()
    assert definition(studio) == TERMS["en"][term]
    link = studio.page.locator("#definition a").last
    assert link.get_attribute("href") == f"/lessons/glossary#{term}"
    studio.press("Escape")
    studio.page.wait_for_selector("#definition", state="detached")


def test_the_keyboard_reaches_the_button_of_a_field_and_returns_to_it(shared_studio: Any) -> None:
    studio = shared_studio.open()
    field = studio.page.locator(".field[data-field='optimizer.learning_rate'] input.number")
    studio.page.mouse.move(0, 0)
    studio.press("Shift")
    field.focus()
    button = studio.page.locator(f".field[data-field='optimizer.learning_rate'] {BUTTON}")
    button.wait_for()
    assert button.get_attribute("aria-label") == texts().text("glossary.offer", label="Learning rate")
    for _ in range(4):
        studio.press("Tab")
        if button.evaluate("(element) => element === document.activeElement"):
            break
    studio.press("Enter")
    assert definition(studio) == TERMS["en"]["learning-rate"]
    studio.press("Escape")
    studio.page.wait_for_function(f"() => document.activeElement?.matches('{BUTTON}')")


def test_f1_explains_the_label_of_the_control_with_the_focus(shared_studio: Any) -> None:
    studio = shared_studio.open()
    studio.page.locator(".field[data-field='batch_size'] input.number").focus()
    studio.press("F1")
    assert definition(studio) == TERMS["en"]["batch"]
    studio.press("Escape")
    studio.page.wait_for_function(
        "() => document.activeElement?.closest('[data-field]')?.dataset.field === 'batch_size'"
    )


def test_a_touch_on_a_label_offers_its_definition(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True).open()
    studio.page.locator("#panel-network .panel-title").tap()
    button = studio.page.locator(BUTTON)
    button.tap()
    assert definition(studio) == TERMS["en"]["network"]
    box = studio.page.locator("#definition").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]


def test_the_help_lists_the_terms_of_the_page(shared_studio: Any) -> None:
    studio = shared_studio.open()
    studio.press("?")
    chips = studio.page.locator(".help-terms button")
    chips.first.wait_for()
    assert {"Learning rate", "Step", "Samples"} <= set(chips.all_inner_texts()) and chips.count() > 8
    chips.filter(has_text="Step").first.click()
    assert definition(studio) == TERMS["en"]["step"]
    studio.press("Escape")
    studio.page.locator("#help-dialog[open]").wait_for()


def test_the_window_of_a_layer_stays_open_beside_a_definition(shared_studio: Any) -> None:
    studio = shared_studio.open(config={"layers": [{"units": 3}]})
    studio.page.get_by_role("button", name="Layer 1: dropout").click()
    studio.page.locator("#layer-details-0 input[data-field='layers.0.dropout']").focus()
    studio.press("F1")
    assert definition(studio) == TERMS["en"]["dropout"]
    assert studio.page.locator("#layer-details-0:popover-open").count() == 1


def test_a_lesson_in_spanish_has_spanish_definitions(make_studio: Any) -> None:
    studio = make_studio(locale="es-CL")
    studio.page.goto(f"{studio.server.url}/lessons/activations")
    studio.wait_until("counters.draws.curves && counters.draws.layer_health")
    studio.page.locator("#panel-curves .panel-title").hover()
    studio.page.locator(BUTTON).click()
    assert definition(studio) == TERMS["es"]["learning-curve"]


def test_a_label_without_a_term_offers_nothing(shared_studio: Any) -> None:
    studio = shared_studio.open()
    studio.page.locator("[data-counter='status'] dt").hover()
    assert studio.page.locator(f"[data-counter='status'] {BUTTON}").count() == 0


@pytest.mark.parametrize("tab", ["layer_health", "curves"])
def test_the_button_of_a_tab_covers_no_text(studio: Any, tab: str) -> None:
    studio.open()
    studio.page.click(f"#tab-{tab}")
    studio.page.keyboard.press("Shift")  # loads the module, as any key does
    studio.page.locator(f"#tab-{tab}").hover()
    button = studio.page.locator(".term-button")
    button.wait_for()
    covered = studio.page.evaluate(
        """() => {
          const circle = document.querySelector(".term-button").getBoundingClientRect();
          const head = document.querySelector(".term-button").closest(".panel-head");
          const walk = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
          const [range, texts] = [document.createRange(), []];
          const unseen = ".term-button, .panel-title";
          const shown = (element) => !element.closest(unseen) && element.checkVisibility();
          while (walk.nextNode()) {
            range.selectNodeContents(walk.currentNode);
            const box = range.getBoundingClientRect();
            // The circle is smaller than the button, and the letters are in the middle of the line.
            const width = Math.min(box.right, circle.right - 4) - Math.max(box.left, circle.left + 4);
            const height = Math.min(box.bottom, circle.bottom - 1) - Math.max(box.top, circle.top + 1) - 6;
            if (width > 1 && height > 1 && shown(walk.currentNode.parentElement)) {
              texts.push(walk.currentNode.textContent);
            }
          }
          return texts;
        }"""
    )
    assert covered == []
    box, label = button.bounding_box(), studio.page.locator(f"#tab-{tab}").bounding_box()
    assert label["x"] < box["x"] < label["x"] + label["width"]


def test_the_button_stays_at_its_label_while_the_page_scrolls_and_goes_with_it(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True).open()
    title = studio.page.locator("#panel-network .panel-title")
    title.tap()
    button = studio.page.locator(BUTTON)
    before = button.bounding_box(), title.bounding_box()
    studio.page.evaluate("scrollBy({ top: 30, behavior: 'instant' })")
    studio.page.wait_for_function(
        "(top) => Math.abs(document.querySelector('.term-button').getBoundingClientRect().top - top) < 1",
        arg=before[0]["y"] - 30,
    )
    assert title.bounding_box()["y"] == pytest.approx(before[1]["y"] - 30)
    studio.page.evaluate("scrollBy({ top: 600, behavior: 'instant' })")
    studio.page.wait_for_selector(BUTTON, state="detached")


TABLET = {"width": 768, "height": 1024}
# The controls that the button at a label would take a press from, after the page has scrolled to them.
COVERED = """async (button) => {
  await new Promise(requestAnimationFrame);
  const box = button.getBoundingClientRect();
  return [...document.querySelectorAll("[role=tab], .bar-choice select")].filter((control) => {
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const x = Math.min(right, box.right) - Math.max(left, box.left);
    const y = Math.min(bottom, box.bottom) - Math.max(top, box.top);
    return control.checkVisibility() && x > 4 && y > 4;
  }).map((control) => control.id || control.ariaLabel);
}"""


@pytest.mark.parametrize("size", [PHONE, TABLET])
@pytest.mark.parametrize(
    "control", [".bar-choice select", "#tab-curves", "#tab-activation_histograms", "#tab-layer_health"]
)
def test_the_button_for_a_finger_takes_no_press_that_is_meant_for_its_control(
    make_studio: Any, size: dict[str, int], control: str
) -> None:
    studio = make_studio(size, has_touch=True).open()
    page = studio.page
    page.locator("#panel-network .panel-title").tap()
    page.wait_for_selector(BUTTON)
    target = page.locator(control).first
    target.tap()
    if control.startswith("#"):
        studio.wait_until("counters.draws[argument]", control.removeprefix("#tab-"))
    target.dispatch_event("pointerover", {"bubbles": True})
    assert page.locator(BUTTON).evaluate(COVERED) == []
    target.tap()
    assert page.locator("#definition").count() == 0
