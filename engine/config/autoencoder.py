"""AutoencoderConfig: everything that determines a denoising autoencoder."""

from typing import ClassVar, Literal

from pydantic import Field

from engine.config.form import ELSEWHERE, form, setting
from engine.config.models import LIMITS, DatasetConfig, ExamplesConfig, LayerConfig, OptimizerConfig, Strict


class CorruptionConfig(Strict):
    """How the inputs of a denoising autoencoder are disturbed, anew in every epoch."""

    section: ClassVar[str] = "corruption"

    noise: float = setting(
        0.8, "normal noise; 1 is the spread of a standardised feature", "corruption", ge=0, le=10
    )
    missing: float = setting(
        0.15, "share of each row that is lost and given as 0", "corruption", ge=0, le=0.9
    )
    pattern: Literal["gap", "scattered"] = setting(
        "gap", "gap: neighbouring inputs are lost together; scattered: single ones", "corruption"
    )


class AutoencoderConfig(ExamplesConfig):
    """A denoising autoencoder: disturbed inputs, and the undisturbed ones as targets."""

    paradigm: Literal["autoencoder"] = setting("autoencoder", "kind of learning", ELSEWHERE)
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
        live=True,
        slider=(1, 1_000_000),
        scale="log",
    )
    corruption: CorruptionConfig = Field(default_factory=CorruptionConfig)
