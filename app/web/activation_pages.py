"""The pages of the activation functions: one for each entry of the engine's catalogue.

A page is a lesson without a file: formulas and parameters are those of the catalogue, the experiments those
of the lessons that use the function, and its network has the function in its hidden layers, or, if the
function mixes the units of a layer, in the output layer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.lessons.lesson import Lesson, Try
from app.lessons.library import LessonPage, Lessons
from app.lessons.prose import rendered
from app.lessons.statements import Statement
from app.web.catalogue_text import parameter_help
from app.web.lesson_answers import claim_table, described_lesson, page_data, page_try
from app.web.texts import Texts
from engine.layers.activations import ACTIVATIONS
from engine.tasks.task import TASKS

OWN = "this-network"  # the name of the experiment with the network of the page itself
SIDES, UNIT_SIDES = ("f(z)", "f'(z)"), ("f_i", r"\frac{\partial f_i}{\partial z_j}")
PANELS = ("activation_curves", "curves")
# Rows of the lecture: lessons about them are about activations of hidden layers, or of the output layer.
HIDDEN, OUTPUT = {"S8", "S15"}, {"S17"}
JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Experiment:
    """An attempt of a lesson that uses the function, in the language of the page."""

    page: LessonPage
    lesson: Lesson  # with complete sentences
    attempt: Try

    @property
    def address(self) -> str:
        """The attempt on the page of its lesson."""
        return f"/lessons/{self.page.name}#{self.attempt.name}"


def function_titles(texts: Texts) -> dict[str, str]:
    """The titles of all functions by their names, in the order of the catalogue."""
    return {name: texts.text(f"catalogue.activations.{name}.title") for name in ACTIVATIONS}


def function_cards(texts: Texts) -> list[JsonObject]:
    """What the list of the functions shows of each."""
    return [
        {
            "name": name,
            "title": title,
            "help": texts.text(f"catalogue.activations.{name}.help"),
            "formula": _formulas(name)[0],
        }
        for name, title in function_titles(texts).items()
    ]


def function_page(
    name: str, lessons: Lessons, statements: Mapping[str, tuple[Statement, ...]], texts: Texts
) -> JsonObject:
    """What the template of a page needs. `name` is in ACTIVATIONS."""
    entry, titles = ACTIVATIONS[name], function_titles(texts)
    lesson, found = (
        _lesson(name, texts),
        sorted(experiments(name, lessons, texts), key=lambda each: each.page.name),
    )
    names = list(titles)
    position = names.index(name)
    return {
        "lesson": lesson, "name": name, "titles": titles,
        "formulas": _formulas(name),
        "parameters": _parameters(name, texts), "kind": "learned" if entry.learned else "fixed",
        "experiments": found,
        "statements": [_said(statement, lessons, texts) for statement in statements.get(name, ())],
        "claims": [row for each in found for row in _claims(each, texts)],
        "data": _data(lesson, found) | {"activation": name},
        "before": names[position - 1] if position else "", "after": (names + [""])[position + 1],
    }  # fmt: skip


def experiments(name: str, lessons: Lessons, texts: Texts) -> Iterator[Experiment]:
    """The attempts of all lessons about activations that use the function."""
    for page in lessons.pages.values():
        spoken = page.in_language(texts.language)
        lesson = described_lesson(spoken, texts)
        for attempt in lesson.tries:
            if not attempt.weights and _uses(name, lesson, attempt):
                yield Experiment(spoken, lesson, attempt)


def _uses(name: str, lesson: Lesson, attempt: Try) -> bool:
    raw, rows = lesson.configuration(attempt.changes), set(lesson.covers)
    hidden = {layer.get("activation") for layer in raw.get("layers", ())}
    if rows & HIDDEN and name in hidden:
        return True
    output = raw.get("output_activation")
    if output == "auto" and attempt.task:
        output = TASKS[attempt.task].output_activation
    return bool(rows & OUTPUT and output == name)


def _lesson(name: str, texts: Texts) -> Lesson:
    mixes = bool(ACTIVATIONS[name].pullback)
    data = TASKS["multiclass"].example if mixes else "circle"
    layers = [{"units": 8, "activation": "tanh" if mixes else name}] * 2
    output, hidden = texts.text("activations.own.watch_output"), texts.text("activations.own.watch_hidden")
    own = Try(
        name=OWN,
        title=texts.text("activations.own.title"),
        watch=output if mixes else hidden,
        start=True,
    )
    return Lesson(
        title=texts.text(f"catalogue.activations.{name}.title"),
        line=texts.text(f"catalogue.activations.{name}.help"),
        subject=texts.text("activations.subject"),
        config={"dataset": {"name": data}, "layers": layers},
        panels=PANELS,
        tries=(own,),
    )


def _formulas(name: str) -> list[str]:
    """The equations of f and f' as MathML; those of one unit if the function mixes units."""
    entry = ACTIVATIONS[name]
    sides = UNIT_SIDES if entry.pullback else SIDES
    formulas = zip(sides, (entry.formula, entry.slope_formula), strict=True)
    return [rendered(f"$${left}={right}$$") for left, right in formulas]


def _parameters(name: str, texts: Texts) -> list[JsonObject]:
    return [
        {
            "name": parameter,
            "help": parameter_help(f"catalogue.activations.{name}", parameter, texts),
            **{
                field: texts.number(value) for field, value in described.describe().items() if field in _SHOWN
            },
        }
        for parameter, described in ACTIVATIONS[name].parameters.items()
    ]


_SHOWN = ("default", "minimum", "maximum")


def _said(statement: Statement, lessons: Lessons, texts: Texts) -> JsonObject:
    """A statement, and the experiment that measures it, if there is one."""
    page = lessons.pages.get(statement.lesson)
    measured = None
    if page is not None and statement.attempt in page.lesson.attempts:
        spoken = page.in_language(texts.language)
        lesson = described_lesson(spoken, texts)
        attempt = next(each for each in lesson.tries if each.name == statement.attempt)
        measured = Experiment(spoken, lesson, attempt)
    return {"statement": statement, "measured": measured}


def _claims(experiment: Experiment, texts: Texts) -> list[dict[str, str]]:
    own = tuple(claim for claim in experiment.lesson.claims if claim.attempt == experiment.attempt.name)
    return claim_table(experiment.page, experiment.lesson.model_copy(update={"claims": own}), texts)


def _data(lesson: Lesson, found: list[Experiment]) -> JsonObject:
    """What the page needs beside its text: its own experiment, and those of the lessons."""
    tries = [
        page_try(each.lesson, each.attempt)
        | {
            "name": f"{each.page.name}/{each.attempt.name}",
            "speed": each.attempt.speed or each.lesson.speed,
        }
        for each in found
    ]
    data = page_data(lesson)
    return data | {"tries": data["tries"] + tries}
