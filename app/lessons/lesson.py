"""The models of a lesson: what the front matter of its file contains.

A lesson has a configuration, panels that show its run, attempts (`tries`) and claims about them. Every claim
says how it is measured, so that `make lessons` and the page use the same numbers.
"""

from functools import cached_property
from math import inf
from typing import Annotated, Any, Literal

from pydantic import Field

from app.lessons.configuration import complete
from app.lessons.parts import MAX_STEPS, Changes, Measure, Name, Part, Prediction, Text, Use, Work


class Try(Part):
    """An attempt: a change to try with one click; `watch` is what it shows.

    `changes` replace parts of the lesson's configuration; `weights`: the lesson's initial weights are set
    again; `start`: training starts at once; `speed`: epochs per second; `until`: the measure of the history
    at which the run pauses by itself; `after`: what is done with the network then; `work`: what is
    calculated by hand in place of a prediction. If `task` is set and there is no `title`, title
    and `watch` are those of that task, or of its `mismatch`.
    """

    name: Name
    title: str = ""
    watch: str = ""
    changes: Changes = {}
    start: bool = False
    weights: bool = False
    speed: int | Literal["max"] | None = None
    until: Measure | None = None
    predict: Prediction | None = None
    work: Work | None = None
    after: Use | None = None
    task: str = ""
    mismatch: str = ""


class Claim(Part):
    """A statement with numbers, and how it is measured.

    For each of the seeds 0 to `seeds` - 1 (of data and weights) the attempt `attempt` is trained for `steps`
    steps. The quantity `measure` of the result, divided by that of the attempt `against` if there is one,
    lies from `low` to `high` for at least `holds` seeds (default: for all), with the one of the attempt among
    them; with `statistic` "median", its median does. `text` is the wording on the page.
    """

    name: Name
    text: Text
    attempt: Name
    measure: Measure
    steps: Annotated[int, Field(ge=0, le=MAX_STEPS)]
    low: float = -inf
    high: float = inf
    against: Name | None = None
    seeds: Annotated[int, Field(ge=1, le=100)] = 8
    holds: int | None = None
    statistic: Literal["each", "median"] = "each"

    @property
    def least(self) -> int:
        """The number of seeds for which the claim must hold."""
        return self.seeds if self.holds is None else self.holds


class Question(Part):
    """A question about a common misconception, with two answers, asked before and after the experiments.

    `answer` is the index of the true one, `explanation` says why, and `shown_by` names the experiment that
    shows it: one of this lesson, or `lesson#experiment` of another one.
    """

    name: Name
    question: Text
    options: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]
    answer: Annotated[int, Field(ge=0, le=1)]
    explanation: Text
    shown_by: Annotated[str, Field(pattern=r"^([a-z0-9-]+#)?[a-z0-9-]+$", max_length=121)]


class Lesson(Part):
    """A lesson without the text of its page.

    `line` is its subtitle, `subject` and `covers` what of the lecture it is about, in words and as rows (S1
    to S20). `weights` are (layer, unit, source, value), set before the first view. `goal`: a column of the
    history and the value that counts as reached, whose step the table of the attempts shows. `sample` is what
    the panel Trace shows first: `part`, `index` or `batch`, `layer`, `unit`, `source`. `questions` are asked
    before and after the experiments. `notes` are Markdown for the lecturer.
    """

    title: Text
    line: Text
    subject: Text
    covers: tuple[Annotated[str, Field(pattern=r"^S\d{1,2}$")], ...] = ()
    config: Changes
    panels: Annotated[tuple[str, ...], Field(min_length=1, max_length=4)]
    speed: int | Literal["max"] = 20
    weights: tuple[tuple[int, int, int | Literal["bias"], float], ...] = ()
    goal: tuple[str, float] | None = None
    sample: Changes = {}
    tries: Annotated[tuple[Try, ...], Field(min_length=1, max_length=30)]
    claims: tuple[Claim, ...] = ()
    questions: Annotated[tuple[Question, ...], Field(max_length=30)] = ()
    notes: str = ""

    @cached_property
    def attempts(self) -> dict[str, Try]:
        """The attempts by their names."""
        return {attempt.name: attempt for attempt in self.tries}

    def weight_edits(self) -> list[dict[str, Any]]:
        """The initial weights as weight edits of the API."""
        names = ("layer", "unit", "source", "value")
        return [dict(zip(names, weight, strict=True)) for weight in self.weights]

    def configuration(self, changes: Changes | None = None) -> dict[str, Any]:
        """The complete configuration of the lesson, or of an attempt with `changes`."""
        return complete(self.config, changes or {})
