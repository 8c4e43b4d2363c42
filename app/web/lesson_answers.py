"""Lessons as the page and the API show them: with the texts of tasks, and with what was measured."""

from dataclasses import asdict
from math import inf, isfinite
from statistics import median
from typing import Any

from app.lessons.lesson import Claim, Lesson, Question, Try
from app.lessons.library import LessonPage
from app.lessons.measured import NOT_MEASURED, Measured, in_language, shown
from app.lessons.parts import Work
from app.lessons.work import cases
from app.web.texts import Texts
from engine.tasks.resolve import parse

JsonObject = dict[str, Any]
TRY_FIELDS = {"name", "title", "watch", "start", "weights", "speed", "until", "predict", "after"}


def described_lesson(page: LessonPage, texts: Texts) -> Lesson:
    """A lesson whose attempts about a task have the texts of that task, and whose sentences are complete."""
    return page.lesson.model_copy(
        update={"tries": tuple(_described_try(page, attempt, texts) for attempt in page.lesson.tries)}
    )


def page_data(lesson: Lesson) -> JsonObject:
    """What the page of a lesson needs besides its text; `config` of an attempt is complete."""
    return {
        "config": lesson.configuration(),
        "weights": lesson.weight_edits(),
        "speed": lesson.speed,
        "goal": lesson.goal,
        "sample": lesson.sample,
        "tries": [page_try(lesson, attempt) for attempt in lesson.tries],
        "questions": [_question(question) for question in lesson.questions],
    }


def claim_rows(page: LessonPage) -> list[JsonObject]:
    """The claims of a lesson as `GET /api/lessons/{name}` and the table of the page have them."""
    return [_claim(page, claim) for claim in page.lesson.claims]


def claim_table(page: LessonPage, lesson: Lesson, texts: Texts) -> list[dict[str, str]]:
    """The rows of the table of claims on the page: what the API has of each claim, as text."""
    return [_claim_texts(_claim(page, claim), lesson, texts) for claim in lesson.claims]


def _claim_texts(claim: JsonObject, lesson: Lesson, texts: Texts) -> dict[str, str]:
    is_measured, middle = claim["measured"] is not None, claim["median"]
    never = texts.text("lessons.claims.never")
    held = str(claim["held"]) if is_measured else NOT_MEASURED
    return {
        "attempt": lesson.attempts[claim["attempt"]].title,
        "text": claim["text"],
        "steps": _number(claim["steps"], texts),
        "median": NOT_MEASURED if not is_measured else never if middle is None else _number(middle, texts),
        "bound": _bound(claim["bound"], texts),
        "held": texts.text("lessons.claims.of_seeds", held=held, seeds=claim["seeds"]),
    }


def _number(value: float, texts: Texts) -> str:
    return in_language(shown(value), texts.language)


def _bound(bound: list[float | None], texts: Texts) -> str:
    """The bounds as text; null: there is none."""
    low, high = bound
    if high is None:
        return texts.text("lessons.claims.at_least", value=_number(-inf if low is None else low, texts))
    if low is None:
        return texts.text("lessons.claims.at_most", value=_number(high, texts))
    if low == high:
        return _number(low, texts)
    return texts.text("lessons.claims.between", low=_number(low, texts), high=_number(high, texts))


def lesson_entry(page: LessonPage) -> JsonObject:
    """One entry of `GET /api/lessons`."""
    lesson = page.lesson
    return {
        "name": page.name, "title": lesson.title, "line": lesson.line, "covers": list(lesson.covers),
        "url": f"/lessons/{page.name}", "own": page.own,
    }  # fmt: skip


def lesson_answer(page: LessonPage, texts: Texts) -> JsonObject:
    """The body of `GET /api/lessons/{name}`; configurations are resolved."""
    lesson = described_lesson(page, texts)
    claims = claim_rows(page)
    tries = [
        {
            "name": attempt.name, "title": attempt.title, "watch": attempt.watch,
            "config": _resolved(lesson, attempt.changes),
            "claim": [claim["name"] for claim in claims if claim["attempt"] == attempt.name],
        }
        for attempt in lesson.tries
    ]  # fmt: skip
    return {
        **lesson_entry(page), "panels": list(lesson.panels), "configs": [_resolved(lesson, {})],
        "tries": tries, "claims": claims, "questions": [_question(entry) for entry in lesson.questions],
    }  # fmt: skip


def _question(question: Question) -> JsonObject:
    """A question; `url` is that of the experiment that shows the answer."""
    lesson, _, attempt = question.shown_by.rpartition("#")
    url = f"/lessons/{lesson}#{attempt}" if lesson else f"#{attempt}"
    return {**question.model_dump(mode="json", exclude={"shown_by"}), "url": url}


def _resolved(lesson: Lesson, changes: JsonObject) -> JsonObject:
    return parse(lesson.configuration(changes)).model_dump(mode="json")


def page_try(lesson: Lesson, attempt: Try) -> JsonObject:
    """An attempt as the page of a lesson needs it; its configuration is complete."""
    return {
        **attempt.model_dump(mode="json", include=TRY_FIELDS),
        "config": lesson.configuration(attempt.changes),
        "work": attempt.work and _page_work(attempt.work),
    }


def _page_work(work: Work) -> JsonObject:
    """A calculation by hand, with the options of the view and the paths of the numbers for each case."""
    shown = work.model_dump(mode="json", include={"task", "ask", "view", "steps", "tolerance"})
    return {**shown, "cases": [asdict(case) for case in cases(work)]}


def _claim(page: LessonPage, claim: Claim) -> JsonObject:
    entry = page.measured.get(claim.name)
    return {
        "name": claim.name,
        "text": page.sentence(claim.text),
        "attempt": claim.attempt,
        "against": claim.against,
        "measure": claim.measure.model_dump(mode="json", exclude_defaults=True),
        "steps": claim.steps,
        "bound": [claim.low if isfinite(claim.low) else None, claim.high if isfinite(claim.high) else None],
        "statistic": claim.statistic,
        "seeds": claim.seeds,
        "expected": claim.least,
        **_measured(entry),
    }


def _measured(entry: Measured | None) -> JsonObject:
    """Values (null: infinite), median and for how many seeds the claim holds; null if it was not measured."""
    if entry is None:
        return {"measured": None, "median": None, "held": None}
    middle = median(entry.values)
    return {
        "measured": [value if isfinite(value) else None for value in entry.values],
        "median": middle if isfinite(middle) else None,
        "held": entry.held,
    }


def _described_try(page: LessonPage, attempt: Try, texts: Texts) -> Try:
    if not attempt.task or attempt.title:
        return attempt.model_copy(update={"watch": page.sentence(attempt.watch)})
    key = f"catalogue.tasks.{attempt.task}"
    title = texts.text(f"{key}.title")
    if not attempt.mismatch:
        question, reason = texts.text(f"{key}.question"), texts.text(f"{key}.reason")
        return attempt.model_copy(update={"title": f"{question} {title}", "watch": f"{reason}."})
    mismatch = f"{key}.breaks.{attempt.mismatch}"
    return attempt.model_copy(
        update={
            "title": f"{title}: {texts.text(f'{mismatch}.title')}",
            "watch": texts.text(f"{mismatch}.watch"),
        }
    )
