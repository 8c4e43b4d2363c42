"""Lessons: their configurations, attempts, panels and pages."""

from typing import Any

import pytest

from app.lessons import LESSONS
from app.lessons.lesson import Lesson
from app.web.catalogue_text import described_lesson
from app.web.folders import STATIC, TEMPLATES
from app.web.texts import texts
from engine.tasks.resolve import parse

every_lesson = pytest.mark.parametrize("name", LESSONS)


def with_changes(lesson: Lesson, changes: dict[str, Any]) -> dict[str, Any]:
    """The lesson's configuration with `changes`, as the page composes it."""
    dataset = dict(lesson.config["dataset"])
    changed = changes.get("dataset", {})
    same = changed.get("name", dataset["name"]) == dataset["name"]
    return {**lesson.config, **changes, "dataset": {**dataset, **changed} if same else changed}


@every_lesson
def test_the_configurations_of_a_lesson_and_its_attempts_are_valid_and_the_attempts_have_texts(
    name: str,
) -> None:
    lesson = LESSONS[name]
    parse(dict(lesson.config))
    for attempt in described_lesson(lesson, texts()).tries:
        raw = with_changes(lesson, dict(attempt.changes))
        assert parse(raw).dataset.name == raw["dataset"]["name"]
        assert attempt.title and attempt.watch


@every_lesson
def test_a_lesson_has_prose_and_its_panels_exist(name: str) -> None:
    assert (TEMPLATES / "lessons" / f"{name}.html").read_text("utf-8").count("<p>") >= 2
    for panel in LESSONS[name].panels:
        assert (STATIC / "js" / "panels" / panel / "index.js").is_file()


def test_every_prose_file_belongs_to_a_lesson() -> None:
    assert {path.stem for path in (TEMPLATES / "lessons").iterdir()} == set(LESSONS)


def test_the_list_links_to_every_lesson_and_its_page_exists(server: Any) -> None:
    page = server.client.get("/lessons").text
    for name, lesson in LESSONS.items():
        assert f'href="/lessons/{name}"' in page and lesson.title in page.replace("&#39;", "'")
        assert described_lesson(lesson, texts()).tries[0].title in page.replace("&#39;", "'")
        answer = server.client.get(f"/lessons/{name}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    assert page.count("<svg viewBox") == len(LESSONS)


def test_an_unknown_lesson_is_answered_with_404_and_a_page_for_a_browser(server: Any) -> None:
    answer = server.client.get("/lessons/flying", headers={"accept": "text/html"})
    assert answer.status_code == 404 and texts().text("page.missing.no_such_lesson.title") in answer.text
    answer = server.client.get("/lessons/flying", headers={"accept": "application/json"})
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "no_such_lesson"
