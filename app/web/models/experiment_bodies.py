"""Request bodies and query options of experiments."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainValidator, WithJsonSchema

from app.experiments.variation import MAX_FIELDS, MAX_MEMBERS
from app.web.models.base import QueryOptions, RequestBody, SchemaOf, refused
from engine.config.models import LIMITS, SAFE_INTEGER

MAX_STEP = SAFE_INTEGER
Metric = Annotated[
    str | None,
    Field(
        description="a loss or metric of the history; default: test_loss, or train_loss if nothing is tested"
    ),
]


Ends = Annotated[list[float], Field(min_length=2, max_length=2)]


class Seeds(BaseModel):
    """The seeds 0, 1, ..."""

    count: int = Field(ge=1, le=MAX_MEMBERS)


class LinearRange(BaseModel):
    """Values at equal distances from low to high; of a random sample, without `count`, any values."""

    linear: Ends
    count: int | None = Field(None, ge=2, le=MAX_MEMBERS)


class LogRange(BaseModel):
    """Values at equal ratios from low to high; of a random sample, without `count`, any values."""

    log: Ends
    count: int | None = Field(None, ge=2, le=MAX_MEMBERS)


FieldValues = (
    Annotated[list[Any], Field(min_length=1, max_length=MAX_MEMBERS)] | Seeds | LinearRange | LogRange
)
Vary = Annotated[dict[str, FieldValues], Field(min_length=1, max_length=MAX_FIELDS)]


class HalvingRule(BaseModel):
    """After every so many steps the worse half of the members pauses, until one is left."""

    model_config = {"extra": "forbid"}

    every: int = Field(ge=1, le=LIMITS["steps"], description="steps between two comparisons")
    metric: Metric = None


class CreateExperiment(RequestBody):
    """A new experiment: runs that differ from one configuration in named fields."""

    model_config = {
        "json_schema_extra": {
            "example": {
                "config": {"dataset": {"name": "circle"}},
                "vary": {"seed": {"count": 8}},
                "steps": 500,
            }
        }
    }

    name: str = Field("", max_length=LIMITS["name"], description="name of the experiment")
    config: dict[str, Any] = Field({}, description="the configuration of a run, as in POST /api/runs")
    vary: Annotated[Any, SchemaOf(Vary)] = Field(description="values by the dotted path of the field")
    sample: Literal["grid", "random"] = Field(
        "grid", description="grid: all combinations; random: some of them, or any values of ranges"
    )
    members: int | None = Field(
        None, ge=1, le=MAX_MEMBERS, description="number of members of a random sample"
    )
    steps: int | None = Field(
        None,
        ge=1,
        le=LIMITS["steps"],
        description="optimizer steps after which the members are finished; fewer epochs are raised",
    )
    halve: HalvingRule | None = Field(None, description="pause the worse half by rule; null: do not")
    start: bool = Field(True, description="start training at once")

    @classmethod
    def model_for(cls, value: dict[str, Any]) -> type[BaseModel] | None:
        """None: pydantic refuses unknown fields of the body, the engine those of the configuration."""
        return None


class ChangeExperiment(RequestBody):
    """What changes in an experiment."""

    halve: HalvingRule | None = Field(
        None, description="pause the worse half by this rule from now on; null: by no rule"
    )


class ExperimentListOptions(QueryOptions):
    """Options of the list of experiments."""

    limit: int = Field(100, ge=1, le=1000, description="maximum number of experiments")
    before: str | None = Field(None, description="only experiments older than the one of this id")


class DeleteExperimentOptions(QueryOptions):
    """What happens to the members."""

    keep: bool = Field(False, description="keep the members, as runs that belong to no experiment")


def _instant(value: Any) -> str | int:
    if value in ("final", "best"):
        return str(value)
    text = str(value)
    if text.isascii() and text.isdigit() and int(text) <= MAX_STEP:
        return int(text)
    raise refused("must be final, best or a step", ["final", "best", [0, MAX_STEP]])


Instant = Annotated[
    str | int,
    PlainValidator(_instant),
    WithJsonSchema(
        {"anyOf": [{"enum": ["final", "best"], "type": "string"}, {"type": "integer", "minimum": 0}]}
    ),
]


class SummaryOptions(QueryOptions):
    """What is summarised, and the format."""

    metric: Metric = None
    at: Instant = Field("final", description="the newest point, the best one, or the last one up to a step")
    goal: float | None = Field(
        None, allow_inf_nan=False, description="a value; `reached` says when each member first was as good"
    )
    distances: bool = Field(True, description="false: `distances` is null, and the answer sooner")
    format: Literal["json", "csv"] = Field("json", description="csv: one row per group")


class CurvesOptions(QueryOptions):
    """Which curves, and at how many steps."""

    metric: Metric = None
    points: int = Field(100, ge=2, le=1000, description="maximum number of steps")
    by: Literal["step", "seconds"] = Field(
        "step", description="seconds: at common times of training instead of common steps"
    )


class HalveOptions(QueryOptions):
    """What the members are compared by."""

    metric: Metric = None
