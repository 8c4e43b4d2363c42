"""Configuration of a denoising autoencoder."""

from typing import ClassVar, Literal

from pydantic import Field

from engine.config.form import ELSEWHERE, form, setting
from engine.config.models import LIMITS, DatasetConfig, ExamplesConfig, LayerConfig, OptimizerConfig, Strict


class CorruptionConfig(Strict):
    """The corruption of the inputs; it is drawn again in every epoch."""

    section: ClassVar[str] = "corruption"

    noise: float = setting(
        0.8,
        "standard deviation of normal noise, in units of the standardised features",
        "corruption",
        ge=0,
        le=10,
    )
    missing: float = setting(
        0.15, "fraction of the inputs of each row that is replaced by 0", "corruption", ge=0, le=0.9
    )
    pattern: Literal["gap", "scattered"] = setting(
        "gap",
        "gap: the missing inputs are neighbours; scattered: they are independent",
        "corruption",
        more=True,
    )


class AutoencoderConfig(ExamplesConfig):
    """A denoising autoencoder: the inputs are corrupted, the targets are the clean inputs."""

    paradigm: Literal["autoencoder"] = setting("autoencoder", "learning paradigm", ELSEWHERE)
    dataset: DatasetConfig = Field(
        default_factory=lambda: DatasetConfig(name="light_curves", test_fraction=0.3)
    )
    layers: list[LayerConfig] = Field(
        default_factory=lambda: [LayerConfig(units=units) for units in (64, 8, 64)],
        min_length=1,
        max_length=LIMITS["hidden_layers"],
        json_schema_extra=form(ELSEWHERE),
    )
    optimizer: OptimizerConfig = Field(default_factory=lambda: OptimizerConfig(learning_rate=0.003))
    epochs: int = setting(
        300,
        "passes over the training part",
        "stopping",
        ge=1,
        le=LIMITS["epochs"],
        more=True,
        live=True,
        slider=(1, 1_000_000),
        scale="log",
    )
    corruption: CorruptionConfig = Field(default_factory=CorruptionConfig)
