"""PolicyConfig: everything that determines a run that learns to act."""

from typing import Literal

from pydantic import Field

from engine.config.models import LIMITS, Config, LayerConfig, Live, Strict

MOST_EPISODES = 256


class EnvironmentConfig(Strict):
    """Where it acts; numbers that are null get the environment's own defaults."""

    name: str = Field(
        "scheduling", description="environment", json_schema_extra={"catalogue": "environments"}
    )
    horizon: int | None = Field(None, description="how long an episode is")
    load: float | None = Field(None, description="how much work arrives")
    slots: int | None = Field(None, description="waiting jobs that are seen")
    capacity: int | None = Field(None, description="units of the machine")
    force: float | None = Field(None, description="strength of a push")


class PolicyConfig(Config):
    """A run that learns to act: REINFORCE, see `engine.policy_gradient.returns`."""

    paradigm: Literal["policy_gradient"] = Field("policy_gradient", description="kind of learning")
    environment: EnvironmentConfig = Field(default_factory=EnvironmentConfig)
    features: list[str] | None = Field(
        None, min_length=1, max_length=1024, description="what the network sees of the world; null: all of it"
    )
    layers: list[LayerConfig] = Field(
        default_factory=lambda: [LayerConfig(units=24)], max_length=LIMITS["hidden_layers"]
    )
    episodes: int = Field(32, ge=2, le=MOST_EPISODES, description="episodes played for one step")
    beginnings: int | None = Field(
        None,
        ge=1,
        le=MOST_EPISODES,
        description="different beginnings among the episodes of a step; those that begin alike are compared",
    )
    discount: float = Field(
        1.0, ge=0, le=1, description="worth of a reward one unit of time later", json_schema_extra=Live
    )
    baseline: Literal["time", "mean", "none"] = Field(
        "time",
        description="what returns are compared with: those of like episodes at that time, their mean, 0",
        json_schema_extra=Live,
    )
    normalize_advantages: bool = Field(
        True, description="divide the advantages of a step by their spread", json_schema_extra=Live
    )
    entropy_bonus: float = Field(
        0.01, ge=0, le=10, description="reward for staying undecided", json_schema_extra=Live
    )
    epochs: int = Field(
        1000,
        ge=1,
        le=1_000_000_000,
        description="steps, each of which plays its episodes",
        json_schema_extra=Live,
    )
    output_activation: Literal["softmax"] = Field("softmax", description="the probabilities of the actions")
