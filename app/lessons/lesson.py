"""The models of a lesson: what the front matter of its file contains.

A lesson has a configuration, panels that show its run, attempts (`tries`) and claims about them. Every claim
says how it is measured, so that `make lessons` and the page use the same numbers.
"""

from functools import cached_property
from math import inf
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.lessons.configuration import complete

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Changes = dict[str, Any]  # a partial configuration
Reduction = Literal["minimum", "maximum", "sum", "mean", "absolute", "sum_over_outputs"]
MAX_STEPS = 1_000_000


class Part(BaseModel):
    """A part of a lesson; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(Part):
    """A quantity of a trained run: of its history, or of one of its views.

    `history`: the last value of a curve (`train_loss`, `test_accuracy`, ...), or with `below` or `above` the
    first step at which the curve is below or above that value (infinite: never).
    `view`: the value at `path` (names and indices joined by dots, `*`: all entries) in a view with `options`;
    `over`: divided by the value at that path; `minus`: minus the value at that path, with `minus_options` in
    place of `options`; `change`: minus the value before the first step; `per_step`: divided by the number of
    steps. `reduce` names what is applied one after the other to an array.
    `falling`: the share of the measured points of a curve that are below the point before; `complement`: 1
    minus the value.
    """

    history: str | None = None
    below: float | None = None
    above: float | None = None
    view: str | None = None
    options: Changes = {}
    path: str = ""
    over: str | None = None
    minus: str | None = None
    minus_options: Changes | None = None
    falling: bool = False
    complement: bool = False
    change: bool = False
    per_step: bool = False
    reduce: tuple[Reduction, ...] = ()

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if (self.history is None) == (self.view is None):
            raise ValueError("a measure has either `history` or `view`")
        if self.view is not None and not self.path:
            raise ValueError("a measure of a view needs a `path`")
        return self


class Prediction(Part):
    """What a person predicts before an attempt begins.

    The run pauses after `steps` steps, or before at `until` of the attempt.

    `choice`: one of `options`; `answer` is the index of the one that the claims show to be true.
    `number`: compared with `measure` of the run, close if it differs by at most the share `tolerance`.
    `curve`: the curve `column` over these steps between `low` and `high`. `boundary`: a line in the plane
    of the inputs.
    """

    kind: Literal["choice", "number", "curve", "boundary"]
    question: Text
    options: tuple[Text, ...] = ()
    answer: int | None = None
    measure: Measure | None = None
    tolerance: Annotated[float, Field(ge=0, le=10)] = 0.1
    column: str = "train_loss"
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] = 1000
    low: float = 0
    high: float = 1

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.kind == "choice" and not (len(self.options) >= 2 and self.answer in range(len(self.options))):
            raise ValueError("a choice needs two or more `options` and the index of the true one as `answer`")
        if self.kind == "number" and self.measure is None:
            raise ValueError("a number needs a `measure`")
        if self.low >= self.high:
            raise ValueError(f"`low` ({self.low:g}) must be below `high` ({self.high:g})")
        return self


class Try(Part):
    """An attempt: a change to try with one click; `watch` is what it shows.

    `changes` replace parts of the lesson's configuration; `weights`: the lesson's initial weights are set
    again; `start`: training starts at once; `speed`: epochs per second; `until`: the measure of the history
    at which the run pauses by itself. If `task` is set, title and `watch` are those of that task, or of its
    `mismatch`.
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


class Lesson(Part):
    """A lesson without the text of its page.

    `line` is its subtitle, `subject` and `covers` what of the lecture it is about, in words and as rows (S1
    to S20). `weights` are (layer, unit, source, value), set before the first view. `goal`: a column of the
    history and the value that counts as reached, whose step the table of the attempts shows. `sample` is what
    the panel Trace shows first: `part`, `index` or `batch`, `layer`, `unit`, `source`. `notes` are Markdown
    for the lecturer.
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
