"""The Draw panel: predictions for drawn and loaded images. Images of points in other panels."""

from typing import Any

import numpy as np
import pytest

from app.web.texts import text

CONFIG = {"dataset": {"name": "digits", "samples": 600}, "layers": [{"units": 12}]}
ANSWERED = "JSON.stringify(state['view:answer']?.inputs) === JSON.stringify(state.drawnImage?.pixels)"
SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.55, 0.5), (0.45, 0.85)]


def open_draw_tab(studio: Any) -> Any:
    studio.open(config=CONFIG)
    studio.train_epoch()
    studio.page.click("#tab-answer")
    studio.wait_until("counters.draws.answer && state.drawnImage && state.visiblePanels.answer")
    studio.wait_until_drawn()
    return studio


def draw(studio: Any, line: list[tuple[float, float]], size: float = 1.0) -> None:
    """Draws a line with the mouse; its points are fractions of the width and height of the sheet."""
    box = studio.page.locator(".drawing-canvas").bounding_box()
    mouse = studio.page.mouse
    for index, (x, y) in enumerate(line):
        mouse.move(box["x"] + x * size * box["width"], box["y"] + y * size * box["height"], steps=8)
        if index == 0:
            mouse.down()
    mouse.up()


def pixels(studio: Any) -> np.ndarray:
    return np.array(studio.state("state.drawnImage.pixels")).reshape(8, 8)


def bar_values(studio: Any) -> list[float]:
    """The numbers of the bars for the current drawing and the current weights."""
    studio.wait_until(f"{ANSWERED} && state['view:answer'].step === state.run.step")
    studio.wait_until_drawn()
    shown = studio.page.eval_on_selector_all(
        ".bars output", "(all) => all.map((output) => Number(output.title))"
    )
    return [float(value) for value in shown]


def predicted(studio: Any) -> Any:
    rows = {"inputs": [studio.state("state.drawnImage.pixels")]}
    return studio.server.call("POST", f"/api/runs/{studio.run_id}/predict", rows)


def test_the_bars_are_the_predictions_for_the_drawing(studio: Any) -> None:
    open_draw_tab(studio)
    assert studio.page.locator(".draw-prediction").inner_text() == text("panel.answer.no_drawing")
    draw(studio, SEVEN)
    shown, expected = bar_values(studio), predicted(studio)
    assert shown == pytest.approx(expected["outputs"][0], rel=1e-6)
    prediction = text("panel.answer.prediction", prediction=expected["classes"][0])
    assert studio.page.locator(".draw-prediction").inner_text() == prediction
    assert studio.page.locator(".bars .predicted > span").first.inner_text() == expected["classes"][0]
    lengths = studio.page.eval_on_selector_all(
        ".bar-track i", "(all) => all.map((e) => parseFloat(e.style.width))"
    )
    assert lengths == pytest.approx([100 * value for value in shown], abs=0.01)
    assert studio.page.locator(".bars li").count() == 10


def test_the_prediction_changes_with_the_weights(studio: Any) -> None:
    open_draw_tab(studio)
    draw(studio, SEVEN)
    before = bar_values(studio)
    studio.train_epoch()
    after = bar_values(studio)
    assert after != before
    assert after == pytest.approx(predicted(studio)["outputs"][0], rel=1e-6)


def test_a_drawing_is_scaled_and_centred_like_the_training_images(studio: Any) -> None:
    open_draw_tab(studio)
    draw(studio, SEVEN, size=0.4)
    bar_values(studio)
    fitted = pixels(studio)
    drawn_rows = np.flatnonzero((fitted > 3).any(axis=1))
    assert (drawn_rows[0], drawn_rows[-1]) == (0, 7)  # as high as the digits of the data
    centre = (fitted.sum(axis=0) * np.arange(8)).sum() / fitted.sum()
    assert centre == pytest.approx(3.5, abs=0.5)
    studio.page.get_by_label("Centre and scale").click()
    bar_values(studio)
    raw = pixels(studio)
    assert not raw[5:].any() and not raw[:, 5:].any()
    assert raw.sum() < fitted.sum()


def test_an_image_of_the_data_is_loaded_unchanged_and_moves_by_pixels(studio: Any) -> None:
    open_draw_tab(studio)
    studio.page.get_by_role("button", name="Load").click()
    bar_values(studio)
    points = studio.server.call("GET", f"/api/runs/{studio.run_id}/points")
    image = np.array(points["test"]["inputs"][0]).reshape(8, 8)
    assert (pixels(studio) == image).all()
    assert studio.page.get_by_text(f"Target: {points['test']['targets'][0]}").is_visible()
    studio.page.get_by_role("button", name="Move right").click()
    shown = bar_values(studio)
    assert (pixels(studio)[:, 1:] == image[:, :-1]).all()
    assert shown == pytest.approx(predicted(studio)["outputs"][0], rel=1e-6)
    studio.page.get_by_role("button", name="Next image").click()
    bar_values(studio)
    assert (pixels(studio).ravel() == points["test"]["inputs"][1]).all()


def test_keys_draw_erase_and_clear_without_training(studio: Any) -> None:
    open_draw_tab(studio)
    step = studio.run()["step"]
    studio.page.get_by_label("Centre and scale").click()
    studio.page.focus(".drawing-canvas")
    for key in ("Space", "Shift+ArrowRight", "Shift+ArrowRight"):
        studio.press(key)
    bar_values(studio)
    row = pixels(studio)[4]
    assert (row[4:7] > 8).all() and not row[:3].any()
    studio.page.get_by_role("button", name="Eraser").click()
    studio.page.focus(".drawing-canvas")
    studio.press("Space")
    bar_values(studio)
    assert pixels(studio)[4, 6] < 4 and pixels(studio)[4, 4] > 8
    studio.press("Delete")
    studio.wait_until("state.drawnImage.empty")
    studio.wait_until_drawn()
    assert not studio.page.locator(".bars").is_visible()
    assert (studio.run()["step"], studio.run()["status"]) == (step, "paused")


def test_a_touch_draws_without_scrolling(make_studio: Any) -> None:
    studio = open_draw_tab(make_studio({"width": 390, "height": 844}, has_touch=True))
    studio.page.locator(".drawing-canvas").scroll_into_view_if_needed()
    studio.wait_until_drawn()
    box, before = studio.page.locator(".drawing-canvas").bounding_box(), studio.page.evaluate("scrollY")
    session = studio.page.context.new_cdp_session(studio.page)
    for kind, fraction in (("touchStart", 0.2), ("touchMove", 0.5), ("touchMove", 0.8)):
        point = {"x": box["x"] + 0.5 * box["width"], "y": box["y"] + fraction * box["height"]}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    bar_values(studio)
    assert (pixels(studio)[:, 3:5].max(axis=1) > 4).all()
    assert studio.page.evaluate("scrollY") == before


def test_data_without_image_inputs_have_no_draw_tab(studio: Any) -> None:
    urls: list[str] = []
    studio.page.on("request", lambda request: urls.append(request.url))
    studio.open()
    assert not studio.page.locator("#tab-answer").is_visible()
    studio.open(config=CONFIG)
    assert studio.page.locator("#tab-answer").is_visible()
    assert not any("panels/answer" in url for url in urls)


def test_hovering_a_point_shows_its_image(studio: Any) -> None:
    open_draw_tab(studio)
    points = studio.state("state['view:decision_boundary'].points.train.shape[0]")
    assert points == 420
    target = studio.page.evaluate("""() => {
      const { state } = window.__perceptarium;
      const { x, y, points } = state["view:decision_boundary"];
      return [(points.train[0] - x[0]) / (x[1] - x[0]), (points.train[1] - y[0]) / (y[1] - y[0])];
    }""")
    box = studio.page.locator("#panel-decision_boundary .boundary-points").bounding_box()
    left, right, top, bottom = 30, 10, 8, 26
    x = box["x"] + left + target[0] * (box["width"] - left - right)
    y = box["y"] + top + (1 - target[1]) * (box["height"] - top - bottom)
    studio.page.mouse.move(x, y)
    studio.page.wait_for_selector(".tooltip .pixels")
    name = studio.page.locator(".tooltip").inner_text().splitlines()[0].split(" · ")[1]
    part, index = ("train" if name.startswith("Training") else name.split()[0].lower(), name.split()[-1])
    shown = studio.pixels(".tooltip .pixels")
    row = studio.state(f"state.points.{part}.inputs[{int(index)}]")
    bright, dark = int(np.argmax(row)), int(np.argmin(row))
    cells = shown.reshape(8, 12, 8, 12, 4)[:, 6, :, 6].reshape(64, 4).astype(int)
    assert cells[bright][0] > cells[dark][0] + 100  # yellow has much red, dark blue none


def test_worst_points_and_traces_show_the_image(studio: Any) -> None:
    open_draw_tab(studio)
    studio.page.click("#tab-results")
    studio.wait_until("state['view:results']?.step === state.run.step && counters.draws.results")
    studio.page.select_option("select[aria-label='Result shown']", "worst")
    studio.wait_until_drawn()
    rows = studio.page.locator("#panel-results tbody tr")
    assert rows.count() == studio.page.locator("#panel-results tbody .pixels").count() == 20
    pixel_values = studio.state("Array.from(state['view:results'].worst[0].pixels)")
    index = studio.state("state['view:results'].worst[0].index")
    assert pixel_values == studio.state(f"state.points.test.inputs[{index}]")
    rows.first.locator("button").click()
    studio.wait_until("state['view:sample_trace']?.index === argument", index)
    studio.wait_until_drawn()
    assert studio.page.locator(".trace-pictures .pixels").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(make_studio: Any, scheme: str) -> None:
    studio = open_draw_tab(make_studio(color_scheme=scheme))
    draw(studio, SEVEN)
    bar_values(studio)
    contrasts = studio.page.evaluate("__probe.textContrasts()")
    assert [(text, ratio) for text, ratio in contrasts if ratio < 4.5] == []
    assert studio.page.evaluate("__probe.unlabelledControls()") == []
    assert studio.page.evaluate("document.documentElement.scrollHeight") <= 900


def test_on_a_phone_controls_are_large_enough_and_nothing_overflows(make_studio: Any) -> None:
    studio = open_draw_tab(make_studio({"width": 390, "height": 844}, has_touch=True))
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert studio.page.evaluate("__probe.smallControls(44)") == []
