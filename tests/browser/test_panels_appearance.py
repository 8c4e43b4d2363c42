"""The panels behind the tabs look right: legible, large enough to touch, named, within the window."""

import csv
import io
import runpy
from pathlib import Path
from typing import Any

import pytest

contrast = runpy.run_path(str(Path(__file__).with_name("test_appearance.py")))["contrast"]

PHONE = {"width": 390, "height": 844}
TABS = ["layer_health", "sample_trace", "loss_landscape", "activation_curves", "results"]
LINEAR = {"layers": [{"units": 4, "activation": "linear"}, {"units": 4, "activation": "linear"}]}


def opened(studio: Any, tab: str) -> Any:
    """A short training with content in the panel of this tab."""
    studio.open(config={"dataset": {"name": "circle"}, **LINEAR})
    studio.epoch()
    studio.page.click(f"#tab-{tab}")
    studio.wait("counters.draws[argument] && state.visiblePanels[argument]", tab)
    if tab == "loss_landscape":
        studio.page.select_option("select[aria-label='Kind of landscape']", "random")
    studio.wait("state[`view:${argument}`]", tab)
    studio.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    studio.drawn()
    return studio


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tab", TABS)
def test_every_text_has_enough_contrast(make_studio: Any, tab: str, scheme: str) -> None:
    studio = opened(make_studio(color_scheme=scheme), tab)
    texts = studio.page.evaluate("__look.texts()")
    pairs = [(each["text"], round(contrast(each["colour"], each["grounds"]), 2)) for each in texts]
    assert [pair for pair in pairs if pair[1] < 4.5] == []


@pytest.mark.parametrize("tab", TABS)
def test_on_a_phone_controls_are_large_enough_and_nothing_overflows(make_studio: Any, tab: str) -> None:
    studio = opened(make_studio(PHONE, has_touch=True), tab)
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert studio.page.evaluate("__look.small(44)") == []
    cut = "(all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)"
    assert studio.page.eval_on_selector_all(f"#panel-{tab} .chip", cut) == []


@pytest.mark.parametrize("tab", TABS)
def test_controls_have_names_and_a_large_window_needs_no_scrolling(studio: Any, tab: str) -> None:
    opened(studio, tab)
    assert studio.page.evaluate("__look.nameless()") == []
    for role, label, hidden, name in studio.page.evaluate("__look.canvases()"):
        assert hidden == "true" or (role == "img" and label), name
    assert studio.page.evaluate("document.documentElement.scrollHeight") <= 900
    box = studio.page.locator(f"#panel-{tab}").bounding_box()
    assert box["y"] + box["height"] <= 900
    assert box["x"] + box["width"] <= 1440


@pytest.mark.parametrize("tab", [*TABS, "linear_collapse", "activation_histograms"])
def test_what_a_panel_shows_can_be_saved(studio: Any, tab: str) -> None:
    opened(studio, tab)
    assert len(studio.saved(tab, "Save data (JSON)")) > 200
    heading, *rows = csv.reader(io.StringIO(studio.saved(tab, "Save data (CSV)").decode()))
    assert len(set(heading)) == len(heading) > 1 and len(rows) > 1
    assert all(len(row) == len(heading) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("{", "[", '"'))]
    assert studio.inked(studio.saved_picture(tab), tab, ":is(table, canvas, .matrix)") > 0.02


def test_a_saved_picture_of_an_empty_panel_shows_the_reason(studio: Any) -> None:
    studio.open()
    studio.page.click("#tab-perceptron")
    studio.page.get_by_text("No mistakes are counted").wait_for(state="visible")
    studio.drawn()
    picture = studio.saved_picture("perceptron")
    assert studio.inked(picture, "perceptron", ".panel-note") > 0.02
    description = studio.page.locator(".perceptron-description").bounding_box()
    whole = studio.page.locator("#panel-perceptron").bounding_box()
    # No empty band below the text.
    assert len(picture) <= 2 * (description["y"] + description["height"] - whole["y"]) + 40
