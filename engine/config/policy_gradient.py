"""PolicyConfig: everything that determines a policy gradient run."""

from typing import ClassVar, Literal

from pydantic import Field

from engine.config.form import ELSEWHERE, form, setting
from engine.config.models import LIMITS, Config, LayerConfig, Strict

MAX_EPISODES = 256


class EnvironmentConfig(Strict):
    """The environment; numbers that are null get its defaults."""

    section: ClassVar[str] = "environment"

    name: str = setting("scheduling", "environment", "environment", catalogue="environments")
    horizon: int | None = setting(None, "how long an episode is", "environment")
    load: float | None = setting(None, "how much work arrives", "environment")
    slots: int | None = setting(None, "waiting jobs that are seen", "environment")
    capacity: int | None = setting(None, "units of the machine", "environment")
    force: float | None = setting(None, "strength of a push", "environment")


class PolicyConfig(Config):
    """A policy gradient run (REINFORCE), see `engine.policy_gradient.returns`."""

    paradigm: Literal["policy_gradient"] = setting("policy_gradient", "kind of learning", ELSEWHERE)
    environment: EnvironmentConfig = Field(default_factory=EnvironmentConfig)
    features: list[str] | None = setting(
        None,
        "components of the observation that the network sees; null: all",
        "features",
        min_length=1,
        max_length=1024,
        control="features",
    )
    layers: list[LayerConfig] = Field(
        default_factory=lambda: [LayerConfig(units=24)],
        max_length=LIMITS["hidden_layers"],
        json_schema_extra=form(ELSEWHERE),
    )
    episodes: int = setting(
        32, "episodes played for one step", "episodes", ge=2, le=MAX_EPISODES, slider=(2, 128)
    )
    beginnings: int | None = setting(
        None,
        "different beginnings among the episodes of a step; those that begin alike are compared",
        "episodes",
        ge=1,
        le=MAX_EPISODES,
        slider=(1, 32),
    )
    discount: float = setting(
        1.0, "worth of a reward one unit of time later", "episodes", ge=0, le=1, live=True, slider=(0.9, 1)
    )
    baseline: Literal["time", "mean", "none"] = setting(
        "time",
        "what returns are compared with: those of like episodes at that time, their mean, 0",
        "episodes",
        live=True,
    )
    normalize_advantages: bool = setting(
        True, "divide the advantages of a step by their spread", "episodes", more=True, live=True
    )
    entropy_bonus: float = setting(
        0.01, "reward for staying undecided", "episodes", ge=0, le=10, live=True, slider=(0, 0.3), scale="log"
    )
    epochs: int = setting(
        1000,
        "steps, each of which plays its episodes",
        "stopping",
        ge=1,
        le=1_000_000_000,
        live=True,
        slider=(1, 1_000_000),
        scale="log",
    )
    output_activation: Literal["softmax"] = setting("softmax", "the probabilities of the actions", ELSEWHERE)
