"""The lessons of a server: those of Perceptarium, and those of a teacher's own folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from app.lessons import measured, prose
from app.lessons.lesson import Lesson
from app.lessons.lesson_file import FILE_NAME, LessonError, read_lesson, read_translation
from app.lessons.measured import Measured

LANGUAGE = "en"


@dataclass(frozen=True)
class LessonPage:
    """A lesson with the HTML of its text, and what was measured of its claims, by their names."""

    name: str
    lesson: Lesson
    html: str
    measured: Mapping[str, Measured] = field(default_factory=dict)
    own: bool = False  # from the teacher's folder
    translations: Mapping[str, "LessonPage"] = field(default_factory=dict)  # by language
    language: str = LANGUAGE

    def in_language(self, language: str) -> "LessonPage":
        """The page in a language; in English if it has not been translated."""
        return self.translations.get(language, self)

    def sentence(self, text: str) -> str:
        """A sentence of the lesson with the measured numbers that it quotes."""
        return measured.quoted(text, self.lesson.claims, self.measured, self.language)


@dataclass(frozen=True)
class BrokenFile:
    """A file that is not a lesson: its name, the line (None: the whole file), and the reason."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class Lessons:
    """All lessons by name, in the order of their numbers, and the files that cannot be shown."""

    pages: Mapping[str, LessonPage]
    broken: tuple[BrokenFile, ...] = ()


class Library:
    """Lessons of two folders; `own` is that of the teacher. A changed file is read again."""

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        self._folder, self._own = folder, own

    def lessons(self) -> Lessons:
        """The lessons as they are in the folders now; own ones come last."""
        lessons = read_folder(self._folder)
        if self._own is None:
            return lessons
        own = read_folder(self._own, own=True)
        broken = [*lessons.broken, *own.broken]
        pages = dict(lessons.pages)
        for name, page in own.pages.items():
            if name in pages:
                broken.append(BrokenFile(name, None, f"a lesson of Perceptarium has the name “{name}”"))
            else:
                pages[name] = page
        return Lessons(pages, tuple(broken))


def read_folder(folder: Path, own: bool = False) -> Lessons:
    """The lessons of a folder; the same as before while no file has changed."""
    try:
        files = tuple(
            (path.name, path.stat().st_mtime_ns, path.stat().st_size)
            for path in sorted(folder.iterdir())
            if path.name.endswith(".md") or path.name == measured.FILE
        )
    except OSError as error:
        return Lessons({}, (BrokenFile(folder.name, None, f"the folder cannot be read: {error.strerror}"),))
    return _read(folder, files, own)


@lru_cache(maxsize=8)
def _read(folder: Path, files: tuple[tuple[str, int, int], ...], own: bool) -> Lessons:
    results, broken = _results(folder), list[BrokenFile]()
    pages: dict[str, LessonPage] = {}
    names = [file for file, *_ in files if file != measured.FILE]
    for file in sorted(names, key=lambda file: not file.endswith(f".{LANGUAGE}.md")):  # English first
        try:
            _add(pages, folder / file, results, own)
        except LessonError as error:
            broken.append(BrokenFile(file, error.line, error.reason))
    return Lessons(pages, tuple(broken))


def _results(folder: Path) -> Mapping[str, Mapping[str, Measured]]:
    try:
        return measured.read(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # as if the lessons had not been measured


def _add(
    pages: dict[str, LessonPage], path: Path, results: Mapping[str, Mapping[str, Measured]], own: bool
) -> None:
    """Adds the page of a file, or its translation to the page of its lesson. Raises LessonError."""
    named = FILE_NAME.fullmatch(path.name)
    if named is None:
        raise LessonError(f"the name must be NN-name.{LANGUAGE}.md, with two digits and small letters")
    name, language = named[2], named[3]
    english = pages.get(name)
    if language == LANGUAGE and english is not None:
        raise LessonError(f"another file has the name “{name}”")
    if language != LANGUAGE and english is None:
        raise LessonError(f"there is no {named[1]}-{name}.{LANGUAGE}.md that this file translates")
    read = read_lesson(path) if english is None else read_translation(path, english.lesson)
    wrong = prose.first_wrong_formula(read.prose)
    if wrong is not None:
        raise LessonError(f"the formula “{wrong[1]}” cannot be read", read.first_line + wrong[0])
    html, values = prose.rendered(read.prose), results.get(name, {})
    page = LessonPage(name, read.lesson, html, values, own, language=language)
    if english is None:
        pages[name] = page
    else:
        pages[name] = replace(english, translations={**english.translations, language: page})
