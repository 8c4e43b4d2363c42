"""Readability of the panels: font sizes, axes, colour scales and labels."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

DIVERGING = {
    "dataset": {"name": "plane"},
    "layers": [{"units": 8, "activation": "linear"}] * 3,
    "optimizer": {"name": "sgd", "learning_rate": 50},
}


def diverge(studio: Any) -> None:
    studio.open(config=DIVERGING)
    studio.press("Space")
    studio.wait_until("state.run.status === 'diverged'")


def test_presentation_mode_doubles_the_font_size(studio: Any) -> None:
    title = "document.querySelector('#panel-decision_boundary .panel-title')"
    size = f"parseFloat(getComputedStyle({title}).fontSize)"
    studio.open()
    before = studio.page.evaluate(size)
    font = "__probe.importModule('panels/shared/axes').then(({ FONT }) => parseFloat(FONT))"
    canvas_font = studio.page.evaluate(font)
    studio.open("/?present")
    assert studio.page.evaluate(size) == 2 * before
    assert studio.page.evaluate(font) == 2 * canvas_font
    assert studio.page.evaluate("document.documentElement.scrollHeight") == 900
    row = studio.page.locator("#transport").bounding_box()
    for button in studio.page.locator("#transport button:visible").all():
        box = button.bounding_box()
        assert box["y"] >= row["y"] and box["y"] + box["height"] <= row["y"] + row["height"]


def test_the_button_of_the_presentation_mode_opens_the_same_run(studio: Any) -> None:
    studio.open()
    run = studio.run_id
    studio.page.click("#present")
    studio.page.wait_for_url("**?present")
    studio.wait_until("state.run && counters.draws.network && state['view:decision_boundary']")
    assert studio.run_id == run
    studio.wait_until_drawn()
    picture = studio.page.locator(".boundary-map").bounding_box()
    assert picture["width"] > 350
    assert studio.page.locator("#speed").is_visible()
    studio.page.click("#tab-sample_trace")
    studio.page.wait_for_selector("#panel-sample_trace.enlarged")
    studio.page.click("#panel-sample_trace .enlarge-button")
    studio.page.wait_for_selector("#panel-sample_trace:not(.enlarged)")
    studio.page.click("#present")
    studio.page.wait_for_url(f"**/runs/{run}")


def test_presentation_mode_does_not_cover_the_title_of_the_output_panel(studio: Any) -> None:
    studio.open("/?present", config={"dataset": {"name": "iris"}})
    studio.wait_until_drawn()
    parts = (".panel-title", ".panel-tools", ".menu-button")
    boxes = [studio.page.locator(f"#panel-decision_boundary {part}").bounding_box() for part in parts]
    for before, after in pairwise(boxes):
        assert before["x"] + before["width"] <= after["x"]


def test_the_note_about_projected_points_is_below_the_plot(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "iris"}})
    note = studio.page.locator(".plot-note")
    note.wait_for(state="visible")
    plot, text = studio.page.locator(".boundary-map").bounding_box(), note.bounding_box()
    assert plot["y"] + plot["height"] <= text["y"]


def test_dense_data_do_not_cover_the_names_of_the_axes(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "plane", "samples": 5000}})
    points = studio.pixels(".boundary-points")
    corner = points[-46:-30, -32:-14]
    panel = studio.page.evaluate("(names) => __probe.themeColours(names)", ["panel"])["panel"]
    ground = [int(part) for part in panel.removeprefix("rgb(").removesuffix(")").split(",")[:3]]
    assert (np.abs(corner[..., :3].astype(int) - ground).max(axis=-1) < 60).mean() > 0.4


def test_the_line_below_a_panel_title_is_not_cut_off(studio: Any) -> None:
    studio.open()
    lines = studio.page.evaluate(
        """() => {
          const shown = (element) => element.checkVisibility() && element.textContent;
          const box = (element) => element.getBoundingClientRect();
          const out = (line) => box(line).top >= box(line.parentElement).bottom;
          const fits = (line) => box(line).right <= box(line.parentElement).right + 1;
          const is_complete = (line) => line.scrollWidth <= line.clientWidth + 1;
          const lines = [...document.querySelectorAll(".panel-line")].filter(shown);
          return lines.map((line) => [line.textContent, out(line) || (fits(line) && is_complete(line))]);
        }"""
    )
    assert lines and all(is_complete for _, is_complete in lines), lines


def test_a_network_that_does_not_fit_shows_that_it_can_be_scrolled(studio: Any) -> None:
    layer = {"units": 8, "activation": "tanh"}
    studio.open(config={"layers": [layer] * 10})
    scroller = studio.page.locator(".network-scroller")
    assert scroller.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    assert scroller.get_attribute("data-more") is None
    studio.open(config={"layers": [layer] * 15})
    assert scroller.get_attribute("data-more") == "right"
    scroller.evaluate("(element) => element.scrollTo(1e6, 0)")
    studio.page.wait_for_function("() => document.querySelector('.network-scroller').dataset.more === 'left'")


def test_a_diverged_run_is_described_in_words_without_a_colour_scale(studio: Any) -> None:
    diverge(studio)
    studio.wait_until_drawn()
    assert "Diverged" in studio.page.locator(".diverged-note").inner_text()
    assert not studio.page.locator(".colour-bar").is_visible()
    assert (studio.pixels(".boundary-map")[100:200, 100:200, 3] > 0).mean() < 0.1
    studio.page.locator("#notices").get_by_role("button", name="Reset").click()
    studio.page.locator(".diverged-note").wait_for(state="hidden")
    studio.page.locator(".colour-bar").wait_for(state="visible")


def test_the_curves_have_no_axes_before_the_first_point(studio: Any) -> None:
    studio.open()
    studio.wait_until("state.plotly")
    assert studio.page.locator(".curves-plot .xtick").count() == 0
    studio.train_epoch()
    studio.page.locator(".curves-plot .xtick").first.wait_for(state="attached")


def test_the_tooltip_of_a_curve_has_the_step_and_three_digits(studio: Any) -> None:
    studio.open()
    for _ in range(3):
        studio.train_epoch()
    studio.wait_until("state.plotly")
    studio.page.wait_for_function("() => document.querySelector('.curves-plot').data?.[0]?.x.length > 2")
    box = studio.page.locator(".curves-plot .nsewdrag").bounding_box()
    studio.page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    lines = studio.page.locator(".curves-plot .hoverlayer .legendtext, .curves-plot .hoverlayer text")
    lines.first.wait_for(state="attached")
    tooltip = " ".join(lines.all_text_contents())
    columns = studio.state("state.history.columns")
    step = int(tooltip.removeprefix("step ").split()[0])
    loss = columns["train_loss"][columns["step"].index(step)]
    assert f"Loss (train) {float(f'{loss:.3g}')}" in tooltip


@pytest.mark.parametrize(("activation", "limit"), [("tanh", "+1"), ("relu", "by layer")])
def test_the_maps_of_the_units_have_a_scale(studio: Any, activation: str, limit: str) -> None:
    layers = [{"units": 8, "activation": activation}] * 2
    studio.open(config={"layers": layers, "dataset": {"name": "spiral"}})
    key = studio.page.locator(".weight-key")
    assert key.locator(".unit-ramp").is_visible()
    assert "unit −1" in key.inner_text() or activation == "relu"
    assert limit in key.locator(".unit-high").inner_text()


def test_the_gallery_draws_the_curve_of_a_network_with_one_input(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "sine"}, "layers": [{"units": 8, "activation": "tanh"}]})
    studio.train_epoch()
    identity = studio.run_id
    studio.page.goto(f"{studio.server.url}/runs")
    canvas = f".run-card a[href='/runs/{identity}'] canvas"
    studio.page.wait_for_selector(canvas)
    studio.until(lambda: studio.pixels(canvas).any())
    assert len(np.unique(studio.pixels(canvas)[..., 0])) > 2


def test_an_axis_of_values_that_differ_by_rounding_only_has_at_most_a_few_ticks(studio: Any) -> None:
    studio.open("/")
    found = studio.page.evaluate(
        """async (ranges) => {
          const { ticks } = await __probe.importModule("panels/shared/scales");
          return ranges.map(([low, high]) => ticks(low, high, 5));
        }""",
        [[0.6931471805599453, 0.6931471805599454], [1e16, 1e16 + 2], [-1, 1], [0.00012, 0.00034]],
    )
    assert [len(values) for values in found[:2]] == [0, 1]
    assert found[2:] == [[-1, -0.5, 0, 0.5, 1], [0.00015, 0.0002, 0.00025, 0.0003]]
