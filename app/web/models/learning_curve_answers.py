"""Answer about the learning curve of an experiment, and its query options."""

from typing import Any, Literal

from pydantic import Field

from app.web.models.base import Answer, QueryOptions
from engine.analysis.members.learning_curve import Conclusion


class LearningCurveOptions(QueryOptions):
    """The quantity of which the error is made, and the format."""

    metric: str | None = Field(
        None,
        description="loss, or a metric without its train_ or test_; default: the first metric, or loss",
    )
    format: Literal["json", "csv"] = Field("json", description="csv: one row per number of examples")


class Errors(Answer):
    """The errors of the members that trained on one number of examples, on one part."""

    n: int = Field(description="members with an error")
    median: float | None
    quartiles: list[float] | None
    errors: list[float] = Field(description="of every member")


class CurveSize(Answer):
    """The members that trained on one number of examples."""

    samples: int
    members: list[str] = Field(description="ids of their runs")
    diverged: int
    train: Errors
    test: Errors


class MeanWithInterval(Answer):
    """The mean over members."""

    mean: float
    interval: list[float] | None = Field(
        description="Student, 95 %; the widest over the seeds; null with one member"
    )
    members: int


class CurveEvidence(Answer):
    """What speaks for and against more examples."""

    smaller: int
    larger: int
    error: float = Field(description="mean test error at the larger number")
    slope: MeanWithInterval = Field(
        description="change of the test error per doubling, of the same members at both numbers"
    )
    gap: MeanWithInterval | None = Field(description="test minus training error at the larger number")
    conclusion: Conclusion = Field(
        description="helps: the interval of the slope is below 0; helps_little: above a tenth of the error; "
        "does_not_help: 0 is inside, a fall of a tenth is not, or the error rises; undecided"
    )


class LearningCurveOf(Answer):
    """The curve of members that are equal but for seeds and the number of examples."""

    values: dict[str, Any] = Field(description="values of the other varied fields, by path")
    available: int = Field(description="rows that are left for training")
    sizes: list[CurveSize] = Field(description="the smallest number first")
    evidence: CurveEvidence | None = Field(description="null before two numbers have test errors")


class LearningCurve(Answer):
    """Errors by the number of training examples."""

    id: str
    metric: str
    metrics: list[str] = Field(description="quantities of both parts of which an error can be made")
    is_complement: bool = Field(description="the error is 1 - the metric")
    seeds: list[str] = Field(description="the seeds that vary: what the spread of the members shows")
    curves: list[LearningCurveOf]
