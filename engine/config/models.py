"""Configurations of runs: the models used by REST, the form, the command line and Python.

Every field is optional in a request. `"auto"` and null mean a default that depends on other fields of the
configuration; `engine.tasks.resolve` replaces them.
"""

from typing import ClassVar, Literal

from pydantic import Field

from engine.config.dataset import DatasetConfig
from engine.config.form import ELSEWHERE, form, setting
from engine.config.strict import LIMITS, SAFE_INTEGER, Seed, Strict, Tag

__all__ = [
    "LIMITS",
    "SAFE_INTEGER",
    "Config",
    "DatasetConfig",
    "EarlyStopping",
    "ExamplesConfig",
    "InitializerConfig",
    "LayerConfig",
    "LossConfig",
    "OptimizerConfig",
    "RunConfig",
    "ScheduleConfig",
    "Strict",
]


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
    ascent: bool = setting(False, "SGD only: add the gradient instead of subtracting it", ELSEWHERE)
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
    tags: list[Tag] = setting(
        [], "words by which runs are found again", ELSEWHERE, max_length=LIMITS["tags"], live=True
    )
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
