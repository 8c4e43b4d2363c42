"""Lessons: their configurations, attempts, panels, pages and answers."""

import re
from typing import Any

import pytest

from app.encoding import decode
from app.lessons.glossary import glossary
from app.lessons.lecture import SLIDE_GROUPS
from app.lessons.lesson_file import split
from app.lessons.library import Library
from app.lessons.prose import links
from app.web.folders import STATIC, TEMPLATES
from app.web.lesson_answers import described_lesson
from app.web.texts import texts
from engine.tasks.resolve import parse
from engine.tasks.task import TASKS

LESSONS = Library(TEMPLATES / "lessons").lessons()
NAMES = ("swimming", "perceptron", "linear-collapse", "choosing-the-output", "activations")
for_every_lesson = pytest.mark.parametrize("name", LESSONS.pages)


def supervised(raw: dict[str, Any]) -> bool:
    return raw.get("paradigm", "supervised") == "supervised"


def test_every_file_is_a_lesson_and_the_names_of_the_contract_stay() -> None:
    assert LESSONS.broken == ()
    assert set(NAMES) <= set(LESSONS.pages)


@for_every_lesson
def test_the_configuration_of_a_lesson_names_every_setting_of_the_studio(name: str) -> None:
    studio = decode((TEMPLATES / "default.json").read_bytes())
    lesson = LESSONS.pages[name].lesson
    for changes in ({}, *(attempt.changes for attempt in lesson.tries)):
        raw = lesson.configuration(changes)
        if supervised(raw):
            assert set(studio) <= set(raw)
            for section in ("dataset", "loss", "initializer", "optimizer"):
                assert set(studio[section]) - {"content"} <= set(raw[section])


@for_every_lesson
def test_the_page_of_a_lesson_contains_the_configurations_that_its_claims_are_measured_with(
    server: Any, name: str
) -> None:
    page = server.client.get(f"/lessons/{name}").text
    data = decode(re.search(r'id="lesson">(.*?)</script>', page, re.S)[1].encode())  # type: ignore[index]
    lesson = LESSONS.pages[name].lesson
    assert data["config"] == lesson.configuration()
    assert [attempt["config"] for attempt in data["tries"]] == [
        lesson.configuration(attempt.changes) for attempt in lesson.tries
    ]


@for_every_lesson
def test_every_attempt_of_a_lesson_has_texts_and_its_panels_exist(name: str) -> None:
    page = LESSONS.pages[name]
    assert all(attempt.title and attempt.watch for attempt in described_lesson(page, texts()).tries)
    assert page.html.count("<p>") >= 2
    for panel in page.lesson.panels:
        assert (STATIC / "js" / "panels" / panel / "index.js").is_file()


def test_an_attempt_about_a_task_may_have_a_title_of_its_own() -> None:
    described = described_lesson(LESSONS.pages["choosing-the-output"], texts())
    titles = [attempt.title for attempt in described.tries]
    assert "Softmax on paper" in titles and len(set(titles)) == len(titles)


def test_the_lesson_about_outputs_has_every_task_and_every_mismatch() -> None:
    tries = LESSONS.pages["choosing-the-output"].lesson.tries
    expected = [
        (name, mismatch)
        for name, task in TASKS.items()
        if task.example
        for mismatch in ("", *(entry.name for entry in task.breaks))
    ]
    assert [(attempt.task, attempt.mismatch) for attempt in tries if not attempt.work] == expected


def test_an_entry_of_layers_with_repeat_stands_for_equal_layers() -> None:
    lesson = LESSONS.pages["very-deep"].lesson
    layers = lesson.configuration(lesson.attempts["swish"].changes)["layers"]
    assert layers == [{"units": 8, "activation": "swish"}] * 45


def test_the_list_has_a_link_to_the_page_of_every_lesson(server: Any) -> None:
    text = server.client.get("/lessons").text.replace("&#39;", "'")
    for name, page in LESSONS.pages.items():
        assert f'href="/lessons/{name}"' in text and page.lesson.title in text
        assert described_lesson(page, texts()).tries[0].title in text
        answer = server.client.get(f"/lessons/{name}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    assert text.count("<svg viewBox") >= len(LESSONS.pages)


def test_an_unknown_lesson_is_answered_with_404_and_a_page_for_a_browser(server: Any) -> None:
    answer = server.client.get("/lessons/flying", headers={"accept": "text/html"})
    assert answer.status_code == 404 and texts().text("page.missing.no_such_lesson.title") in answer.text
    for path in ("/lessons/flying", "/api/lessons/flying"):
        answer = server.client.get(path, headers={"accept": "application/json"})
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (404, "no_such_lesson")
        assert (error["field"], error["given"]) == ("name", "flying") and "swimming" in error["limit"]


def test_the_api_lists_the_lessons_in_their_order(server: Any) -> None:
    answer = server.call("GET", "/api/lessons")
    assert [entry["name"] for entry in answer["lessons"]] == list(LESSONS.pages)
    assert answer["broken"] == [] and not any(entry["own"] for entry in answer["lessons"])


@for_every_lesson
def test_the_api_has_resolved_configurations_and_what_was_measured_of_every_claim(
    server: Any, name: str
) -> None:
    page, answer = LESSONS.pages[name], server.call("GET", f"/api/lessons/{name}")
    lesson = page.lesson
    assert answer["covers"] == list(lesson.covers) and answer["title"] == lesson.title
    resolved = [
        parse(lesson.configuration(attempt.changes)).model_dump(mode="json") for attempt in lesson.tries
    ]
    assert [attempt["config"] for attempt in answer["tries"]] == resolved
    assert [claim["name"] for claim in answer["claims"]] == [claim.name for claim in lesson.claims]
    for claim in answer["claims"]:
        assert claim["held"] == page.measured[claim["name"]].held >= claim["expected"]
        assert len(claim["measured"]) == claim["seeds"]


@for_every_lesson
def test_the_page_shows_every_claim_with_how_often_it_held(server: Any, name: str) -> None:
    text = server.client.get(f"/lessons/{name}").text
    for claim in LESSONS.pages[name].lesson.claims:
        held = LESSONS.pages[name].measured[claim.name].held
        assert f"<td>{held} of {claim.seeds} seeds</td>" in text


def test_every_slide_group_has_lessons_and_every_lesson_of_ours_a_group() -> None:
    named = [name for names in SLIDE_GROUPS.values() for name in names]
    assert set(named) == set(LESSONS.pages)


def test_the_list_links_each_slide_group_to_its_lessons_and_keeps_the_layout_for_projectors(
    server: Any,
) -> None:
    page = server.client.get("/lessons?present").text
    for group, names in SLIDE_GROUPS.items():
        row = page.partition(texts().text(f"lessons.groups.{group}"))[2].partition("</dd>")[0]
        assert all(f'href="/lessons/{name}?present"' in row for name in names)


def test_the_notes_for_the_lecturer_have_a_page_of_their_own(server: Any) -> None:
    notes = server.client.get("/lessons/sign/notes").text
    assert "update climbs" in notes and "update climbs" not in server.client.get("/lessons/sign").text
    assert texts().text("lessons.notes.none") in server.client.get("/lessons/pictures/notes").text
    assert server.client.get("/lessons/flying/notes").status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_link_of_a_lesson_to_the_glossary_has_a_term_in_each_language(language: str) -> None:
    terms = {term.name for term in glossary(TEMPLATES / "lessons", language)}
    wanted = {
        link.partition("#")[2]
        for path in (TEMPLATES / "lessons").glob("*.md")
        for link in links(split(path.read_text("utf-8"))[1])
        if link.startswith("/lessons/glossary")
    }
    assert wanted <= terms and len(wanted) > 8


def test_the_glossary_has_the_same_terms_in_every_language_and_is_a_page(server: Any) -> None:
    english, spanish = (glossary(TEMPLATES / "lessons", language) for language in ("en", "es"))
    assert {term.name for term in english} == {term.name for term in spanish}
    page = server.client.get("/lessons/glossary").text
    assert all(f'id="{term.name}"' in page for term in english)
    page = server.client.get("/lessons/glossary", headers={"accept-language": "es"}).text
    assert "Retropropagación" in page


def test_ten_questions_name_the_experiments_that_show_their_answers(server: Any) -> None:
    questions = LESSONS.pages["misconceptions"].lesson.questions
    assert len(questions) == 10 and {question.answer for question in questions} == {0, 1}
    for question in questions:
        lesson, _, attempt = question.shown_by.rpartition("#")
        assert attempt in LESSONS.pages[lesson or "misconceptions"].lesson.attempts
    answered = server.call("GET", "/api/lessons/misconceptions")["questions"]
    assert [entry["answer"] for entry in answered] == [question.answer for question in questions]
    assert answered[0]["url"] == "#delete-the-data" and answered[-1]["url"] == "/lessons/perceptron#xor"


@for_every_lesson
def test_a_lesson_has_a_spanish_translation(name: str) -> None:
    page = LESSONS.pages[name]
    assert page.in_language("es").html != page.html
    assert page.in_language("es").lesson.title != page.lesson.title


def test_numbers_quoted_in_a_spanish_sentence_have_a_decimal_comma(server: Any) -> None:
    page, quote = LESSONS.pages["perceptron"], "{xor-mistakes-per-example.high}"
    assert (page.sentence(quote), page.in_language("es").sentence(quote)) == ("0.75", "0,75")
    answer = server.client.get("/lessons/perceptron", headers={"Accept-Language": "es"}).text
    assert (
        "0,75" in answer
        and "0.75" not in answer.partition('class="lesson-claims"')[2].partition("</details>")[0]
    )
