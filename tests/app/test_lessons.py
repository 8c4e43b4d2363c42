"""Lessons: every configuration can be, every page stands, a lesson that is not there is said so."""

from pathlib import Path
from typing import Any

import pytest

from app.lessons import LESSONS, Lesson
from app.web.catalogue_text import described_lesson
from app.web.folders import STATIC, TEMPLATES
from app.web.texts import texts
from engine.tasks.resolve import parse

each = pytest.mark.parametrize("name", LESSONS)


def changed(lesson: Lesson, changes: dict[str, Any]) -> dict[str, Any]:
    """As the page puts them together: the lesson's configuration with some of it changed."""
    dataset = dict(lesson.config["dataset"])
    other = changes.get("dataset", {})
    same = other.get("name", dataset["name"]) == dataset["name"]
    return {**lesson.config, **changes, "dataset": {**dataset, **other} if same else other}


@each
def test_every_lesson_and_everything_to_try_is_a_configuration_that_can_be(name: str) -> None:
    lesson = LESSONS[name]
    parse(dict(lesson.config))
    for attempt in described_lesson(lesson, texts()).tries:
        config = parse(changed(lesson, dict(attempt.changes)))
        assert config.dataset.name == changed(lesson, dict(attempt.changes))["dataset"]["name"]
        assert attempt.title and attempt.watch


@each
def test_every_lesson_has_its_prose_and_panels_that_exist(name: str) -> None:
    assert (TEMPLATES / "lessons" / f"{name}.html").read_text("utf-8").count("<p>") >= 2
    for panel in LESSONS[name].panels:
        assert (STATIC / "js" / "panels" / panel / "index.js").is_file()


def test_there_is_no_prose_without_a_lesson() -> None:
    found = {Path(path).stem for path in (TEMPLATES / "lessons").iterdir()}
    assert found == set(LESSONS)


def test_the_list_leads_to_every_lesson(server: Any) -> None:
    page = server.client.get("/lessons").text
    for name, lesson in LESSONS.items():
        assert f'href="/lessons/{name}"' in page and lesson.title in page.replace("&#39;", "'")
        assert described_lesson(lesson, texts()).tries[0].title in page.replace("&#39;", "'")
        answer = server.client.get(f"/lessons/{name}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    assert page.count("<svg viewBox") == len(LESSONS)


def test_a_lesson_that_is_not_there_is_a_page_that_says_so(server: Any) -> None:
    answer = server.client.get("/lessons/flying", headers={"accept": "text/html"})
    assert answer.status_code == 404 and "no such lesson" in answer.text
    told = server.client.get("/lessons/../flying", headers={"accept": "application/json"})
    assert told.status_code == 404
