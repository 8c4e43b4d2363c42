"""The claims of the lessons hold, and the table of what was measured is that of a measurement now."""

import re
from math import inf

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


MEASURED_BY_HAND = 250_000  # steps times layers times seeds: above, only `make lessons` measures them


def cost(lesson: Lesson, claim: Claim) -> float:
    """Steps times layers times seeds; infinite for other paradigms, whose steps are longer, and for time."""
    if claim.measure.cost:
        return inf
    attempts = [lesson.attempts[name] for name in (claim.attempt, claim.against) if name]
    configs = [lesson.configuration(attempt.changes) for attempt in attempts]
    if any(config.get("paradigm", "supervised") != "supervised" for config in configs):
        return inf
    return claim.steps * claim.seeds * sum(len(config["layers"]) + 1 for config in configs)


def by_attempt() -> dict[tuple[str, str], tuple[Claim, ...]]:
    """The claims that tests measure again, by lesson and experiment, which trains once for all of them."""
    groups: dict[tuple[str, str], tuple[Claim, ...]] = {}
    for name, claim in CLAIMS:
        if cost(PAGES[name].lesson, claim) <= MEASURED_BY_HAND:
            key = (name, claim.attempt)
            groups[key] = (*groups.get(key, ()), claim)
    return groups


def is_long(name: str, claims: tuple[Claim, ...]) -> bool:
    return any(cost(PAGES[name].lesson, claim) > 20_000 for claim in claims)


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        pytest.param(name, claims, marks=[pytest.mark.slow] if is_long(name, claims) else [])
        for (name, _), claims in by_attempt().items()
    ],
    ids=[f"{name}-{attempt}" for name, attempt in by_attempt()],
)
def test_claims_hold_and_the_page_quotes_what_is_measured_now(name: str, claims: tuple[Claim, ...]) -> None:
    lesson = PAGES[name].lesson.model_copy(update={"claims": claims})
    for claim, now in measure_claims(lesson):
        assert holds(lesson, claim, now), (claim.name, now.values)
        quoted = PAGES[name].measured[claim.name]
        assert quoted.held == now.held, claim.name
        assert quoted.values == pytest.approx(now.values, rel=1e-3, abs=1e-12), claim.name


def test_claims_that_no_test_measures_again_hold_as_they_were_measured() -> None:
    for name, claim in CLAIMS:
        page = PAGES[name]
        assert holds(page.lesson, claim, page.measured[claim.name]), (name, claim.name)


def test_every_claim_was_measured_and_the_table_has_no_other() -> None:
    for page in PAGES.values():
        assert set(page.measured) == {claim.name for claim in page.lesson.claims}


@pytest.mark.parametrize("name", PAGES)
def test_every_number_of_seeds_in_a_sentence_is_that_of_a_claim_of_its_experiment(name: str) -> None:
    page = PAGES[name]
    for attempt in page.lesson.tries:
        claims = [claim for claim in page.lesson.claims if claim.attempt == attempt.name]
        measured = {(str(page.measured[claim.name].held), str(claim.seeds)) for claim in claims}
        assert set(re.findall(r"in (\d+) of (\d+) seeds", page.sentence(attempt.watch), re.I)) <= measured


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
