"""A lesson in another language: `NN-name.es.md` beside `NN-name.en.md` has its sentences and its text.

The front matter has `title`, `line`, `subject`, a table `tries.NAME` for every attempt (`title` and `watch`,
for a prediction `question` and `options`, for a calculation by hand `question`, its task), `claims.NAME`, the
text of every claim, and a table `questions.NAME` for every question. Everything else is that of the English
file.
"""

from collections.abc import Iterator

from app.lessons.lesson import Lesson, Question, Try
from app.lessons.measured import QUOTE
from app.lessons.parts import Name, Part, Text


class TryTexts(Part):
    """The sentences of one attempt; an attempt about a task of the catalogue has those of that task."""

    title: str = ""
    watch: str = ""
    question: str = ""
    options: tuple[Text, ...] = ()


class QuestionTexts(Part):
    """The sentences of one question."""

    question: Text
    options: tuple[Text, Text]
    explanation: Text


class LessonTexts(Part):
    """The sentences of a lesson in one language."""

    title: Text
    line: Text
    subject: Text
    tries: dict[Name, TryTexts]
    claims: dict[Name, Text] = {}
    questions: dict[Name, QuestionTexts] = {}
    notes: str = ""

    def translate(self, lesson: Lesson) -> Lesson:
        """The lesson with these sentences; see `wrong_texts`."""
        tries = tuple(self._attempt(attempt) for attempt in lesson.tries)
        claims = tuple(claim.model_copy(update={"text": self.claims[claim.name]}) for claim in lesson.claims)
        questions = tuple(self._question(question) for question in lesson.questions)
        update = {name: getattr(self, name) for name in ("title", "line", "subject", "notes")}
        return lesson.model_copy(update={**update, "tries": tries, "claims": claims, "questions": questions})

    def _question(self, question: Question) -> Question:
        return question.model_copy(update=self.questions[question.name].model_dump())

    def _attempt(self, attempt: Try) -> Try:
        texts = self.tries[attempt.name]
        predict = attempt.predict and attempt.predict.model_copy(
            update={"question": texts.question, "options": texts.options}
        )
        work = attempt.work and attempt.work.model_copy(update={"task": texts.question})
        update = {"title": texts.title, "watch": texts.watch, "predict": predict, "work": work}
        return attempt.model_copy(update=update)


def wrong_texts(texts: LessonTexts, lesson: Lesson) -> Iterator[str]:
    """What is missing in a translation, or does not belong to the lesson."""
    for field, given, expected in (
        ("tries", set(texts.tries), set(lesson.attempts)),
        ("claims", set(texts.claims), {claim.name for claim in lesson.claims}),
        ("questions", set(texts.questions), {question.name for question in lesson.questions}),
    ):
        yield from (f"{field}.{name} is missing" for name in sorted(expected - given))
        yield from (
            f"{field}.{name}: the English file has no such entry" for name in sorted(given - expected)
        )
    for name, attempt in lesson.attempts.items():
        if name in texts.tries:
            yield from _wrong_attempt(texts.tries[name], attempt)
    for claim in lesson.claims:
        attempt, own = lesson.attempts[claim.attempt], texts.tries.get(claim.attempt)
        if own and not attempt.task and texts.claims.get(claim.name, "") not in own.watch:
            yield f"claims.{claim.name}: the `watch` of tries.{claim.attempt} does not contain it"


def _wrong_attempt(texts: TryTexts, attempt: Try) -> Iterator[str]:
    place = f"tries.{attempt.name}"
    if (attempt.title or not attempt.task) and not (texts.title and texts.watch):
        yield f"{place} needs a `title` and a `watch`"
    if sorted(QUOTE.findall(texts.watch)) != sorted(QUOTE.findall(attempt.watch)):
        yield f"{place}.watch must quote the same measured numbers as the English one"
    predict = attempt.predict
    if bool(texts.question) != bool(predict or attempt.work):
        yield f"{place}.question must be there exactly if the experiment has a prediction or a calculation"
    if len(texts.options) != len(predict.options if predict else ()):
        yield f"{place}.options must be as many as in the English file"
