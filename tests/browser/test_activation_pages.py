"""The page of an activation function: what is read at z, and where the units of its network stand."""

import csv
import math
from typing import Any

import numpy as np
import pytest

PHONE = {"width": 390, "height": 844}


def open_page(studio: Any, name: str) -> Any:
    studio.page.goto(f"{studio.server.url}/activations/{name}")
    studio.wait_until("state.catalogue && state.run && state['view:activation_curves']?.run === state.run.id")
    studio.wait_until("document.getElementById('to-studio').getAttribute('href') === `/runs/${state.run.id}`")
    studio.wait_until("state['view:activation_curves'].activation.name === argument", name)
    studio.wait_until_drawn()
    return studio


def reading(studio: Any) -> str:
    return str(studio.page.locator(".activation-reading").inner_text())


def test_the_arrow_keys_read_f_and_its_slope_at_z(studio: Any) -> None:
    open_page(studio, "tanh")
    slider = studio.page.locator("input[aria-label='z']")
    assert reading(studio) == f"f(1) = {math.tanh(1):.4g}, f′(1) = {1 - math.tanh(1) ** 2:.4g}"
    slider.focus()
    for _ in range(4):
        studio.press("ArrowLeft")
    studio.wait_until_drawn()
    z = 1 - 4 * 12 / 240
    expected = f"f({z:.3g}) = {math.tanh(z):.4g}, f′({z:.3g}) = {1 - math.tanh(z) ** 2:.4g}"
    assert reading(studio) == expected == slider.get_attribute("aria-valuetext")
    assert expected in studio.page.locator(".activation-chart canvas").get_attribute("aria-label")


def test_the_chart_ends_above_the_texts_below_it(studio: Any) -> None:
    open_page(studio, "relu")
    chart = studio.page.locator(".activation-chart canvas").bounding_box()
    assert chart["y"] + chart["height"] <= studio.page.locator(".activation-reading").bounding_box()["y"] + 1


def test_the_pointer_over_the_chart_reads_the_curves_there(studio: Any) -> None:
    open_page(studio, "sigmoid")
    box = studio.page.locator(".activation-chart canvas").bounding_box()
    studio.page.mouse.move(box["x"] + 46 + (box["width"] - 64) / 2, box["y"] + box["height"] / 2)
    studio.page.wait_for_function(
        "() => document.querySelector('.activation-reading').innerText.includes('f(0)')"
    )
    assert reading(studio) == "f(0) = 0.5, f′(0) = 0.25"


def test_the_dots_on_the_curve_are_the_sums_of_the_units_of_the_run(studio: Any) -> None:
    open_page(studio, "relu")
    assert (studio.pixels(".activation-chart canvas")[..., 3] > 0).mean() > 0.02
    studio.page.click("#epoch")
    studio.wait_until("state.run.step > 0 && state['view:activation_curves'].step === state.run.step")
    studio.wait_until_drawn()
    weights = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"][:2]
    points = studio.server.call("GET", f"/api/runs/{studio.run_id}/points")["train"]["inputs"]
    a, outside, count = np.array(points), 0, 0
    for layer in weights:
        z = a @ np.array(layer["weights"]) + np.array(layer["biases"])
        a, outside, count = np.maximum(z, 0), outside + int((np.abs(z) > 6).sum()), count + z.size
    note = studio.page.locator(".activation-left .aside").inner_text()
    assert "Dots: z of the units of 2 layers" in note
    shown = [word for word in note.split() if word.endswith("%")]
    share = float(shown[0].strip("<%")) if shown else 0.0
    assert share == pytest.approx(100 * outside / count, abs=2)


def coloured(studio: Any) -> int:
    """The number of pixels of the chart in the colour of the dots and of the slope."""
    red, green, blue, _ = np.moveaxis(studio.pixels(".activation-chart canvas").astype(int), 2, 0)
    return int(((blue - green > 60) & (blue - red > 30)).sum())


def test_only_an_activation_that_the_run_has_shows_dots(studio: Any) -> None:
    open_page(studio, "relu")
    with_dots = coloured(studio)
    studio.page.select_option("select[aria-label='Activation shown']", "leaky_relu")
    studio.wait_until("state['view:activation_curves'].activation.name === 'leaky_relu'")
    studio.wait_until_drawn()
    assert with_dots > 1.3 * coloured(studio) > 0
    assert "Dots" not in studio.page.locator(".activation-left .aside").inner_text()


def test_an_experiment_of_a_lesson_runs_on_the_page_of_its_function(studio: Any) -> None:
    open_page(studio, "relu")
    before = studio.run_id
    studio.page.get_by_role("button", name="Ten layers of ReLU").click()
    studio.wait_until("state.run.id !== argument && state.run.config.layers.length === 10", before)
    studio.wait_until("state['view:activation_curves']?.run === state.run.id")
    studio.wait_until_drawn()
    assert "10 layers" in studio.page.locator(".activation-left .aside").inner_text()
    assert "in 8 of 8 seeds" in studio.page.locator("#lesson-watch").inner_text()


def test_the_address_of_an_experiment_opens_it_on_the_page_of_its_lesson(studio: Any) -> None:
    studio.page.goto(f"{studio.server.url}/lessons/activations#dying-relu")
    studio.page.locator("form.predict h3", has_text="Dying ReLU").wait_for()
    pressed = studio.page.locator(".lesson-try[aria-pressed=true]")
    assert pressed.inner_text() == "Dying ReLU"


def test_the_settings_of_a_layer_and_the_panel_link_the_page_of_the_activation(studio: Any) -> None:
    studio.open(config={"layers": [{"units": 3, "activation": "elu"}]})
    studio.page.get_by_role("button", name="Layer 1: dropout").click()
    link = studio.page.locator("#layer-details-0 a")
    assert link.get_attribute("href") == "/activations/elu" and link.inner_text() == "More about ELU"
    studio.press("Escape")
    studio.page.click("#tab-activation_curves")
    studio.page.locator(".activation-left a[href='/activations/tanh']").wait_for()


def test_the_chart_of_a_page_is_whole_on_a_phone(make_studio: Any) -> None:
    studio = open_page(make_studio(PHONE), "sigmoid")
    panel = studio.page.locator("#panel-activation_curves").bounding_box()
    chart = studio.page.locator(".activation-chart canvas").bounding_box()
    layer = studio.page.locator(".activation-layer").first.bounding_box()
    assert chart["height"] > 150 and chart["y"] + chart["height"] <= panel["y"] + panel["height"]
    assert chart["y"] + chart["height"] <= layer["y"]
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_curve_of_a_page_is_saved_with_its_numbers(studio: Any) -> None:
    open_page(studio, "softmax")
    rows = list(csv.DictReader(studio.save("activation_curves", "Save data (CSV)").decode().splitlines()))
    shown = [row for row in rows if row["name"] == "chosen"]
    z = np.array([float(row["z"]) for row in shown])
    others = sum(math.exp(value) for value in (5.1, 2.2, 0.7, 1.1))
    expected = np.exp(z) / (np.exp(z) + others)
    assert len(z) == 241 and [float(row["f"]) for row in shown] == pytest.approx(expected, rel=1e-6)


def test_the_histograms_of_a_learned_slope_are_inside_their_boxes_below_their_captions(studio: Any) -> None:
    page = studio.page
    page.goto(f"{studio.server.url}/activations/prelu")
    page.locator(".activation-alphas canvas").wait_for()
    studio.wait_until("counters.draws.activation_curves")
    studio.wait_until_drawn()
    heights = """(boxes) => boxes.map((box) => [box.clientHeight, box.firstChild.offsetHeight])"""
    found = page.eval_on_selector_all(".activation-box", heights)
    assert len(found) == 3 and all(box == canvas for box, canvas in found), found
