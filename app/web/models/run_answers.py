"""Answers about runs."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.run_states import Status
from app.web.models.base import Answer, SchemaOf
from engine.tasks.paradigms import PARADIGMS

_CONFIGURATIONS: Any = reduce(or_, (paradigm.config for paradigm in PARADIGMS.values()))
# The engine's models, by paradigm.
Configuration = Annotated[Any, SchemaOf(Annotated[_CONFIGURATIONS, Field(discriminator="paradigm")])]


class HistoryPoint(Answer):
    """Losses and metrics at one step; null where not measured."""

    step: int
    epoch: int
    train_loss: float | None
    validation_loss: float | None
    test_loss: float | None
    penalty: float | None
    metrics: dict[str, float | None]


class ConfigurationWarning(Answer):
    """A setting that is possible but will not work well."""

    field: str
    message: str


class RunSummary(Answer):
    """A run as the list shows it."""

    id: str
    url: str = Field(description="its page")
    name: str
    created: float = Field(description="seconds since 1970")
    status: Status
    status_reason: str | None = Field(description="why it is paused or has ended, in English")
    reason_code: str | None = Field(description="stable name of the reason; null if there is none")
    reason_parameters: dict[str, Any] = Field(description="the values in the sentence of the reason")
    attempt: int = Field(description="grows with every reset")
    step: int = Field(description="optimizer steps of this attempt")
    epoch: int
    latest: HistoryPoint | None = Field(description="the newest point of the history")
    learning_rate: float | None
    steps_per_second: float
    speed: float | Literal["max"] = Field(description="limit of the steps per second")
    pause_when: list[str] = Field(description="diagnoses that pause the run")
    config: Configuration = Field(description="the resolved configuration as it now is")


class Run(RunSummary):
    """A run."""

    seq: int = Field(description="number of its newest frame in the stream")
    parameters: int = Field(description="number of weights, biases and learned alphas")
    warnings: list[ConfigurationWarning]


class RunWithEvent(Run):
    """A run after a change, and the event that was recorded."""

    event: dict[str, Any]


class ListedRun(RunSummary):
    """A run in the list; the last three fields only of runs that are in memory."""

    seq: int | None = None
    parameters: int | None = None
    warnings: list[ConfigurationWarning] | None = None


class RunList(Answer):
    """Runs, the newest first."""

    runs: list[ListedRun]


class History(Answer):
    """The measured points of the present attempt, as one list per quantity; null where not measured."""

    run: str
    attempt: int
    seq: int = Field(description="the frame up to which the stream has sent these points")
    step: list[int]
    epoch: list[int]
    train_loss: list[float | None]
    validation_loss: list[float | None]
    test_loss: list[float | None]
    penalty: list[float | None]
    metrics: dict[str, list[float | None]]


class Checkpoints(Answer):
    """The recorded steps of the present attempt."""

    attempt: int
    steps: list[int]
    epochs: list[int]


class TypedArray(Answer):
    """An array with `arrays=typed`."""

    dtype: str
    bdata: str = Field(description="base64 of the numbers, little-endian, row by row")
    shape: str = Field(description="sizes, separated by commas")


Vector = list[float | None] | TypedArray
Matrix = list[list[float | None]] | TypedArray


class Preprocessing(Answer):
    """How inputs become features, and outputs become predictions."""

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
    preprocessing: Preprocessing
    layers: list[LayerWeights]


class Prediction(Answer):
    """Outputs, one list per sample, and the predicted classes or labels where there are any."""

    outputs: list[list[float | None]]
    classes: list[str | list[str] | None] | None = None


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
    """How many points each part has."""

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
