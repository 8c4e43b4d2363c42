"""Lessons: their configurations, changes to try, panels and pages."""

import re
from typing import Any

import pytest

from app.encoding import decode
from app.lessons import LESSONS
from app.web.catalogue_text import described_lesson
from app.web.folders import STATIC, TEMPLATES
from app.web.texts import texts
from engine.tasks.resolve import parse

for_every_lesson = pytest.mark.parametrize("name", LESSONS)


@for_every_lesson
def test_the_configurations_of_a_lesson_and_of_its_changes_are_valid(name: str) -> None:
    lesson = LESSONS[name]
    for changes in ({}, *(experiment.changes for experiment in lesson.tries)):
        raw = lesson.configuration(changes)
        named = {**lesson.config, **changes}
        config = parse(raw)
        assert config.dataset.name == raw["dataset"]["name"] == named["dataset"]["name"]
        assert [layer.activation for layer in config.layers] == [
            layer["activation"] for layer in named["layers"]
        ]


@for_every_lesson
def test_the_configuration_of_a_lesson_names_every_setting_of_the_studio(name: str) -> None:
    studio = decode((TEMPLATES / "default.json").read_bytes())
    lesson = LESSONS[name]
    for changes in ({}, *(experiment.changes for experiment in lesson.tries)):
        raw = lesson.configuration(changes)
        assert set(studio) <= set(raw)
        for section in ("dataset", "loss", "initializer", "optimizer"):
            assert set(studio[section]) - {"content"} <= set(raw[section])


@for_every_lesson
def test_the_page_of_a_lesson_contains_the_configurations_that_its_claims_are_measured_with(
    server: Any, name: str
) -> None:
    page = server.client.get(f"/lessons/{name}").text
    data = decode(re.search(r'id="lesson">(.*?)</script>', page, re.S)[1].encode())  # type: ignore[index]
    lesson = LESSONS[name]
    assert data["config"] == lesson.configuration()
    assert [experiment["config"] for experiment in data["tries"]] == [
        lesson.configuration(experiment.changes) for experiment in lesson.tries
    ]


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
