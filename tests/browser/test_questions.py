"""Questions before and after the experiments of a lesson, and what an experiment does with its network."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from app.lessons.library import Library
from app.web.folders import TEMPLATES
from app.web.texts import text

LESSON = Library(TEMPLATES / "lessons").lessons().pages["misconceptions"].lesson
SECTION = "#lesson-questions"
ENDED = ".predict-reflection:not([hidden])"


@pytest.fixture
def page(studio: Any) -> Any:
    studio.page.goto(f"{studio.server.url}/lessons/misconceptions")
    studio.page.wait_for_selector(f"{SECTION} button")
    return studio.page


def press(page: Any, key: str) -> None:
    page.get_by_role("button", name=text(f"lessons.questions.{key}"), exact=True).click()


def answer(page: Any, indices: list[int]) -> None:
    for number, index in enumerate(indices):
        page.locator(f"{SECTION} li").nth(number).locator("input").nth(index).check()


def answer_both_rounds(page: Any) -> None:
    """Everything wrong before, everything right after the experiments."""
    press(page, "begin_before")
    answer(page, [1 - question.answer for question in LESSON.questions])
    press(page, "finish")
    press(page, "begin_after")
    answer(page, [question.answer for question in LESSON.questions])
    press(page, "finish")


def test_nothing_is_explained_before_the_questions_were_answered_twice(page: Any) -> None:
    explanation = LESSON.questions[0].explanation
    press(page, "begin_before")
    press(page, "finish")
    assert page.get_by_role("alert").inner_text() == text(
        "lessons.questions.missing", numbers=", ".join(str(number) for number in range(1, 11))
    )
    answer(page, [0] * 10)
    press(page, "finish")
    assert explanation not in page.locator(SECTION).inner_text()
    press(page, "begin_after")
    assert explanation not in page.locator(SECTION).inner_text()
    assert page.locator(f"{SECTION} input:checked").count() == 0


def test_answers_of_both_rounds_stand_side_by_side_with_the_explanation_and_the_experiment(page: Any) -> None:
    answer_both_rounds(page)
    score = text("lessons.questions.score", before=0, after=10, count=10)
    assert page.locator(".questions-score").inner_text() == score
    for number, question in enumerate(LESSON.questions):
        entry = page.locator(f"{SECTION} li").nth(number)
        before, after = entry.locator("dd").all_inner_texts()
        assert question.options[1 - question.answer] in before
        assert question.options[question.answer] in after
        assert question.explanation in entry.inner_text()
    page.locator(f"{SECTION} li a").first.click()
    page.wait_for_selector("form.predict")
    assert page.locator("form.predict h3").inner_text() == LESSON.tries[0].title


def test_answers_outlive_a_reload_also_of_a_round_that_is_not_finished(page: Any) -> None:
    press(page, "begin_before")
    answer(page, [1, 0, 1])
    page.reload()
    page.wait_for_selector(f"{SECTION} form")
    inputs = page.locator(f"{SECTION} input").evaluate_all("boxes => boxes.map((box) => box.checked)")
    assert inputs[:8] == [False, True, True, False, False, True, False, False]


def test_answers_are_saved_as_csv_and_json_and_deleted(page: Any, tmp_path: Path) -> None:
    answer_both_rounds(page)
    for key in ("save_csv", "save_json"):
        with page.expect_download() as download:
            press(page, key)
        download.value.save_as(tmp_path / key)
    rows = list(csv.DictReader((tmp_path / "save_csv").open(encoding="utf-8")))
    question = LESSON.questions[2]
    assert [row["name"] for row in rows] == [entry.name for entry in LESSON.questions]
    assert rows[2]["before"] == question.options[1 - question.answer]
    assert rows[2]["after"] == rows[2]["true_answer"] == question.options[question.answer]
    saved = json.loads((tmp_path / "save_json").read_text("utf-8"))
    assert saved["rounds"]["after"]["answers"] == saved["true_answers"]
    press(page, "delete")
    page.get_by_role("dialog").get_by_role("button", name=text("lessons.questions.keep")).click()
    assert page.locator(".questions-score").count() == 1
    press(page, "delete")
    page.get_by_role("dialog").get_by_role("button", name=text("lessons.questions.delete")).click()
    page.wait_for_selector(f"{SECTION} button")
    assert page.evaluate("localStorage.getItem('perceptarium-questions-/lessons/misconceptions')") is None


def test_a_network_answers_as_before_after_its_points_were_deleted(studio: Any, page: Any) -> None:
    studio.wait_until("state.catalogue && state.run && state.points?.run === state.run.id")
    page.goto(f"{studio.server.url}/lessons/misconceptions#delete-the-data")
    page.get_by_text(LESSON.tries[0].predict.options[2]).click()
    page.get_by_role("button", name=text("lessons.predict.commit")).click()
    page.wait_for_selector(ENDED)
    shown = page.locator("#lesson-step").inner_text()
    assert text("lessons.use.deleted", points="500") in shown
    assert text("lessons.use.counted", answers="1,000", changed="0", weights="65", moved="0") in shown
    points = studio.server.call("GET", f"/api/runs/{studio.run_id}/points")
    assert points["sizes"] == {"train": 1, "validation": 0, "test": 0}
    assert text("lessons.predict.as_measured") in shown


def test_an_experiment_named_in_the_address_is_opened(studio: Any) -> None:
    studio.page.goto(f"{studio.server.url}/lessons/perceptron#xor")
    studio.page.wait_for_selector("form.predict")
    assert studio.page.locator("form.predict h3").inner_text() == "XOR"
