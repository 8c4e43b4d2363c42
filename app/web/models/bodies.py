"""Request bodies about runs."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.web.models.base import RequestBody, SchemaOf, refused
from engine.diagnostics import DIAGNOSES
from engine.tasks.paradigms import PARADIGMS

MAX_SPEED = 1e9
STEP_LIMITS = {"step": 1_000_000, "epoch": 10_000}


def _speed(value: Any) -> float | None:
    if value == "max":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_SPEED:
        message = f"must be “max” or a number of steps per second above 0, up to {MAX_SPEED:g}"
        raise refused(message, [0, MAX_SPEED])
    return float(value)


# Steps per second; None for "max".
Speed = Annotated[
    float | None,
    PlainValidator(_speed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_SPEED},
                {"const": "max", "type": "string"},
            ]
        }
    ),
    Field(description="steps per second, or “max”"),
]


class CreationOptions(BaseModel):
    """How a new run begins: fields of the body beside those of the configuration."""

    start: bool = Field(True, description="start training at once")
    replaces: str | None = Field(
        None, description="id of a run that is deleted unless it has a name, a bookmark or a fork"
    )
    speed: Speed = None
    views: list[str] = Field(
        [],
        description="names of views that are computed while the client opens the compact stream of the run",
    )


# Models of a configuration together with the creation options, by paradigm.
CREATION_MODELS: dict[str, type[BaseModel]] = {
    name: create_model(
        f"Create{name.title().replace('_', '')}Run",
        __base__=(CreationOptions, paradigm.config),
        __doc__=f"A new run: its configuration (paradigm “{name}”) and how it begins.",
    )
    for name, paradigm in PARADIGMS.items()
}


_UNION: Any = Annotated[reduce(or_, CREATION_MODELS.values()), Field(discriminator="paradigm")]
CREATION_ADAPTER: TypeAdapter[Any] = TypeAdapter(_UNION)


class CreateRun(CreationOptions, RequestBody, extra="allow"):
    """A new run. The fields of its configuration are validated by the engine."""

    @classmethod
    def model_for(cls, value: dict[str, Any]) -> type[BaseModel] | None:
        """The model of this paradigm; None if there is no such paradigm."""
        paradigm = value.get("paradigm", "supervised")
        return CREATION_MODELS.get(paradigm) if isinstance(paradigm, str) else None

    @property
    def configuration(self) -> dict[str, Any]:
        """The fields of the configuration."""
        return self.model_extra or {}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(CREATION_ADAPTER.core_schema), "example": {"dataset": {"name": "circle"}}}


class ChangeRun(RequestBody):
    """A change of a run: part of its configuration, merged field by field and validated by the engine."""

    model_config = {
        "extra": "allow",
        "json_schema_extra": {"example": {"optimizer": {"learning_rate": 0.003}, "speed": "max"}},
    }

    speed: Speed = None
    pause_when: list[str] = Field(
        [], max_length=len(DIAGNOSES), description=f"diagnoses that pause the run: {', '.join(DIAGNOSES)}"
    )

    @classmethod
    def model_for(cls, value: dict[str, Any]) -> type[BaseModel] | None:
        """None: the fields depend on the run."""
        return None

    @property
    def configuration(self) -> dict[str, Any]:
        """The changed part of the configuration."""
        return self.model_extra or {}


class StepRun(RequestBody):
    """How many steps or epochs a paused run is trained."""

    unit: Literal["step", "epoch"] = "step"
    count: int = Field(1, ge=1, description="number of units, at most 1,000,000 steps or 10,000 epochs")

    @field_validator("count")
    @classmethod
    def check_limit(cls, count: int, info: ValidationInfo) -> int:
        """Raises ValidationError above the limit of the unit."""
        limit = STEP_LIMITS.get(info.data.get("unit", ""), count)
        if count > limit:
            raise refused(f"must be a whole number from 1 to {limit}", [1, limit])
        return count


Index = Annotated[int, Field(ge=0)]
Source = Annotated[Index | Literal["bias"], Field(description="index of an input of the unit, or “bias”")]


class WeightEdit(RequestBody):
    """A new value of one weight or bias."""

    layer: Index
    unit: Index
    source: Source
    value: float


class FreezeEdit(RequestBody):
    """Freeze or release a weight; without `source` all weights of the unit, without `unit` the layer."""

    layer: Index
    unit: Index | None = None
    source: Source | None = None
    frozen: bool


class UnitEdit(RequestBody):
    """Disable, enable, duplicate or remove a unit of a hidden layer."""

    layer: Index
    unit: Index
    action: Literal["off", "on", "duplicate", "remove"]


class EditWeights(RequestBody):
    """Edits of the network, in this order; layers count from 0, the output layer is the last."""

    model_config = {
        "json_schema_extra": {
            "example": {"weights": [{"layer": 0, "unit": 1, "source": "bias", "value": 0.5}]},
            "minProperties": 1,
        }
    }

    weights: Annotated[Any, SchemaOf(list[WeightEdit])] = Field([], description="new values")
    freeze: Annotated[Any, SchemaOf(list[FreezeEdit])] = Field(
        [], description="weights that no longer change"
    )
    units: Annotated[Any, SchemaOf(list[UnitEdit])] = Field([], description="changes of whole units")


Part = Literal["train", "validation", "test"]
Inputs = Annotated[list[float], Field(description="coordinates in the data's own units")]
Target = Annotated[
    float | str | list[int], Field(description="a value, the index or name of a class, or a list of labels")
]


class NewPoint(RequestBody):
    """A new point."""

    inputs: Inputs
    target: Target
    part: Part = "train"


class MovedPoint(RequestBody):
    """New coordinates of a point, and a new target where there is one."""

    part: Part
    index: Index
    inputs: Inputs
    target: Target | None = None


class RemovedPoint(RequestBody):
    """A point to remove."""

    part: Part
    index: Index


class ChangePoints(RequestBody):
    """Changes of a run's points; indices are those before the change."""

    model_config = {
        "json_schema_extra": {"example": {"add": [{"inputs": [0.5, -1.0], "target": 1}]}, "minProperties": 1}
    }

    add: Annotated[Any, SchemaOf(list[NewPoint])] = Field([], description="new points")
    move: Annotated[Any, SchemaOf(list[MovedPoint])] = Field([], description="points with new coordinates")
    remove: Annotated[Any, SchemaOf(list[RemovedPoint])] = Field([], description="points to remove")
    content: Annotated[Any, SchemaOf(str)] = Field(
        None, description="instead of the others: the content that an earlier change replaced"
    )

    @model_validator(mode="after")
    def check_not_empty(self) -> "ChangePoints":
        """Raises ValidationError if no change is requested."""
        if not self.model_fields_set:
            names = list(type(self).model_fields)
            raise refused(f"The body must have at least one of {', '.join(names)}.", names)
        return self
