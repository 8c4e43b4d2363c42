"""What the parts of a lesson refer to: attempts, panels, curves and views."""

from collections.abc import Iterator

from app.lessons.lesson import Claim, Lesson, Question
from app.lessons.measured import FIELDS, wrong_quotes
from app.lessons.parts import Measure
from app.lessons.work import wrong_work
from engine.config.errors import ConfigError
from engine.tasks.task import TASKS
from engine.views import VIEWS

Location = tuple[str | int, ...]
QUOTES = f"allowed are {{NAME.FIELD}} with the name of a claim and {', '.join(FIELDS)}"
PANELS = ("curves", "swimming", *VIEWS)  # those of the views, and those that draw what other views measured


def wrong_references(lesson: Lesson) -> Iterator[tuple[Location, str]]:
    """The location and the reason of every reference to something that does not exist."""
    for index, panel in enumerate(lesson.panels):
        if panel not in PANELS:
            allowed = ", ".join(PANELS)
            yield ("panels",), f"panels.{index}: there is no panel “{panel}”; allowed are {allowed}"
    names = [attempt.name for attempt in lesson.tries]
    for index, attempt in enumerate(lesson.tries):
        place = ("tries", index)
        if attempt.name in names[:index]:
            yield (*place, "name"), f"tries.{index}.name: another attempt has the name “{attempt.name}”"
        yield from ((place, reason) for reason in _wrong_task(index, attempt.task, attempt.mismatch))
        if not attempt.task and not (attempt.title and attempt.watch):
            yield place, f"tries.{index}: an attempt needs a `title` and a `watch`"
        for quote in wrong_quotes(attempt.watch, lesson.claims):
            yield (*place, "watch"), f"tries.{index}.watch: {quote} quotes no claim; {QUOTES}"
        if attempt.work:
            yield from (
                ((*place, "work"), reason) for reason in wrong_work(f"tries.{index}.work", attempt.work)
            )
        measure = attempt.predict.measure if attempt.predict else None
        yield from (
            ((*place, "predict"), reason) for reason in _wrong_measure(f"tries.{index}.predict", measure)
        )
    for index, claim in enumerate(lesson.claims):
        yield from ((("claims", index), reason) for reason in _wrong_claim(index, claim, lesson))
    for index, question in enumerate(lesson.questions):
        yield from ((("questions", index), reason) for reason in _wrong_question(index, question, lesson))


def _wrong_task(index: int, name: str, mismatch: str) -> Iterator[str]:
    if not name:
        return
    offered = [task for task, entry in TASKS.items() if entry.example]
    if name not in offered:
        yield f"tries.{index}.task: there is no task “{name}”; allowed are {', '.join(offered)}"
    elif mismatch and mismatch not in (known := [entry.name for entry in TASKS[name].breaks]):
        yield f"tries.{index}.mismatch: “{name}” has no “{mismatch}”; allowed are {', '.join(known)}"


def _wrong_claim(index: int, claim: Claim, lesson: Lesson) -> Iterator[str]:
    if claim.name in [other.name for other in lesson.claims[:index]]:
        yield f"claims.{index}.name: another claim has the name “{claim.name}”"
    for field, name in (("attempt", claim.attempt), ("against", claim.against)):
        if name is not None and name not in lesson.attempts:
            known = ", ".join(lesson.attempts)
            yield f"claims.{index}.{field}: there is no attempt “{name}”; allowed are {known}"
    yield from _wrong_measure(f"claims.{index}.measure", claim.measure)
    if claim.measure.after and not all(lesson.attempts[name].after for name in _attempts(claim, lesson)):
        yield f"claims.{index}.measure: the attempt of a measure `after` needs the field `after`"
    for quote in wrong_quotes(claim.text, lesson.claims):
        yield f"claims.{index}.text: {quote} quotes no claim; {QUOTES}"
    attempt = lesson.attempts.get(claim.attempt)
    if attempt and not attempt.task and claim.text not in attempt.watch:
        yield f"claims.{index}.text: the `watch` of the attempt “{claim.attempt}” does not contain it"


def _attempts(claim: Claim, lesson: Lesson) -> list[str]:
    """The names of the attempts of a claim that the lesson has."""
    return [name for name in (claim.attempt, claim.against) if name in lesson.attempts]


def _wrong_question(index: int, question: Question, lesson: Lesson) -> Iterator[str]:
    if question.name in [other.name for other in lesson.questions[:index]]:
        yield f"questions.{index}.name: another question has the name “{question.name}”"
    if "#" not in question.shown_by and question.shown_by not in lesson.attempts:
        known = ", ".join(lesson.attempts)
        yield f"questions.{index}.shown_by: there is no attempt “{question.shown_by}”; allowed are {known}"


def _wrong_measure(field: str, measure: Measure | None) -> Iterator[str]:
    if measure is None or measure.view is None:
        return
    if measure.view not in VIEWS:
        yield f"{field}.view: there is no view “{measure.view}”; allowed are {', '.join(VIEWS)}"
        return
    try:
        VIEWS[measure.view].parse({key: str(value) for key, value in measure.options.items()})
    except ConfigError as error:
        yield f"{field}.options: {error}"
