"""The pages of the activation functions: one for each entry of the catalogue, from one template."""

import re
from dataclasses import replace
from typing import Any

import pytest

from app.encoding import decode
from app.lessons.library import Library
from app.lessons.statements import FOUND, statements
from app.web.activation_pages import OWN, function_cards, function_page
from app.web.folders import TEMPLATES
from app.web.routes.pages import templates
from app.web.texts import LOCALES, Texts, texts
from engine.layers.activations import ACTIVATIONS

LESSONS = Library(TEMPLATES / "lessons").lessons()
ENGLISH, SPANISH = (statements(TEMPLATES / "lessons", language) for language in ("en", "es"))
# Section 2 of the lecture.
LECTURE = (
    "step", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "softmax", "swish",
)  # fmt: skip


def data_of(page: str) -> Any:
    return decode(re.search(r'id="lesson">(.*?)</script>', page, re.S)[1].encode())  # type: ignore[index]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_function_has_a_page_with_its_equations_its_network_and_its_parameters(
    server: Any, name: str
) -> None:
    page = server.client.get(f"/activations/{name}").text
    entry, data = ACTIVATIONS[name], data_of(page)
    assert f"<h1>{texts().text(f'catalogue.activations.{name}.title')}</h1>" in page
    assert page.partition("</div>\n      <")[0].count('<math display="block">') == 2
    own = data["tries"][0]
    used = {layer["activation"] for layer in own["config"]["layers"]}
    assert own["name"] == OWN and data["activation"] == name
    assert (used == {"tanh"}) if entry.pullback else (used == {name})
    for parameter in entry.parameters.values():
        assert texts().number(parameter.default) in page and texts().number(parameter.maximum) in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_list_and_the_lesson_have_a_link_to_every_page(server: Any, language: str) -> None:
    for path in ("/activations", "/lessons/activations", "/activations/relu"):
        page = server.client.get(path, headers={"accept-language": language}).text
        for name in ACTIVATIONS:
            assert f'href="/activations/{name}"' in page
    assert 'href="/activations"' in server.client.get("/lessons").text


def test_an_unknown_function_is_answered_with_404_and_the_known_names(server: Any) -> None:
    answer = server.client.get("/activations/cosine", headers={"accept": "application/json"})
    assert answer.status_code == 404 and "softplus" in answer.json()["error"]["message"]


def test_the_lecture_says_something_of_its_ten_functions_in_both_languages() -> None:
    assert set(ENGLISH) == set(SPANISH) == set(LECTURE)
    for name in LECTURE:
        pairs = list(zip(ENGLISH[name], SPANISH[name], strict=True))
        assert pairs and all(english.html != spanish.html for english, spanish in pairs)
        assert {english.kind for english, _ in pairs} <= {"for", "against"}


@pytest.mark.parametrize("name", LECTURE)
def test_a_statement_is_called_measured_exactly_if_an_experiment_has_a_claim(name: str) -> None:
    for statement in ENGLISH[name]:
        assert bool(statement.found) == bool(statement.lesson)
        if statement.found:
            lesson = LESSONS.pages[statement.lesson].lesson
            assert statement.found in FOUND and statement.attempt in lesson.attempts
            assert statement.attempt in {claim.attempt for claim in lesson.claims}


def test_a_page_shows_the_measured_sentence_of_a_statement_and_the_way_to_its_experiment(server: Any) -> None:
    page = server.client.get("/activations/swish").text
    lesson = LESSONS.pages["very-deep"]
    assert lesson.sentence(lesson.lesson.attempts["swish"].watch) in page
    assert 'href="/lessons/very-deep#swish"' in page
    held, seeds = lesson.measured["swish-loss"].held, len(lesson.measured["swish-loss"].values)
    assert f"<td>{held} of {seeds} seeds</td>" in page
    names = [attempt["name"] for attempt in data_of(page)["tries"]]
    assert names == [OWN, "very-deep/swish"]


def test_the_experiments_of_a_page_are_trained_as_in_their_lessons(server: Any) -> None:
    for attempt in data_of(server.client.get("/activations/sigmoid").text)["tries"][1:]:
        name, _, own = attempt["name"].partition("/")
        lesson = LESSONS.pages[name].lesson
        assert attempt["config"] == lesson.configuration(lesson.attempts[own].changes)
        assert attempt["speed"] == (lesson.attempts[own].speed or lesson.speed)


def test_a_new_entry_of_the_catalogue_has_a_page_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = replace(ACTIVATIONS["tanh"], formula=r"\cos z", slope_formula=r"-\sin z")
    monkeypatch.setitem(ACTIVATIONS, "cosine", entry)
    own = {"catalogue.activations.cosine.title": "Cosine", "catalogue.activations.cosine.help": "Waves"}
    spoken = Texts({**decode((LOCALES / "en.json").read_bytes()), **own})
    assert [card["name"] for card in function_cards(spoken)][-1] == "cosine"
    page = function_page("cosine", LESSONS, ENGLISH, spoken)
    assert page["before"] == list(ACTIVATIONS)[-2] and page["after"] == ""
    assert "cos" in page["formulas"][0] and "sin" in page["formulas"][1]
    assert {layer["activation"] for layer in page["data"]["config"]["layers"]} == {"cosine"}
    html = templates.env.get_template("activation.html").render(
        **page, language="en", languages={}, static="", nonce="", query="", read_only=False, version="0"
    )
    assert "<h1>Cosine</h1>" in html and texts().text("activations.said.nothing") in html
