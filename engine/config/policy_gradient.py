"""Configuration of a policy gradient run."""

from typing import ClassVar, Literal

from pydantic import Field

from engine.config.form import ELSEWHERE, form, setting
from engine.config.models import LIMITS, Config, LayerConfig, Strict

MAX_EPISODES = 256


class EnvironmentConfig(Strict):
    """The environment; null means the default of the environment."""

    section: ClassVar[str] = "environment"

    name: str = setting("scheduling", "environment", "environment", catalogue="environments")
    horizon: int | None = setting(None, "maximum length of an episode", "environment")
    load: float | None = setting(None, "average arriving work as a fraction of the capacity", "environment")
    slots: int | None = setting(None, "number of waiting jobs in the observation", "environment", more=True)
    capacity: int | None = setting(None, "capacity of the machine in units", "environment", more=True)
    force: float | None = setting(None, "magnitude of the force", "environment")
    targets: int | None = setting(None, "number of targets of a night", "environment")
    clouds: float | None = setting(None, "mean fraction of the night that is not clear", "environment")


class PolicyConfig(Config):
    """A policy gradient run (REINFORCE), see `engine.policy_gradient.returns`."""

    last_epoch: ClassVar[tuple[str, str]] = ("steps_done", "steps")  # an epoch is one step

    paradigm: Literal["policy_gradient"] = setting("policy_gradient", "learning paradigm", ELSEWHERE)
    environment: EnvironmentConfig = Field(default_factory=EnvironmentConfig)
    features: list[str] | None = setting(
        None,
        "components of the observation that are inputs of the network; null: all",
        ELSEWHERE,
        min_length=1,
        max_length=1024,
    )
    layers: list[LayerConfig] = Field(
        default_factory=lambda: [LayerConfig(units=24)],
        max_length=LIMITS["hidden_layers"],
        json_schema_extra=form(ELSEWHERE),
    )
    episodes: int = setting(
        32, "episodes per optimizer step", "episodes", ge=2, le=MAX_EPISODES, slider=(2, 128)
    )
    beginnings: int | None = setting(
        None,
        "number of different initial states per step; episodes with the same one are compared",
        "episodes",
        ge=1,
        le=MAX_EPISODES,
        more=True,
        slider=(1, 32),
    )
    discount: float = setting(
        1.0, "discount factor per unit of time", "episodes", ge=0, le=1, live=True, slider=(0.9, 1)
    )
    baseline: Literal["time", "mean", "none"] = setting(
        "time",
        "subtracted from returns: mean at the same time and initial state, mean of all, or 0",
        "episodes",
        more=True,
        live=True,
    )
    normalize_advantages: bool = setting(
        True, "divide the advantages of a step by their standard deviation", "episodes", more=True, live=True
    )
    entropy_bonus: float = setting(
        0.01,
        "coefficient of the entropy of the policy",
        "episodes",
        ge=0,
        le=10,
        live=True,
        slider=(0, 0.3),
        scale="log",
    )
    epochs: int = setting(
        1000,
        "number of optimizer steps",
        "stopping",
        ge=1,
        le=1_000_000_000,
        more=True,
        live=True,
        slider=(1, 1_000_000),
        scale="log",
    )
    output_activation: Literal["softmax"] = setting("softmax", "activation of the output layer", ELSEWHERE)
