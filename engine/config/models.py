"""Configurations of runs: the models used by REST, the form, the command line and Python.

Every field is optional in a request. `"auto"` and null mean a default that depends on other fields of the
configuration; `engine.tasks.resolve` replaces them.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from engine.config.form import ELSEWHERE, add_texts, form, setting

SAFE_INTEGER = 2**53 - 1  # JavaScript's Number.MAX_SAFE_INTEGER
LIMITS: dict[str, int] = {
    "hidden_layers": 128,
    "units": 1024,
    "parameters": 2_000_000,
    "samples": 200_000,
    "name": 200,
    "epochs": 1_000_000_000,
    "steps": 1_000_000_000_000,
}

Seed = Annotated[int, Field(ge=0, le=SAFE_INTEGER)]


class Strict(BaseModel):
    """A model without unknown fields, implicit conversions and NaN."""

    section: ClassVar[str] = "run"  # part of the keys of the fields' texts

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, json_schema_extra=add_texts
    )


class DatasetConfig(Strict):
    """The data set, and its split into training, validation and test part."""

    section: ClassVar[str] = "dataset"

    name: str = setting(
        "spiral", "data set", "data", max_length=LIMITS["name"], control="thumbnails", catalogue="datasets"
    )
    content: str | None = setting(
        None,
        "SHA-256 of an imported table; null: the built-in set, or the current table of that name",
        ELSEWHERE,
        pattern="^[0-9a-f]{64}$",
    )
    samples: int | None = setting(
        None, "number of points; null: the default of the data set", "data", ge=1, le=LIMITS["samples"]
    )
    noise: float | None = setting(
        None, "noise from 0 to 0.5; null: the default of the data set", "data", ge=0, le=0.5
    )
    classes: int | None = setting(
        None, "number of classes, if the data set has this parameter", "data", ge=2, le=10, more=True
    )
    validation_fraction: float = setting(
        0, "fraction of the points in the validation part", "data", ge=0, le=0.9, more=True
    )
    test_fraction: float = setting(0.5, "fraction of the points in the test part", "data", ge=0, le=0.9)
    standardize: bool | Literal["auto"] = setting(
        "auto", "scale features to mean 0 and standard deviation 1 on the training part", "data", more=True
    )
    seed: Seed = setting(0, "seed of the points and of their split", "data", more=True, control="input")

    _header: Any = PrivateAttr(None)

    @property
    def header(self) -> Any:
        """The `Header` of the imported table after resolving; None for a built-in data set."""
        return self._header

    def with_header(self, header: Any) -> Self:
        """Returns a copy with this header."""
        copy = self.model_copy()
        copy._header = header
        return copy


class LayerConfig(Strict):
    """One hidden layer."""

    section: ClassVar[str] = "layer"

    units: int = setting(8, "number of units", ELSEWHERE, ge=1, le=LIMITS["units"])
    activation: str = setting("tanh", "activation function", ELSEWHERE, catalogue="activations")
    alpha: float | None = setting(None, "parameter of the activation function, if it has one", ELSEWHERE)
    dropout: float = setting(0, "fraction of units masked per step", ELSEWHERE, ge=0, le=0.95, live=True)
    frozen: bool = setting(False, "do not update the parameters of this layer", ELSEWHERE, live=True)


class LossConfig(Strict):
    """The loss function."""

    section: ClassVar[str] = "loss"

    name: str = setting(
        "auto",
        "loss function; auto: by task and output activation",
        "learning",
        more=True,
        catalogue="losses",
    )
    delta: float | None = setting(None, "error above which the Huber loss is linear", "learning", more=True)


class InitializerConfig(Strict):
    """The distribution of the initial weights."""

    section: ClassVar[str] = "initializer"

    name: str = setting(
        "auto",
        "distribution of the initial weights; auto: by the first activation",
        "learning",
        more=True,
        catalogue="initializers",
    )
    scale: float | None = setting(None, "scale of the distribution", "learning", more=True)
    bias: float = setting(0, "initial bias of every unit", "learning", ge=-100, le=100, more=True)


class ScheduleConfig(Strict):
    """How the learning rate changes over time, in optimizer steps."""

    section: ClassVar[str] = "schedule"

    name: str = setting("constant", "schedule", "learning", more=True, live=True, catalogue="schedules")
    decay_steps: int | None = setting(None, "steps of the decay", "learning", more=True, live=True)
    decay_rate: float | None = setting(None, "factor per decay_steps", "learning", more=True, live=True)
    alpha: float | None = setting(None, "final rate / initial rate", "learning", more=True, live=True)
    warmup_steps: int | None = setting(None, "steps of the warmup", "learning", more=True, live=True)


class OptimizerConfig(Strict):
    """The optimizer with its learning rate."""

    section: ClassVar[str] = "optimizer"

    name: str = setting("adam", "optimizer", "learning", catalogue="optimizers")
    learning_rate: float | None = setting(
        None, "learning rate; null: that of the optimizer", "learning", ge=1e-8, le=1000, live=True
    )
    momentum: float | None = setting(None, "decay rate of gradients", "learning", more=True, live=True)
    beta_1: float | None = setting(None, "decay rate of gradients", "learning", more=True, live=True)
    beta_2: float | None = setting(None, "decay rate of squared gradients", "learning", more=True, live=True)
    rho: float | None = setting(None, "decay rate of squared gradients", "learning", more=True, live=True)
    epsilon: float | None = setting(
        None, "constant in the denominator", "learning", more=True, live=True, control="input"
    )
    weight_decay: float | None = setting(None, "decoupled weight decay", "learning", more=True, live=True)
    schedule: ScheduleConfig = Field(default_factory=ScheduleConfig, description="learning rate over time")
    clip_norm: float | None = setting(
        None, "maximum norm of the gradient of all parameters", "learning", ge=1e-8, le=1e8,
        more=True, live=True, slider=(0.01, 100), scale="log", optional=True,
    )  # fmt: skip


class EarlyStopping(Strict):
    """Stop when the monitored loss has not fallen by more than min_delta for `patience` epochs."""

    section: ClassVar[str] = "early_stopping"

    monitor: Literal["validation_loss", "test_loss", "train_loss"] = setting(
        "validation_loss", "the monitored loss", "stopping"
    )
    patience: int = setting(
        20, "epochs without improvement", "stopping", ge=1, le=1_000_000, slider=(1, 1000), scale="log"
    )
    min_delta: float = setting(
        0, "minimum decrease that counts as an improvement", "stopping", ge=0, le=1e6, slider=(0, 1)
    )
    restore_best: bool = setting(True, "restore the weights of the best epoch", "stopping")


class Config(Strict):
    """The fields that the runs of all paradigms share."""

    # Code and parameter of the reason when all epochs are done.
    last_epoch: ClassVar[tuple[str, str]] = ("epochs_done", "epochs")

    name: str = setting("", "name of the run", "details", max_length=LIMITS["name"], more=True, live=True)
    paradigm: str = setting("supervised", "learning paradigm", ELSEWHERE)
    layers: list[LayerConfig] = Field(
        default_factory=lambda: [LayerConfig()], max_length=LIMITS["hidden_layers"],
        json_schema_extra=form(ELSEWHERE),
    )  # fmt: skip
    initializer: InitializerConfig = Field(default_factory=InitializerConfig)
    optimizer: OptimizerConfig = Field(default_factory=OptimizerConfig)
    l1: float = setting(
        0, "penalty on Σ|w|", "learning", ge=0, le=100, more=True, live=True, slider=(0, 0.3), scale="log"
    )
    l2: float = setting(
        0, "penalty on ½ Σw²", "learning", ge=0, le=100, live=True, slider=(0, 0.3), scale="log"
    )
    epochs: int = setting(
        1000, "passes over the training part", "stopping", ge=1, le=LIMITS["epochs"], more=True, live=True,
        slider=(1, 1_000_000), scale="log",
    )  # fmt: skip
    steps: int | None = setting(
        None, "optimizer steps after which training ends, if its epochs are not done before; null: no limit",
        "stopping", ge=1, le=LIMITS["steps"], more=True, live=True, slider=(1, 1_000_000), scale="log",
        optional=True,
    )  # fmt: skip
    unwatched: Literal["train", "pause"] = setting(
        "train", "pause: 30 s after the last viewer left, until one returns", "details", more=True, live=True,
        control="switch",
    )  # fmt: skip
    dtype: Literal["float32", "float64"] = setting("float32", "floating-point type", "details", more=True)
    seed: Seed = setting(0, "seed of weights, batches and dropout", "details", more=True, control="input")


class ExamplesConfig(Config):
    """A run that learns from the rows of a data set."""

    dataset: DatasetConfig = Field(default_factory=DatasetConfig)
    features: list[str] | None = setting(
        None,
        "inputs of the network; null: the default of the data set",
        ELSEWHERE,
        min_length=1,
        max_length=1024,
    )
    output_activation: str = setting(
        "auto", "activation of the output layer; auto follows the task", ELSEWHERE, catalogue="activations"
    )
    loss: LossConfig = Field(default_factory=LossConfig)
    batch_size: int = setting(
        32, "samples per step", "learning", ge=1, le=LIMITS["samples"], live=True, slider=(1, 1024),
        scale="log",
    )  # fmt: skip
    early_stopping: EarlyStopping | None = setting(
        None, "stop when a loss does not fall any more", "stopping", more=True, live=True,
        control="early_stopping",
    )  # fmt: skip


class RunConfig(ExamplesConfig):
    """A supervised run: learns from inputs and targets."""

    paradigm: Literal["supervised"] = setting("supervised", "learning paradigm", ELSEWHERE)
