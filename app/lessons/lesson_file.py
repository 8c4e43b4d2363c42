"""Reads the file of a lesson: front matter in TOML between two lines `+++`, then text in Markdown."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.lessons.lesson import Lesson
from app.lessons.references import wrong_references
from app.lessons.translation import LessonTexts, wrong_texts
from engine.config.errors import ConfigError
from engine.tasks.resolve import parse
from engine.tasks.task import TASKS

FENCE = "+++"
FILE_NAME = re.compile(r"(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z]{2})\.md")
MAX_BYTES = 200_000
Model = TypeVar("Model", bound=BaseModel)


class LessonError(Exception):
    """What is wrong with the file of a lesson, and in which line (from 1; None: in the whole file)."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason, self.line = reason, line


@dataclass(frozen=True)
class LessonFile:
    """A lesson and the text of its page in Markdown; `first_line`: the line in which the text begins."""

    lesson: Lesson
    prose: str
    first_line: int


def read_lesson(path: Path) -> LessonFile:
    """Reads and checks a file. Raises LessonError."""
    front, prose, first_line = split(_source(path))
    return LessonFile(parsed(front), prose, first_line)


def _source(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LessonError(f"the file has {path.stat().st_size:,} bytes; allowed are {MAX_BYTES:,}")
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise LessonError(f"the file is not UTF-8 text: {error.reason} at byte {error.start:,}") from error
    except OSError as error:
        raise LessonError(f"the file cannot be read: {error.strerror}") from error


def split(source: str) -> tuple[str, str, int]:
    """Front matter, text, and the line in which the text begins. Raises LessonError."""
    lines = source.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != FENCE:
        raise LessonError(f"the file must begin with a line {FENCE}", 1)
    ends = (number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE)
    end = next(ends, None)
    if end is None:
        raise LessonError(f"the second line {FENCE}, which ends the front matter, is missing", len(lines))
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def read_translation(path: Path, lesson: Lesson) -> LessonFile:
    """Reads the file of a lesson in another language. Raises LessonError."""
    front, prose, first_line = split(_source(path))
    texts = _validated(LessonTexts, _fields(front), front)
    for reason in wrong_texts(texts, lesson):
        raise LessonError(reason)
    return LessonFile(texts.translate(lesson), prose, first_line)


def _fields(front: str) -> dict[str, Any]:
    try:
        return tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        raise LessonError(str(error).split(" (")[0], int(place[1]) + 1 if place else None) from error


def _validated(model: type[Model], fields: dict[str, Any], front: str) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise LessonError(_sentence(first), _line_of(front, first["loc"])) from error


def parsed(front: str) -> Lesson:
    """The lesson of a front matter. Raises LessonError."""
    lesson = _validated(Lesson, _with_task_changes(_fields(front)), front)
    for location, reason in (*wrong_references(lesson), *_wrong_configurations(lesson)):
        raise LessonError(reason, _line_of(front, location))
    return lesson


def _with_task_changes(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a lesson with the changes of the attempts that name a task of the catalogue."""
    tries = fields.get("tries")
    if isinstance(tries, list):
        fields["tries"] = [
            _task_changes(attempt) if isinstance(attempt, dict) else attempt for attempt in tries
        ]
    return fields


def _task_changes(attempt: dict[str, Any]) -> dict[str, Any]:
    task = TASKS.get(str(attempt.get("task", "")))
    if task is None or not task.example:
        return attempt
    changes: Mapping[str, Any] = next(
        (mismatch.changes for mismatch in task.breaks if mismatch.name == attempt.get("mismatch")), {}
    )
    return {**attempt, "changes": {"dataset": {"name": task.example}, **changes}}


def _wrong_configurations(lesson: Lesson) -> Iterator[tuple[tuple[str | int, ...], str]]:
    named = [((), {}), *((("tries", index), attempt.changes) for index, attempt in enumerate(lesson.tries))]
    for place, changes in named:
        try:
            parse(lesson.configuration(changes))
        except ConfigError as error:
            yield (*place, "changes" if place else "config"), str(error)


def _sentence(error: Mapping[str, Any]) -> str:
    """What pydantic found, with the field and what was given."""
    field = ".".join(str(part) for part in error["loc"])
    given = error["input"]
    shown = "" if isinstance(given, dict) or error["type"] == "missing" else f"; given: {given!r}"
    return f"{field}: {error['msg'].removeprefix('Value error, ')}{shown[:120]}"


def _line_of(front: str, location: tuple[str | int, ...]) -> int:
    """The line of the file in which the field at `location` is, or the nearest one before it."""
    lines, found = front.split("\n"), 0
    for position, part in enumerate(location):
        if isinstance(part, int):
            continue
        follows = location[position + 1] if position + 1 < len(location) else None
        header = re.compile(
            rf"\s*\[\[?{re.escape(part)}\b|\s*\[.*\.{re.escape(part)}\]|\s*{re.escape(part)}\s*="
        )
        at = [number for number, line in enumerate(lines) if number >= found and header.match(line)]
        if not at:
            break
        tables = [number for number in at if lines[number].lstrip().startswith("[[")]
        found = tables[follows] if isinstance(follows, int) and follows < len(tables) else at[0]
    return found + 2  # the front matter begins in line 2
