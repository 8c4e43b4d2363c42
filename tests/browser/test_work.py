"""Calculations by hand in a lesson: worked out, with blanks, free, with numbers of the run that is shown."""

from typing import Any

import pytest

from app.lessons.library import Library
from app.web.folders import TEMPLATES
from app.web.texts import text

LESSONS = {name: page.lesson for name, page in Library(TEMPLATES / "lessons").lessons().pages.items()}
CASE = ".work-case"


@pytest.fixture
def open_work(studio: Any) -> Any:
    """Opens a calculation of a lesson by its address."""

    def open_work(name: str, attempt: str) -> Any:
        studio.page.goto(f"{studio.server.url}/lessons/{name}#{attempt}")
        studio.page.wait_for_selector(f"{CASE} [data-explain]")
        return LESSONS[name].attempts[attempt]

    return open_work


def press(page: Any, key: str) -> None:
    page.get_by_role("button", name=text(f"lessons.work.{key}"), exact=True).click()


def cases(page: Any) -> list[str]:
    return page.locator(CASE).all_inner_texts()


def test_a_worked_example_then_blanks_then_free(studio: Any, open_work: Any) -> None:
    attempt, page = open_work("forward-pass", "unit"), studio.page
    assert "z₁ = 1·1 + 0·0 + 1·1 + (−1) = 1" in cases(page)[0] and "a₁ = σ(1) = 0.7311" in cases(page)[0]
    press(page, "next")
    blank = page.locator(CASE).nth(1)
    blank.locator("form").wait_for()
    assert "z₂ = 2·1 + (−1)·0 + 0·1 + 0 =" in blank.inner_text() and "a₂ = σ(z) =" in blank.inner_text()
    z, a = blank.locator("input").all()
    z.fill("3")
    a.fill("0.88")
    press(page, "check")
    assert text("lessons.work.not_yet", names="z") in blank.inner_text()
    assert [z.get_attribute("aria-invalid"), a.get_attribute("aria-invalid")] == ["true", "false"]
    z.fill("2")
    press(page, "check")
    free = page.locator(CASE).nth(2)
    free.locator("form").wait_for()
    assert "a₂ = σ(2) = 0.8808" in blank.inner_text() and text("lessons.work.right") in blank.inner_text()
    assert "w₁ = −1" in free.inner_text() and free.locator("input").count() == 1
    assert page.locator("#lesson-watch").inner_text() == ""
    free.locator("input").fill("0.269")
    press(page, "check")
    page.get_by_text(attempt.watch).wait_for()


def test_what_is_asked_in_a_later_line_has_its_field_where_it_is_the_result(
    studio: Any, open_work: Any
) -> None:
    open_work("chain-rule", "by-hand")
    press(studio.page, "next")
    studio.page.wait_for_selector(f"{CASE} form")
    lines = studio.page.locator(f"{CASE} form .work-line")
    assert [lines.nth(i).locator("input").count() for i in range(3)] == [1, 1, 1]
    assert "e·(−1)·φ′·(−3.675) =" in lines.nth(2).inner_text()


def test_page_down_goes_through_the_cases_and_they_stay_solved(studio: Any, open_work: Any) -> None:
    attempt, page = open_work("sign", "by-hand"), studio.page
    page.locator("h1").click()
    for number in range(3):
        page.locator(CASE).nth(number).locator("[data-explain]").wait_for()
        page.keyboard.press("PageDown")
    page.get_by_text(attempt.watch).wait_for()
    page.reload()
    page.get_by_text(attempt.watch).wait_for()
    assert page.locator(f"{CASE} input").count() == 0 and len(cases(page)) == 3
    press(page, "again")
    page.wait_for_selector(f"{CASE} [data-explain]")
    assert len(cases(page)) == 1


def test_a_typed_number_outlives_a_reload(studio: Any, open_work: Any) -> None:
    open_work("batch", "column")
    press(studio.page, "next")
    studio.page.locator(f"{CASE} input").fill("7")
    studio.page.reload()
    studio.page.wait_for_selector(f"{CASE} input")
    assert studio.page.locator(f"{CASE} input").input_value() == "7"


def test_a_calculation_after_some_steps_has_the_weights_of_that_step(studio: Any, open_work: Any) -> None:
    attempt = open_work("perceptron", "by-hand")
    weights = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")
    assert weights["step"] == attempt.work.steps == studio.run()["step"]
    (first,), (second,) = weights["layers"][0]["weights"]
    assert f"z = {first:g}·0 + {second:g}·1 + (−1) = 1" in cases(studio.page)[0]
