"""Answers about runs."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.runs.run_record import RunRecord, appearances
from app.web.models.base import Answer, SchemaOf
from engine.tasks.paradigms import PARADIGMS

_CONFIGURATIONS: Any = reduce(or_, (paradigm.config for paradigm in PARADIGMS.values()))
# The engine's models, by paradigm.
Configuration = Annotated[Any, SchemaOf(Annotated[_CONFIGURATIONS, Field(discriminator="paradigm")])]


class HistoryPoint(Answer):
    """Losses and metrics at one step; null if not measured."""

    step: int
    epoch: int
    train_loss: float | None
    validation_loss: float | None
    test_loss: float | None
    penalty: float | None
    metrics: dict[str, float | None]


class ConfigurationWarning(Answer):
    """A valid setting that is unlikely to work well."""

    field: str
    message: str
    code: str = Field(description="stable name of the message")
    parameters: dict[str, Any] = Field(description="the values in the message")


class Parent(Answer):
    """The step of another run from which a run continues; that run may have been deleted since."""

    id: str
    attempt: int
    step: int


class ExperimentMember(Answer):
    """The experiment to which a run belongs."""

    id: str
    member: int = Field(description="its number in the experiment, from 0")
    values: dict[str, Any] = Field(description="values of the varied fields, by path")
    mode: Literal["batched", "alone"] = Field(description="batched: trained together with others")
    mode_reason: str | None = Field(description="why it trains alone, in English")
    batch: int | None = Field(description="number of the batch; null of a member that trains alone")


# Types in the answer where they are not those of the record.
ANSWER_TYPES: dict[str, Any] = {
    "latest": HistoryPoint | None,
    "speed": float | Literal["max"],
    "pause_when": list[str],
    "parent": Parent | None,
    "experiment": ExperimentMember | None,
    "parameters": int,
    "warnings": list[ConfigurationWarning],
    "config_dict": Configuration,
}


def _record_fields(memory_only: bool, required: bool) -> Any:
    """A model of the fields of the run record that are in the answer: those stored, or in memory only."""
    record_types = get_type_hints(RunRecord)
    fields: dict[str, Any] = {}
    for name, field in appearances(RunRecord).items():
        if field.answer is not None and field.memory_only == memory_only:
            answer_type = ANSWER_TYPES.get(name, record_types[name])
            default = Field(... if required else None, description=field.description)
            fields[field.answer] = (answer_type if required else answer_type | None), default
    return create_model("RecordFields", __base__=Answer, **fields)


STORED_FIELDS = _record_fields(memory_only=False, required=True)
MEMORY_FIELDS = _record_fields(memory_only=True, required=True)
OPTIONAL_FIELDS = _record_fields(memory_only=True, required=False)


class RunSummary(STORED_FIELDS):  # type: ignore[misc, valid-type]
    """A run as the list shows it."""

    url: str = Field(description="its page")
    name: str


class Run(RunSummary, MEMORY_FIELDS):  # type: ignore[misc, valid-type]
    """A run."""

    seq: int = Field(description="number of its newest frame in the stream")


class RunWithEvent(Run):
    """A run after a change, and the event that was recorded."""

    event: dict[str, Any]


class CarriedPart(Answer):
    """A part of the state of a run, by a stable name, with the values in its text."""

    code: str
    parameters: dict[str, int]


class ForkedRun(Run):
    """A run that continues from a step of another one."""

    carried: list[str] = Field(description="what goes on, in English")
    renewed: list[str] = Field(description="what begins anew, in English")
    carried_codes: list[CarriedPart]
    renewed_codes: list[CarriedPart]


class ListedRun(RunSummary, OPTIONAL_FIELDS):  # type: ignore[misc, valid-type]
    """A run in the list; `seq`, `parameters` and `warnings` only of runs that are in memory."""

    seq: int | None = None


class RunList(Answer):
    """Runs, the newest first."""

    runs: list[ListedRun]


class TypedArray(Answer):
    """An array with `arrays=typed`."""

    dtype: str
    bdata: str = Field(description="base64 of the numbers, little-endian, row by row")
    shape: str = Field(description="sizes, separated by commas")


Vector = list[float | None] | TypedArray
Matrix = list[list[float | None]] | TypedArray


class Preprocessing(Answer):
    """Transformation of inputs to features, and of outputs to predictions."""

    inputs: list[str]
    features: list[str]
    mean: Vector
    scale: Vector
    target_mean: Vector
    target_scale: Vector
    target_low: float
    target_high: float


class LayerWeights(Answer):
    """Parameters of one layer: `weights` has a row per input and a column per unit."""

    weights: Matrix
    biases: Vector
    activation: str
    alpha: Vector | None = Field(None, description="the activation's parameter, one per unit")
    frozen: list[list[bool]] | TypedArray | None = Field(
        None, description="rows as the weights, and a last one for the biases"
    )
    off: list[int] | None = Field(None, description="units that are disabled")


class Weights(Answer):
    """All parameters at one step."""

    step: int
    attempt: int
    config: dict[str, Any] = Field(description="the configuration at that step")
    preprocessing: Preprocessing
    layers: list[LayerWeights]


class Prediction(Answer):
    """Outputs, one list per sample, and the predicted classes or labels if the task has any.

    `ignored`, if the samples were objects or CSV: their columns that are no inputs.
    """

    outputs: list[list[float | None]]
    classes: list[str | list[str] | None] | None = None
    ignored: list[str] | None = None


class View(BaseModel):
    """A view of one step; its other fields are named arrays, numbers and texts (see the catalogue)."""

    model_config = ConfigDict(extra="allow")

    run: str
    attempt: int
    step: int
    epoch: int
    view: str


class ImageShape(Answer):
    """Inputs that are the pixels of an image, row by row from the top."""

    rows: int
    columns: int
    low: float
    high: float


class PartSizes(Answer):
    """Number of points of each part."""

    train: int
    validation: int
    test: int


class PartPoints(Answer):
    """Points of one part, in the data's own units."""

    inputs: Matrix
    targets: Matrix | Vector


class Points(Answer):
    """The points of a run or a data set."""

    task: str
    inputs: list[str]
    features: list[str]
    classes: list[str] | None
    image: ImageShape | None
    sizes: PartSizes
    train: PartPoints
    validation: PartPoints
    test: PartPoints
