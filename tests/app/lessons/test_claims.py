"""The claims of the lessons hold, and the table of what was measured is that of a measurement now."""

import re

import numpy as np
import pytest

from app.cli.lessons.claims import holds, measure_claims
from app.lessons.lesson import Claim, Lesson
from app.lessons.library import Library
from app.lessons.measured import wrong_quotes
from app.web.folders import TEMPLATES
from engine.layers.activations import value

PAGES = Library(TEMPLATES / "lessons").lessons().pages
CLAIMS = [(name, claim) for name, page in PAGES.items() for claim in page.lesson.claims]


def is_long(lesson: Lesson, claim: Claim) -> bool:
    config = lesson.configuration(lesson.attempts[claim.attempt].changes)
    return claim.steps * (len(config.get("layers", [])) + 1) > 10_000


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        pytest.param(name, claim, marks=[pytest.mark.slow] if is_long(PAGES[name].lesson, claim) else [])
        for name, claim in CLAIMS
    ],
    ids=[f"{name}-{claim.name}" for name, claim in CLAIMS],
)
def test_a_claim_holds_and_the_page_quotes_what_is_measured_now(name: str, claim: Claim) -> None:
    lesson = PAGES[name].lesson.model_copy(update={"claims": (claim,)})
    ((_, now),) = measure_claims(lesson)
    assert holds(lesson, claim, now), now.values
    quoted = PAGES[name].measured[claim.name]
    assert quoted.held == now.held
    assert quoted.values == pytest.approx(now.values, rel=1e-3, abs=1e-12)


def test_every_claim_was_measured_and_the_table_has_no_other() -> None:
    for page in PAGES.values():
        assert set(page.measured) == {claim.name for claim in page.lesson.claims}


@pytest.mark.parametrize(("name", "claim"), CLAIMS)
def test_the_number_of_seeds_in_a_sentence_is_that_of_its_claim(name: str, claim: Claim) -> None:
    page = PAGES[name]
    attempt = page.lesson.attempts[claim.attempt]
    counts = re.findall(r"in (\d+) of (\d+) seeds", page.sentence(attempt.watch), re.I)
    held = page.measured[claim.name].held
    assert not counts or (str(held), str(claim.seeds)) in counts


def test_every_experiment_whose_text_has_a_measured_number_has_a_claim() -> None:
    claimed = {(name, claim.attempt) for name, claim in CLAIMS}
    for name, page in PAGES.items():
        for attempt in page.lesson.tries:
            if re.search(r"of \d+ seeds", page.sentence(attempt.watch)):
                assert (name, attempt.name) in claimed


def test_every_quote_in_a_sentence_names_a_claim() -> None:
    for page in PAGES.values():
        for attempt in page.lesson.tries:
            assert wrong_quotes(attempt.watch, page.lesson.claims) == []


def test_the_texts_of_the_lessons_contain_no_measured_number_of_their_own() -> None:
    for page in PAGES.values():
        assert not re.search(r"\d+ seeds|of \d+ seeds", page.html), page.name


def test_softmax_gives_the_probabilities_printed_in_the_lesson() -> None:
    z = np.array([[1.3], [5.1], [2.2], [0.7], [1.1]])
    assert round(float(np.exp(z).sum()), 2) == 181.73
    assert value("softmax", z)[:, 0].round(2).tolist() == [0.02, 0.9, 0.05, 0.01, 0.02]
