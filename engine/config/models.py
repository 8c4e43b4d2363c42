"""Configurations: everything that determines a run, in one definition for REST, form, command line, Python.

Every field is optional in a request. `"auto"` and null mean a default that depends on the rest of the
configuration; `engine.tasks.resolve` fills those in, so that a run's own configuration has none left where a
number applies.
"""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

SAFE_INTEGER = 2**53 - 1  # what JavaScript can count to
LIMITS: dict[str, int] = {
    "hidden_layers": 128,
    "units": 1024,
    "parameters": 2_000_000,
    "samples": 200_000,
    "name": 200,
    "epochs": 1_000_000_000,
}

Seed = Annotated[int, Field(ge=0, le=SAFE_INTEGER)]
Live: dict[str, Any] = {"live": True}  # marks in the JSON Schema what a PATCH can change while training


def _listed(catalogue: str) -> dict[str, Any]:
    """Marks a name that the catalogue's list of that key explains."""
    return {"catalogue": catalogue}


class Strict(BaseModel):
    """No unknown fields, no silent conversions, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class DatasetConfig(Strict):
    """Which points, and how they are divided."""

    name: str = Field(
        "spiral", max_length=LIMITS["name"], description="data set", json_schema_extra=_listed("datasets")
    )
    content: str | None = Field(
        None,
        pattern="^[0-9a-f]{64}$",
        description="own data by their content (SHA-256); null: a built-in set, or what has that name now",
    )
    samples: int | None = Field(
        None, ge=1, le=LIMITS["samples"], description="number of points; null: the set's default"
    )
    noise: float | None = Field(
        None, ge=0, le=0.5, description="0 is clean, 0.5 is half noise; null: the set's default"
    )
    classes: int | None = Field(None, ge=2, le=10, description="number of classes, where it can be chosen")
    validation_fraction: float = Field(
        0, ge=0, le=0.9, description="share of the points kept for early stopping"
    )
    test_fraction: float = Field(0.5, ge=0, le=0.9, description="share of the points never trained on")
    standardize: bool | Literal["auto"] = Field(
        "auto", description="scale features to mean 0 and spread 1 of the training part"
    )
    seed: Seed = Field(0, description="draws the points and their division")


class LayerConfig(Strict):
    """One hidden layer."""

    units: int = Field(8, ge=1, le=LIMITS["units"], description="number of units")
    activation: str = Field(
        "tanh", description="activation function", json_schema_extra=_listed("activations")
    )
    alpha: float | None = Field(None, description="parameter of the activation, where it has one")
    dropout: float = Field(
        0, ge=0, le=0.95, description="share of units silenced at each step", json_schema_extra=Live
    )
    frozen: bool = Field(
        False, description="keep this layer's parameters as they are", json_schema_extra=Live
    )


class LossConfig(Strict):
    """What is made small."""

    name: str = Field(
        "auto",
        description="loss function; auto follows the task and the output activation",
        json_schema_extra=_listed("losses"),
    )
    delta: float | None = Field(None, description="where Huber's loss turns linear")


class InitializerConfig(Strict):
    """Where training starts."""

    name: str = Field(
        "auto",
        description="distribution of the initial weights; auto follows the first activation",
        json_schema_extra=_listed("initializers"),
    )
    scale: float | None = Field(None, description="its width")
    bias: float = Field(0, ge=-100, le=100, description="initial bias of every unit")


class ScheduleConfig(Strict):
    """How the learning rate changes over time, in optimizer steps."""

    name: str = Field("constant", description="schedule", json_schema_extra=_listed("schedules") | Live)
    decay_steps: int | None = Field(None, description="length of the decay", json_schema_extra=Live)
    decay_rate: float | None = Field(None, description="factor per decay_steps", json_schema_extra=Live)
    alpha: float | None = Field(None, description="share of the rate that remains", json_schema_extra=Live)
    warmup_steps: int | None = Field(None, description="length of the rise", json_schema_extra=Live)


class OptimizerConfig(Strict):
    """How the weights move."""

    name: str = Field("adam", description="optimizer", json_schema_extra=_listed("optimizers"))
    learning_rate: float = Field(0.01, ge=1e-8, le=1000, description="size of a step", json_schema_extra=Live)
    momentum: float | None = Field(
        None, description="share of the last step that is kept", json_schema_extra=Live
    )
    beta_1: float | None = Field(None, description="memory of the mean gradient", json_schema_extra=Live)
    beta_2: float | None = Field(None, description="memory of the squared gradient", json_schema_extra=Live)
    rho: float | None = Field(None, description="memory of the squared gradient", json_schema_extra=Live)
    epsilon: float | None = Field(None, description="keeps the division finite", json_schema_extra=Live)
    weight_decay: float | None = Field(None, description="decoupled weight decay", json_schema_extra=Live)
    schedule: ScheduleConfig = Field(default_factory=ScheduleConfig, description="learning rate over time")
    clip_norm: float | None = Field(
        None, ge=1e-8, le=1e8, description="largest norm of the whole gradient", json_schema_extra=Live
    )


class EarlyStopping(Strict):
    """Stop when the monitored loss has not fallen by more than min_delta for `patience` epochs."""

    monitor: Literal["validation_loss", "test_loss", "train_loss"] = Field(
        "validation_loss", description="train_loss makes it a plateau rule"
    )
    patience: int = Field(20, ge=1, le=1_000_000, description="epochs to wait")
    min_delta: float = Field(0, ge=0, le=1e6, description="smallest change that counts")
    restore_best: bool = Field(True, description="end with the best weights")


class Config(Strict):
    """What every run has, whatever the kind of learning; `paradigm` says which one it is."""

    name: str = Field("", max_length=LIMITS["name"], description="what you call it", json_schema_extra=Live)
    paradigm: str = Field("supervised", description="kind of learning")
    layers: list[LayerConfig] = Field(
        default_factory=lambda: [LayerConfig()], max_length=LIMITS["hidden_layers"]
    )
    initializer: InitializerConfig = Field(default_factory=InitializerConfig)
    optimizer: OptimizerConfig = Field(default_factory=OptimizerConfig)
    l1: float = Field(0, ge=0, le=100, description="penalty on Σ|w|", json_schema_extra=Live)
    l2: float = Field(0, ge=0, le=100, description="penalty on ½ Σw²", json_schema_extra=Live)
    epochs: int = Field(
        1000, ge=1, le=LIMITS["epochs"], description="passes over the training part", json_schema_extra=Live
    )
    dtype: Literal["float32", "float64"] = Field("float32", description="precision of the arithmetic")
    seed: Seed = Field(0, description="draws weights, batches and dropout")


class ExamplesConfig(Config):
    """A run that learns from the rows of a data set."""

    dataset: DatasetConfig = Field(default_factory=DatasetConfig)
    features: list[str] | None = Field(
        None, min_length=1, max_length=1024, description="inputs of the network; null: the set's own"
    )
    output_activation: str = Field(
        "auto",
        description="activation of the output layer; auto follows the task",
        json_schema_extra=_listed("activations"),
    )
    loss: LossConfig = Field(default_factory=LossConfig)
    batch_size: int = Field(
        32, ge=1, le=LIMITS["samples"], description="samples per step", json_schema_extra=Live
    )
    early_stopping: EarlyStopping | None = Field(
        None, description="stop when a loss no longer falls", json_schema_extra=Live
    )


class RunConfig(ExamplesConfig):
    """A supervised run: inputs, and targets that somebody knows."""

    paradigm: Literal["supervised"] = Field("supervised", description="kind of learning")


class CorruptionConfig(Strict):
    """How the inputs of a denoising autoencoder are disturbed, anew in every epoch."""

    noise: float = Field(
        0.8, ge=0, le=10, description="normal noise; 1 is the spread of a standardised feature"
    )
    missing: float = Field(0.15, ge=0, le=0.9, description="share of each row that is lost and given as 0")
    pattern: Literal["gap", "scattered"] = Field(
        "gap", description="gap: neighbouring inputs are lost together; scattered: single ones"
    )


class AutoencoderConfig(ExamplesConfig):
    """A denoising autoencoder: disturbed inputs, and the undisturbed ones as targets."""

    paradigm: Literal["autoencoder"] = Field("autoencoder", description="kind of learning")
    dataset: DatasetConfig = Field(
        default_factory=lambda: DatasetConfig(name="light_curves", test_fraction=0.3)
    )
    layers: list[LayerConfig] = Field(
        default_factory=lambda: [LayerConfig(units=units) for units in (64, 8, 64)],
        min_length=1,
        max_length=LIMITS["hidden_layers"],
    )
    optimizer: OptimizerConfig = Field(default_factory=lambda: OptimizerConfig(learning_rate=0.003))
    epochs: int = Field(
        300, ge=1, le=LIMITS["epochs"], description="passes over the training part", json_schema_extra=Live
    )
    corruption: CorruptionConfig = Field(default_factory=CorruptionConfig)


def is_live(config: type[Config], path: tuple[str, ...]) -> bool:
    """Whether the field at this path of names and indices can change while a training goes on."""
    model: Any = config
    for name in path:
        if name.isdecimal():
            continue
        field = getattr(model, "model_fields", {}).get(name)
        if field is None:
            return False
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("live"):
            return True
        inner = (field.annotation, *get_args(field.annotation))
        model = next((each for each in inner if hasattr(each, "model_fields")), None)
    return False
