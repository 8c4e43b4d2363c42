"""Calculations by hand: every line is true of the numbers that the page shows, and what is wrong is named."""

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.lessons.library import Library, read_folder
from app.lessons.work import PLACE, cases
from app.web.folders import TEMPLATES
from engine.quantities import value_at
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.views import VIEWS

PAGES = Library(TEMPLATES / "lessons").lessons().pages
WORKED = {
    f"{name}-{attempt.name}": (page.lesson, attempt)
    for name, page in PAGES.items()
    for attempt in page.lesson.tries
    if attempt.work
}
ARITHMETIC = re.compile(r"(\d+(\.\d+)?(e[+-]?\d+)?|σ\(|ln\(|exp\(|[()+−·/½²\s-])+")
SYMBOLS = {"−": "-", "·": "*", "½": "0.5", "²": "**2", "σ(": "sigmoid(", "ln(": "log("}
FUNCTIONS = {"sigmoid": lambda z: 1 / (1 + math.exp(-z)), "log": math.log, "exp": math.exp}


def calculated(text: str) -> float:
    """The value of an arithmetic expression as the lessons write it."""
    for symbol, code in SYMBOLS.items():
        text = text.replace(symbol, code)
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS))


def numbers_of(lesson, attempt):
    """For every case its lines and the numbers of the network, by name."""
    config = parse(lesson.configuration(attempt.changes))
    data = load_data(config)
    training = trainer(config, data)
    if attempt.weights:
        training.apply_edits({"weights": lesson.weight_edits()})
    training.advance(attempt.work.steps)
    view = VIEWS[attempt.work.view]
    for case in cases(attempt.work):
        options = view.parse({key: str(value) for key, value in case.options.items()})
        shown = view.compute(training.checkpoint(), data, options)
        yield case, {key: float(value_at(shown, path)) for key, path in case.paths.items()}


def test_nine_lessons_have_a_calculation_that_is_worked_out_then_blank_then_free() -> None:
    on_paper = {key.removesuffix("-by-hand") for key in WORKED if key.endswith("-by-hand")}
    early = {"swimming", "perceptron", "error", "downhill", "chain-rule", "sign"}
    assert on_paper == early | {"choosing-the-output"}
    assert {"forward-pass-unit", "batch-column"} <= set(WORKED)


@pytest.mark.parametrize("key", WORKED)
def test_both_sides_of_every_line_are_equal_with_the_numbers_that_are_shown(key: str) -> None:
    lesson, attempt = WORKED[key]
    for case, numbers in numbers_of(lesson, attempt):
        compared = 0
        for line in case.lines:
            shown = PLACE.sub(lambda place, n=numbers: f"({n[place[1]]:.4g})", line)
            for equation in shown.split(","):
                *sides, result = [side for side in equation.split("=") if ARITHMETIC.fullmatch(side)]
                for side in sides:
                    expected = pytest.approx(calculated(result), rel=attempt.work.tolerance, abs=1e-9)
                    assert calculated(side) == expected
                    compared += 1
        assert compared


@pytest.mark.parametrize("key", WORKED)
def test_the_three_cases_ask_for_different_numbers(key: str) -> None:
    lesson, attempt = WORKED[key]
    results = [numbers[attempt.work.ask[-1]] for _, numbers in numbers_of(lesson, attempt)]
    assert len(set(results)) == 3


WORK = """
[tries.work]
task = "A sum"
lines = ["z = {w} = {z}"]
ask = ["z"]
worked = { unit = 0 }
blank = { unit = 1 }
free = { unit = 2 }

[tries.work.values]
w = "layers.0.weights.0.{unit}"
z = "layers.0.z.0.{unit}"
"""


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("{w}", "{v}", "tries.0.work.values: there is no path of “v”"),
        ('ask = ["z"]', 'ask = ["y"]', "there is no path of “y”"),
        ("= {z}", "= z", "tries.0.work.ask: “z” is in none of the lines"),
        ("blank = { unit = 1 }", "blank = { }", "a case has no entry 'unit', which a path names"),
        ("blank = { unit = 1 }", "blank = { unit = -4 }", "tries.0.work: unit: must be from"),
        ('ask = ["z"]', 'ask = ["z"]\nview = "z"', "tries.0.work.view: there is no view “z”"),
    ],
)
def test_what_is_wrong_with_a_calculation_is_named(
    write_lesson: Callable[..., Path], before: str, after: str, reason: str
) -> None:
    assert read_folder(write_lesson(more=WORK)).broken == ()
    (found,) = read_folder(write_lesson(more=WORK.replace(before, after))).broken
    assert reason in found.reason
