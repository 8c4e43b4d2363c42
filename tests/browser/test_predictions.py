"""Lessons: a person predicts, the run stops at its event, the prediction stays beside what was measured."""

from typing import Any

import pytest

from app.lessons.library import Library
from app.web.folders import TEMPLATES
from app.web.texts import text

LESSONS = {name: page.lesson for name, page in Library(TEMPLATES / "lessons").lessons().pages.items()}
ENDED = ".predict-reflection:not([hidden])"


@pytest.fixture
def open_step(studio: Any) -> Any:
    """Opens an experiment of a lesson and returns what it predicts."""

    def open_step(name: str, attempt: str) -> Any:
        studio.page.goto(f"{studio.server.url}/lessons/{name}")
        studio.wait_until("state.catalogue && state.run && state.points?.run === state.run.id")
        studio.wait_until(
            "document.getElementById('to-studio').getAttribute('href') === `/runs/${state.run.id}`"
        )
        index = list(LESSONS[name].attempts).index(attempt)
        studio.page.locator(f"[data-try='{index}']").click()
        studio.page.wait_for_selector("form.predict")
        return LESSONS[name].attempts[attempt]

    return open_step


def commit(studio: Any) -> None:
    studio.page.get_by_role("button", name=text("lessons.predict.commit")).click()


def explain(studio: Any) -> None:
    studio.page.get_by_role("button", name=text("lessons.predict.explain")).click()


def test_a_run_begins_after_the_prediction_and_the_explanation_comes_after_the_questions(
    studio: Any, open_step: Any
) -> None:
    attempt = open_step("perceptron", "xor")
    assert studio.page.locator("#lesson-watch").inner_text() == ""
    before = studio.run_id
    commit(studio)
    assert studio.page.get_by_role("alert").inner_text() == text("lessons.predict.missing")
    assert studio.run_id == before and studio.run()["step"] == 0
    studio.page.get_by_text(attempt.predict.options[0]).click()
    commit(studio)
    studio.page.wait_for_selector(ENDED)
    assert studio.run()["status"] == "paused" and studio.run()["step"] >= attempt.predict.steps
    shown = studio.page.locator("#lesson-step").inner_text()
    assert attempt.predict.options[0] in shown and attempt.predict.options[2] in shown
    assert studio.page.locator("#lesson-watch").inner_text() == ""
    explain(studio)
    assert studio.page.locator("#lesson-watch").inner_text() == attempt.watch


def test_a_run_stops_at_the_event_of_the_experiment_and_a_number_is_compared_with_it(
    studio: Any, open_step: Any
) -> None:
    open_step("perceptron", "and")
    studio.page.fill(".predict input", "3")
    commit(studio)
    studio.page.wait_for_selector(ENDED)
    mistakes = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/perceptron")["mistakes"]
    studio.page.wait_for_selector(".predict-measured:not([hidden])")
    assert studio.page.locator(".predict-measured").inner_text() == f"Measured: {mistakes}."
    assert studio.run()["step"] < 1000


def test_a_drawn_curve_and_the_notes_are_kept_in_the_browser(studio: Any, open_step: Any) -> None:
    open_step("activations", "three-layers-relu")
    box = studio.page.locator(".predict-curve canvas").bounding_box()
    studio.page.mouse.move(box["x"] + 60, box["y"] + 40)
    studio.page.mouse.down()
    studio.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 50, steps=8)
    studio.page.mouse.up()
    commit(studio)
    studio.page.wait_for_selector(ENDED)
    studio.page.get_by_label(text("lessons.predict.why")).fill("ReLU does not saturate.")
    kept = studio.page.evaluate(
        "JSON.parse(localStorage.getItem('perceptarium-answers-/lessons/activations'))['three-layers-relu']"
    )
    assert kept["why"] == "ReLU does not saturate."
    assert kept["prediction"][0] > kept["prediction"][20] == kept["prediction"][-1]
    studio.page.reload()
    studio.wait_until(
        "document.getElementById('to-studio').getAttribute('href') === `/runs/${state.run?.id}`"
    )
    studio.page.locator(".lesson-try[data-try='4']").click()
    studio.page.wait_for_selector(ENDED)
    assert studio.page.get_by_label(text("lessons.predict.why")).input_value() == "ReLU does not saturate."
    studio.page.get_by_role("button", name=text("lessons.predict.again")).click()
    studio.page.wait_for_selector("form.predict")


def test_the_arrow_keys_draw_a_curve(studio: Any, open_step: Any) -> None:
    attempt = open_step("activations", "three-layers-relu")
    slider = studio.page.get_by_role("slider").and_(studio.page.locator(".predict-curve canvas"))
    slider.press("ArrowUp")
    first = float(slider.get_attribute("aria-valuenow"))
    assert first > (attempt.predict.low + attempt.predict.high) / 2
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext").startswith("step 26:")


def test_a_drawn_line_stays_above_the_map_of_the_network(studio: Any, open_step: Any) -> None:
    open_step("linear-collapse", "a-circle-eight-linear-layers")
    canvas = studio.page.locator(".predict-boundary canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    studio.page.mouse.move(box["x"] + 40, box["y"] + 40)
    studio.page.mouse.down()
    studio.page.mouse.move(box["x"] + 200, box["y"] + 200, steps=5)
    studio.page.mouse.up()
    commit(studio)
    studio.page.wait_for_selector(ENDED)
    # The map covers the whole plane.
    studio.until(lambda: studio.pixels(".predict-boundary canvas")[2, 2, 3] == 255)


def test_page_down_explains_opens_the_next_experiment_and_then_the_next_lesson(
    studio: Any, open_step: Any
) -> None:
    open_step("swimming", "learn-them-instead")
    studio.page.get_by_role("button", name=text("lessons.predict.skip")).click()
    studio.page.wait_for_selector("[data-explain]")
    studio.page.locator("h1").click()
    studio.page.keyboard.press("PageDown")
    watch = LESSONS["swimming"].attempts["learn-them-instead"].watch
    assert studio.page.locator("#lesson-watch").inner_text() == watch
    studio.page.keyboard.press("PageUp")
    assert studio.page.locator("[data-try='1']").get_attribute("aria-pressed") == "true"
    studio.page.keyboard.press("PageDown")
    studio.page.wait_for_selector("form.predict")
    studio.page.keyboard.press("PageDown")
    studio.page.wait_for_url("**/lessons/perceptron")
