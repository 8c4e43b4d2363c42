"""Lessons: their pages, and what they contain."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.errors import NotFound
from app.lessons.glossary import glossary
from app.lessons.lecture import SLIDE_GROUPS
from app.lessons.library import LessonPage, Lessons, Library
from app.lessons.prose import rendered
from app.web.activation_pages import function_titles
from app.web.folders import TEMPLATES
from app.web.languages import page_language
from app.web.lesson_answers import claim_table, described_lesson, lesson_answer, lesson_entry, page_data
from app.web.models import lesson_answers as answer
from app.web.responses import json
from app.web.routes.pages import render_page
from app.web.texts import texts

router = APIRouter(tags=["lessons"])
FUNCTIONS = "S15"  # the row of the lecture whose lessons link the pages of the activation functions


def get_lessons(request: Request) -> Lessons:
    """All lessons as their files are now; reading them takes a while, so this runs in a thread."""
    library: Library = request.app.state.lessons
    return library.lessons()


AllLessons = Annotated[Lessons, Depends(get_lessons)]


async def get_lesson(name: str, lessons: AllLessons) -> LessonPage:
    """The lesson whose name is in the path. Raises NotFound."""
    if name not in lessons.pages:
        message, names = f"There is no lesson “{name}”.", list(lessons.pages)
        raise NotFound("no_such_lesson", message, field="name", given=name, limit=names)
    return lessons.pages[name]


OneLesson = Annotated[LessonPage, Depends(get_lesson)]


@router.get("/api/lessons", response_model=answer.LessonList)
async def list_lessons(lessons: AllLessons) -> Response:
    """List the lessons in their order, and the files of the teacher's folder that cannot be shown."""
    broken = [{"file": entry.file, "line": entry.line, "reason": entry.reason} for entry in lessons.broken]
    return json({"lessons": [lesson_entry(page) for page in lessons.pages.values()], "broken": broken})


@router.get("/api/lessons/{name}", response_model=answer.LessonAnswer)
async def read_lesson(page: OneLesson) -> Response:
    """Read the configurations and attempts of a lesson, and its claims with what was measured."""
    return json(lesson_answer(page, texts()))


@router.get("/lessons", include_in_schema=False)
async def lessons_page(request: Request, lessons: AllLessons) -> Response:
    """The list of lessons."""
    language = page_language(request)
    described = {
        name: described_lesson(page.in_language(language), texts(language))
        for name, page in lessons.pages.items()
    }
    groups = {
        group: {name: described[name].title for name in names if name in described}
        for group, names in SLIDE_GROUPS.items()
    }
    return render_page(
        request, "lessons.html", lessons=described, broken=lessons.broken, groups=groups,
        query=present_query(request),
    )  # fmt: skip


@router.get("/lessons/glossary", include_in_schema=False)
async def glossary_page(request: Request) -> Response:
    """The key terms of the lecture and of the page."""
    terms = glossary(TEMPLATES / "lessons", page_language(request))
    return render_page(request, "glossary.html", terms=terms)


@router.get("/lessons/{name}", include_in_schema=False)
async def lesson_page(request: Request, page: OneLesson, lessons: AllLessons) -> Response:
    """One lesson: its text, and a run that the page creates."""
    language, names = page_language(request), list(lessons.pages)
    page, spoken = page.in_language(language), texts(language)
    lesson = described_lesson(page, spoken)
    next_name = dict(zip(names, names[1:], strict=False)).get(page.name)
    return render_page(
        request,
        "lesson.html",
        lesson=lesson,
        prose=page.html,
        data=page_data(lesson),
        claims=claim_table(page, lesson, spoken),
        query=present_query(request),
        functions=function_titles(spoken) if FUNCTIONS in lesson.covers else {},
        next_name=next_name,
        next_title=lessons.pages[next_name].in_language(language).lesson.title if next_name else "",
    )


@router.get("/lessons/{name}/notes", include_in_schema=False)
async def notes_page(request: Request, page: OneLesson) -> Response:
    """The notes for the lecturer about one lesson, for a window of their own."""
    lesson = page.in_language(page_language(request)).lesson
    return render_page(request, "lesson-notes.html", lesson=lesson, notes=rendered(lesson.notes))


def present_query(request: Request) -> str:
    """The query that keeps the layout for projectors in the links of a page."""
    return "?present" if "present" in request.query_params else ""
