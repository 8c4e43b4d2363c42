"""Resolves the fields that all paradigms share, in place: layers, optimizer, schedule, initializer."""

from collections.abc import Mapping
from typing import Any

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.layers.activations import ACTIVATIONS
from engine.layers.initializers import INITIALIZERS, default_for
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

_OPTIMIZER_NUMBERS = ("momentum", "beta_1", "beta_2", "rho", "epsilon", "weight_decay")
_SCHEDULE_NUMBERS = ("decay_steps", "decay_rate", "alpha", "warmup_steps")


def known(field: str, name: str, entries: Mapping[str, Any]) -> None:
    """Raises ConfigError if `name` is not one of the entries."""
    if name not in entries:
        raise ConfigError(
            field, f"there is no “{name}”; there are {', '.join(entries)}", given=name, limit=list(entries)
        )


def numbers(
    field: str, raw: dict[str, Any], parameters: Mapping[str, Parameter], names: tuple[str, ...]
) -> None:
    """Sets the fields `names` that are null to the defaults of `parameters`.

    Raises ConfigError for a number out of its range, or set without such a parameter.
    """
    for name in names:
        value, parameter = raw[name], parameters.get(name)
        if parameter is None:
            if value is not None:
                raise ConfigError(
                    f"{field}.{name}",
                    "does not apply here; leave it out or null",
                    given=value,
                    limit=list(parameters),
                )
        elif value is None:
            raw[name] = parameter.default
        elif not parameter.minimum <= value <= parameter.maximum:
            raise ConfigError(
                f"{field}.{name}",
                f"must be from {parameter.minimum} to {parameter.maximum}",
                given=value,
                limit=[parameter.minimum, parameter.maximum],
            )


def layers(raw: dict[str, Any]) -> None:
    """Resolves the hidden layers' activations and their parameters."""
    for index, layer in enumerate(raw["layers"]):
        known(f"layers.{index}.activation", layer["activation"], ACTIVATIONS)
        numbers(f"layers.{index}", layer, ACTIVATIONS[layer["activation"]].parameters, ("alpha",))


def optimizer(raw: dict[str, Any]) -> None:
    """Resolves optimizer and schedule and their parameters."""
    section = raw["optimizer"]
    known("optimizer.name", section["name"], OPTIMIZERS)
    numbers("optimizer", section, OPTIMIZERS[section["name"]].parameters, _OPTIMIZER_NUMBERS)
    schedule = section["schedule"]
    known("optimizer.schedule.name", schedule["name"], SCHEDULES)
    numbers("optimizer.schedule", schedule, SCHEDULES[schedule["name"]].parameters, _SCHEDULE_NUMBERS)


def initializer(raw: dict[str, Any], output_activation: str) -> None:
    """Resolves the initializer: `auto` follows the first activation."""
    section = raw["initializer"]
    if section["name"] == "auto":
        section["name"] = default_for(raw["layers"][0]["activation"] if raw["layers"] else output_activation)
    known("initializer.name", section["name"], INITIALIZERS)
    scale = INITIALIZERS[section["name"]].scale
    numbers("initializer", section, {"scale": scale} if scale else {}, ("scale",))
