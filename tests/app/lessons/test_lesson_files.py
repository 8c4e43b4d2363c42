"""Files of lessons: what is wrong with one is said with its line; own folders are listed after the others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.lessons.library import BrokenFile, Library, read_folder
from app.lessons.prose import rendered
from app.web.folders import TEMPLATES

Write = Callable[..., Path]
CLAIM = """
[[claims]]
name = "low"
text = "It learns"
attempt = "first"
measure = { history = "train_loss" }
steps = 20
high = 10
seeds = 2
"""
QUESTION = """
[[questions]]
name = "why"
question = "Why?"
options = ["A", "B"]
answer = 0
explanation = "Because."
shown_by = "first"
"""


def broken(folder: Path) -> BrokenFile:
    (only,) = read_folder(folder).broken
    return only


def test_a_lesson_is_read_from_its_file(write_lesson: Write) -> None:
    lessons = read_folder(write_lesson(more=CLAIM, text="# Heading\n\nSome *text*.\n"))
    assert lessons.broken == ()
    page = lessons.pages["first"]
    assert page.lesson.title == "A lesson" and page.lesson.claims[0].name == "low"
    assert page.html == "<h1>Heading</h1>\n<p>Some <em>text</em>.</p>\n"


@pytest.mark.parametrize(
    ("more", "line", "reason"),
    [
        ("speed = = 3\n", 14, "Invalid value"),
        ("colour = 3\n", 14, "tries.0.colour: Extra inputs are not permitted; given: 3"),
        ('[[tries]]\nname = "first"\ntitle = "a"\nwatch = "b"\n', 15, "another attempt has the name “first”"),
        (
            '[[tries]]\nname = "b"\ntitle = "b"\nwatch = "In {low.held} seeds."\n',
            17,
            "tries.1.watch: {low.held} quotes no claim",
        ),
        ('[[tries]]\nname = "No Name"\n', 15, "tries.1.name: String should match pattern"),
        ('[[tries]]\nname = "second"\n', 14, "tries.1: an attempt needs a `title` and a `watch`"),
        (
            'changes = { optimizer = { name = "adamm" } }\n',
            14,
            "optimizer.name: ",
        ),
        (CLAIM.replace('"first"', '"third"'), 15, "there is no attempt “third”; allowed are first"),
        (CLAIM.replace("It learns", "It forgets"), 15, "does not contain it"),
        (
            CLAIM.replace('{ history = "train_loss" }', '{ view = "networks", path = "a" }'),
            15,
            "there is no view “networks”",
        ),
        (
            CLAIM.replace('{ history = "train_loss" }', "{ }"),
            19,
            "a measure has either `history` or `view` or",
        ),
        (
            CLAIM.replace('{ history = "train_loss" }', '{ after = "weights" }'),
            15,
            "the attempt of a measure `after` needs the field `after`",
        ),
        (QUESTION.replace("first", "second"), 15, "there is no attempt “second”; allowed are first"),
        (QUESTION + QUESTION, 23, "another question has the name “why”"),
        (QUESTION.replace('"B"]', '"B", "C"]'), 18, "questions.0.options: "),
    ],
)
def test_what_is_wrong_in_the_front_matter_is_said_with_its_line(
    write_lesson: Write, more: str, line: int, reason: str
) -> None:
    found = broken(write_lesson(more=more))
    assert reason in found.reason and found.line == line


def test_an_unknown_panel_and_an_impossible_configuration_are_named(write_lesson: Write) -> None:
    front = 'title = "A"\nline = "B"\nsubject = "C"\npanels = ["pictures"]\n[config]\nl1 = -1\n'
    attempt = '[[tries]]\nname = "a"\ntitle = "b"\nwatch = "c"\n'
    found = broken(write_lesson(front=front + attempt))
    assert found.line == 5 and "panels.0: there is no panel “pictures”; allowed are curves" in found.reason
    found = broken(write_lesson(front=front.replace("pictures", "curves") + attempt))
    assert found.line == 6 and found.reason.startswith("l1: ")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("title\n", 1, "must begin with a line +++"),
        ("+++\ntitle = 1\n", 3, "the second line +++"),
        (b"+++\n\xff", None, "not UTF-8"),
        ("x" * 300_000, None, "allowed are 200,000"),
    ],
)
def test_a_file_without_front_matter_is_named(
    write_lesson: Write, content: str | bytes, line: int | None, reason: str
) -> None:
    folder = write_lesson()
    (folder / "02-second.en.md").write_bytes(content if isinstance(content, bytes) else content.encode())
    found = broken(folder)
    assert found.file == "02-second.en.md" and found.line == line and reason in found.reason
    assert list(read_folder(folder).pages) == ["first"]


def test_a_formula_that_cannot_be_read_is_named_with_its_line(write_lesson: Write) -> None:
    found = broken(write_lesson(text="One.\n\nTwo: $\\sqrt{$.\n"))
    assert found.line == 18 and found.reason == "the formula “\\sqrt{” cannot be read"


@pytest.mark.parametrize("file", ["first.en.md", "1-first.en.md", "01-First.en.md", "01-first.md"])
def test_a_file_with_another_name_is_listed_with_the_form_of_the_name(write_lesson: Write, file: str) -> None:
    assert broken(write_lesson(file)).reason.startswith("the name must be NN-name.en.md")


def test_a_changed_file_is_read_again(write_lesson: Write) -> None:
    library = Library(TEMPLATES / "lessons", write_lesson(text="Before.\n"))
    assert "Before" in library.lessons().pages["first"].html
    write_lesson(text="Afterwards.\n")
    assert "Afterwards" in library.lessons().pages["first"].html


def test_html_in_the_text_is_shown_as_text_and_no_address_of_a_script_is_linked() -> None:
    html = rendered("<script>alert(1)</script> [a](javascript:alert) ![b](https://example.org/c.png)")
    assert "<script" not in html and '"javascript' not in html and "<img" not in html


def test_a_formula_is_mathml_with_letters_that_the_notation_exchanges() -> None:
    html = rendered("$\\prediction=\\mathbf{w}\\cdot\\target$")
    assert '<mi data-letter="prediction">ŷ</mi>' in html and '<mi data-letter="target">y</mi>' in html
    assert '<mi class="bold">w</mi>' in html and "\\" not in html


def test_a_server_lists_own_lessons_and_the_files_that_it_cannot_show(
    start_server: Any, write_lesson: Write, tmp_path: Path
) -> None:
    folder = write_lesson()
    write_lesson("02-second.en.md", more="colour = 3\n")
    write_lesson("03-swimming.en.md")
    server = start_server(tmp_path / "data", "--lessons", str(folder))
    answer = server.call("GET", "/api/lessons")
    assert answer["lessons"][-1]["name"] == "first" and answer["lessons"][-1]["own"] is True
    assert [entry["file"] for entry in answer["broken"]] == ["02-second.en.md", "swimming"]
    page = server.client.get("/lessons").text
    assert "02-second.en.md" in page and 'href="/lessons/first"' in page
    assert "<p>A text.</p>" in server.client.get("/lessons/first").text


def test_the_check_prints_every_fault_and_what_was_not_measured(command: Any, write_lesson: Write) -> None:
    folder = write_lesson(more=CLAIM)
    result = command("lessons", "check", str(folder))
    assert result.returncode == 1 and "claim “low” was not measured" in result.stdout
    write_lesson("02-second.en.md", more="colour = 3\n")
    result = command("lessons", "check", str(folder))
    assert "02-second.en.md:14: tries.0.colour" in result.stdout


def test_measured_claims_are_written_beside_the_lessons(command: Any, write_lesson: Write) -> None:
    folder = write_lesson(more=CLAIM)
    result = command("lessons", "measure", str(folder))
    assert result.returncode == 0 and "all measured claims hold" in result.stdout
    assert read_folder(folder).pages["first"].measured["low"].held == 2
    assert command("lessons", "check", str(folder)).returncode == 0
    write_lesson(more=CLAIM.replace("high = 10", "high = 0.0001"))
    result = command("lessons", "measure", str(folder))
    assert result.returncode == 1 and "DOES NOT HOLD" in result.stdout
    assert command("lessons", "measure", str(folder), "third").returncode == 2


SPANISH = """title = "Una lección"
line = "Su subtítulo"
subject = "Un tema"

[tries.first]
title = "El primero"
watch = "Aprende."
"""


def test_a_lesson_is_shown_in_the_language_of_its_translation(write_lesson: Write) -> None:
    write_lesson(more=CLAIM)
    folder = write_lesson("01-first.es.md", SPANISH, '\n[claims]\nlow = "Aprende"\n', "Un texto.\n")
    lessons = read_folder(folder)
    assert lessons.broken == ()
    page = lessons.pages["first"].in_language("es")
    assert page.lesson.title == "Una lección" and page.html == "<p>Un texto.</p>\n"
    assert page.lesson.tries[0].watch == "Aprende." and page.lesson.claims[0].text == "Aprende"
    assert page.lesson.config == lessons.pages["first"].lesson.config
    assert lessons.pages["first"].in_language("fr").lesson.title == "A lesson"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("", "claims.low is missing"),
        ('\n[claims]\nlow = "Olvida"\n', "claims.low: the `watch` of tries.first does not contain it"),
        ('\n[tries.second]\ntitle = "Otro"\n', "tries.second: the English file has no such entry"),
        (
            'question = "¿Qué?"\n\n[claims]\nlow = "Aprende"\n',
            "tries.first.question must be there exactly if",
        ),
        ('\n[claims]\nlow = "Aprende"\nhigh = "x"\n', "claims.high: the English file has no such entry"),
    ],
)
def test_what_is_wrong_in_a_translation_is_named(write_lesson: Write, more: str, reason: str) -> None:
    write_lesson(more=CLAIM)
    folder = write_lesson("01-first.es.md", SPANISH, more)
    assert reason in broken(folder).reason
    assert "first" in read_folder(folder).pages


def test_the_questions_of_a_lesson_are_translated_and_a_missing_one_is_named(write_lesson: Write) -> None:
    write_lesson(more=QUESTION)
    folder = write_lesson("01-first.es.md", SPANISH)
    assert "questions.why is missing" in broken(folder).reason
    spanish = '\n[questions.why]\nquestion = "¿Por qué?"\noptions = ["C", "D"]\nexplanation = "Porque sí."\n'
    page = read_folder(write_lesson("01-first.es.md", SPANISH, spanish)).pages["first"].in_language("es")
    (question,) = page.lesson.questions
    assert question.options == ("C", "D") and question.question == "¿Por qué?" and question.answer == 0


def test_a_translation_without_its_lesson_is_named(write_lesson: Write) -> None:
    assert "that this file translates" in broken(write_lesson("01-first.es.md", SPANISH)).reason
