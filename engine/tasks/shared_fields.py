"""Resolves the fields that all paradigms have, in place: layers, optimizer, schedule, initializer."""

from collections.abc import Mapping
from typing import Any

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.layers.activations import ACTIVATIONS
from engine.layers.initializers import INITIALIZERS, default_for
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

_OPTIMIZER_NUMBERS = ("learning_rate", "momentum", "beta_1", "beta_2", "rho", "epsilon", "weight_decay")
_SCHEDULE_NUMBERS = ("decay_steps", "decay_rate", "alpha", "warmup_steps")


def require_entry(field: str, name: str, entries: Mapping[str, Any]) -> None:
    """Raises ConfigError if `name` is not one of the entries."""
    if name not in entries:
        raise ConfigError(
            field,
            f"there is no “{name}”; available are {', '.join(entries)}",
            given=name,
            limit=list(entries),
        )


def resolve_numbers(
    field: str, raw: dict[str, Any], parameters: Mapping[str, Parameter], names: tuple[str, ...]
) -> None:
    """Sets the fields `names` that are null to the defaults of `parameters`.

    Raises ConfigError for a number out of range, or one that `parameters` does not contain.
    """
    for name in names:
        value, parameter = raw[name], parameters.get(name)
        if parameter is None:
            if value is not None:
                raise ConfigError(
                    f"{field}.{name}",
                    "does not apply here; omit it or set it to null",
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
        require_entry(f"layers.{index}.activation", layer["activation"], ACTIVATIONS)
        resolve_numbers(f"layers.{index}", layer, ACTIVATIONS[layer["activation"]].parameters, ("alpha",))


def optimizer(raw: dict[str, Any]) -> None:
    """Resolves optimizer and schedule and their parameters."""
    section = raw["optimizer"]
    require_entry("optimizer.name", section["name"], OPTIMIZERS)
    resolve_numbers("optimizer", section, OPTIMIZERS[section["name"]].parameters, _OPTIMIZER_NUMBERS)
    if section["ascent"] and section["name"] != "sgd":
        raise ConfigError("optimizer.ascent", "only SGD has it", given=True, limit=[False])
    schedule = section["schedule"]
    require_entry("optimizer.schedule.name", schedule["name"], SCHEDULES)
    resolve_numbers("optimizer.schedule", schedule, SCHEDULES[schedule["name"]].parameters, _SCHEDULE_NUMBERS)


def initializer(raw: dict[str, Any], output_activation: str) -> None:
    """Resolves the initializer: `auto` follows the first activation."""
    section = raw["initializer"]
    if section["name"] == "auto":
        section["name"] = default_for(raw["layers"][0]["activation"] if raw["layers"] else output_activation)
    require_entry("initializer.name", section["name"], INITIALIZERS)
    scale = INITIALIZERS[section["name"]].scale
    resolve_numbers("initializer", section, {"scale": scale} if scale else {}, ("scale",))
