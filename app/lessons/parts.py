"""The parts of an experiment of a lesson: what is measured, predicted, and done with the trained network."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Changes = dict[str, Any]  # a partial configuration
Reduction = Literal["minimum", "maximum", "sum", "mean", "absolute", "sum_over_outputs"]
Case = dict[str, int | str]
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
    `after`: how many weights or answers differ after what `after` of the experiment does with the network.
    `cost`: the seconds of one training step, which tests do not measure again.
    `falling`: the share of the measured points of a curve that are below the point before; `complement`: 1
    minus the value.
    """

    history: str | None = None
    below: float | None = None
    above: float | None = None
    view: str | None = None
    after: Literal["weights", "answers"] | None = None
    cost: Literal[True] | None = None
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
        if sum(source is not None for source in (self.history, self.view, self.after, self.cost)) != 1:
            raise ValueError("a measure has either `history` or `view` or `after` or `cost`")
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


class Work(Part):
    """A calculation by hand for three cases: `worked` is shown, `blank` has blanks, `free` is left to the
    person, who sees only what is given.

    `lines` are the calculation, with `{name}` in the places of its numbers, which are at the paths `values`
    of `view`; in a path, and in a line, `{key}` is an entry of the case. Entries of a case that are options
    of the view are passed to it. `ask` names the numbers left blank; the last one is asked in the free
    case. The run trains `steps` steps before. An answer is right if it differs by at most the share
    `tolerance`.
    """

    task: Text
    lines: Annotated[tuple[Text, ...], Field(min_length=1, max_length=12)]
    values: Annotated[dict[str, str], Field(min_length=1, max_length=40)]
    ask: Annotated[tuple[str, ...], Field(min_length=1, max_length=6)]
    worked: Case
    blank: Case
    free: Case
    view: str = "sample_trace"
    steps: Annotated[int, Field(ge=0, le=1000)] = 0
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.02


class Use(Part):
    """What is done with the network of an experiment after its run: it is asked `answers` questions
    twice; with `delete_data` all points of the run are deleted in between.
    """

    answers: Annotated[int, Field(ge=1, le=10_000)]
    delete_data: bool = False
