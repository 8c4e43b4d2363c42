"""Answer of the comparison of runs."""

from typing import Any

from pydantic import Field

from app.web.models.base import Answer
from app.web.models.run_answers import ListedRun


class FieldDifference(Answer):
    """A field of the configuration in which the runs differ."""

    field: str = Field(description="dotted path; lists of different length differ as a whole")
    values: list[Any] = Field(description="one per run; null also where a run does not have the field")


class AlignedHistory(Answer):
    """The points of one run at the common steps; null where it was not measured."""

    epoch: list[int | None]
    train_loss: list[float | None]
    validation_loss: list[float | None]
    test_loss: list[float | None]
    penalty: list[float | None]
    seconds: list[float | None] | None = Field(
        description="how long the steps until then took; null: the times were not recorded"
    )
    metrics: dict[str, list[float | None]]


class AlignedHistories(Answer):
    """The histories of the present attempts."""

    step: list[int] = Field(description="every step at which any of the runs was measured")
    runs: list[AlignedHistory] = Field(description="one per run, with a value or null for each step")


class BestValue(Answer):
    """The best value of a loss or metric, and the step at which it was measured."""

    step: int
    value: float


class Score(Answer):
    """One loss or metric of all runs."""

    name: str
    higher_is_better: bool
    latest: list[float | None] = Field(description="one per run: its newest value")
    best: list[BestValue | None] = Field(description="one per run, null if it was not measured")


class ComparedRuns(Answer):
    """What differs between runs; all lists have one entry per run, in the order of the request."""

    runs: list[ListedRun] = Field(
        description="as in the list of runs; `seq` is that of its history: the stream goes on after it"
    )
    differences: list[FieldDifference]
    history: AlignedHistories
    scores: list[Score]
