"""Answers about lessons."""

from typing import Any

from pydantic import Field

from app.web.models.base import Answer


class LessonEntry(Answer):
    """A lesson in the list."""

    name: str
    title: str
    line: str = Field(description="its subtitle")
    covers: list[str] = Field(description="rows of the lecture")
    url: str
    own: bool = Field(description="from the folder of --lessons")


class BrokenLesson(Answer):
    """A file of the folder of --lessons that cannot be shown."""

    file: str
    line: int | None
    reason: str


class LessonList(Answer):
    """All lessons in their order."""

    lessons: list[LessonEntry]
    broken: list[BrokenLesson]


class LessonTry(Answer):
    """An experiment of a lesson."""

    name: str
    title: str
    watch: str = Field(description="what it shows")
    config: dict[str, Any] = Field(description="complete and resolved")
    claim: list[str] = Field(description="names of the claims about it")


class ClaimAnswer(Answer):
    """A statement with numbers, how it is measured, and what was measured."""

    name: str
    text: str
    attempt: str
    against: str | None = Field(description="the attempt by whose value that of `attempt` is divided")
    measure: dict[str, Any] = Field(description="a curve of the history, or a path in a view")
    steps: int
    bound: list[float | None] = Field(description="least and largest value; null: none")
    statistic: str
    seeds: int
    expected: int = Field(description="for how many seeds it must hold")
    measured: list[float | None] | None = Field(description="a value for each seed; null: not reached")
    median: float | None
    held: int | None = Field(description="for how many seeds it holds")


class QuestionAnswer(Answer):
    """A question that is asked before and after the experiments."""

    name: str
    question: str
    options: list[str]
    answer: int = Field(description="index of the true one")
    explanation: str
    url: str = Field(description="of the experiment that shows it")


class LessonAnswer(LessonEntry):
    """A lesson with its configurations, attempts, claims and questions."""

    panels: list[str]
    configs: list[dict[str, Any]]
    tries: list[LessonTry]
    claims: list[ClaimAnswer]
    questions: list[QuestionAnswer]
