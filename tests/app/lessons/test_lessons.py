"""Lessons: their configurations, changes to try, panels and pages."""

from typing import Any

import pytest

from app.lessons import LESSONS
from app.lessons.lesson import Lesson
from app.web.catalogue_text import described_lesson
from app.web.folders import STATIC, TEMPLATES
from app.web.texts import texts
from engine.tasks.resolve import parse

for_every_lesson = pytest.mark.parametrize("name", LESSONS)


def with_changes(lesson: Lesson, changes: dict[str, Any]) -> dict[str, Any]:
    """The lesson's configuration with `changes`, as the page composes it."""
    dataset = dict(lesson.config["dataset"])
    changed = changes.get("dataset", {})
    has_same_name = changed.get("name", dataset["name"]) == dataset["name"]
    return {**lesson.config, **changes, "dataset": {**dataset, **changed} if has_same_name else changed}


@for_every_lesson
def test_the_configurations_of_a_lesson_and_of_its_changes_are_valid(name: str) -> None:
    lesson = LESSONS[name]
    parse(dict(lesson.config))
    for change in lesson.tries:
        raw = with_changes(lesson, dict(change.changes))
        assert parse(raw).dataset.name == raw["dataset"]["name"]


@for_every_lesson
def test_every_change_of_a_lesson_has_texts(name: str) -> None:
    assert all(change.title and change.watch for change in described_lesson(LESSONS[name], texts()).tries)


@for_every_lesson
def test_a_lesson_has_a_text_and_its_panels_exist(name: str) -> None:
    assert (TEMPLATES / "lessons" / f"{name}.html").read_text("utf-8").count("<p>") >= 2
    for panel in LESSONS[name].panels:
        assert (STATIC / "js" / "panels" / panel / "index.js").is_file()


def test_every_text_belongs_to_a_lesson() -> None:
    assert {path.stem for path in (TEMPLATES / "lessons").iterdir()} == set(LESSONS)


def test_the_list_has_a_link_to_the_page_of_every_lesson(server: Any) -> None:
    page = server.client.get("/lessons").text.replace("&#39;", "'")
    for name, lesson in LESSONS.items():
        assert f'href="/lessons/{name}"' in page and lesson.title in page
        assert described_lesson(lesson, texts()).tries[0].title in page
        answer = server.client.get(f"/lessons/{name}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    assert page.count("<svg viewBox") == len(LESSONS)


def test_an_unknown_lesson_is_answered_with_404_and_a_page_for_a_browser(server: Any) -> None:
    answer = server.client.get("/lessons/flying", headers={"accept": "text/html"})
    assert answer.status_code == 404 and texts().text("page.missing.no_such_lesson.title") in answer.text
    answer = server.client.get("/lessons/flying", headers={"accept": "application/json"})
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "no_such_lesson"
