"""Choices: what every configuration names from the engine's dicts, checked and completed in place."""

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
    """Refuse a name that is not among the entries."""
    if name not in entries:
        raise ConfigError(
            field, f"there is no “{name}”; there are {', '.join(entries)}", given=name, limit=list(entries)
        )


def numbers(
    field: str, raw: dict[str, Any], parameters: Mapping[str, Parameter], names: tuple[str, ...]
) -> None:
    """Fill in the defaults of the numbers that apply and refuse those that do not."""
    for name in names:
        given, parameter = raw[name], parameters.get(name)
        if parameter is None:
            if given is not None:
                raise ConfigError(
                    f"{field}.{name}",
                    "does not apply here; leave it out or null",
                    given=given,
                    limit=list(parameters),
                )
        elif given is None:
            raw[name] = parameter.default
        elif not parameter.minimum <= given <= parameter.maximum:
            raise ConfigError(
                f"{field}.{name}",
                f"must be from {parameter.minimum} to {parameter.maximum}",
                given=given,
                limit=[parameter.minimum, parameter.maximum],
            )


def layers(raw: dict[str, Any]) -> None:
    """Resolve the hidden layers' activations and their parameters."""
    for index, layer in enumerate(raw["layers"]):
        known(f"layers.{index}.activation", layer["activation"], ACTIVATIONS)
        numbers(f"layers.{index}", layer, ACTIVATIONS[layer["activation"]].parameters, ("alpha",))


def optimizer(raw: dict[str, Any]) -> None:
    """Resolve optimizer and schedule, with the numbers that apply to them."""
    chosen = raw["optimizer"]
    known("optimizer.name", chosen["name"], OPTIMIZERS)
    numbers("optimizer", chosen, OPTIMIZERS[chosen["name"]].parameters, _OPTIMIZER_NUMBERS)
    schedule = chosen["schedule"]
    known("optimizer.schedule.name", schedule["name"], SCHEDULES)
    numbers("optimizer.schedule", schedule, SCHEDULES[schedule["name"]].parameters, _SCHEDULE_NUMBERS)


def initializer(raw: dict[str, Any], output_activation: str) -> None:
    """Resolve where training starts: `auto` follows the first activation."""
    chosen = raw["initializer"]
    if chosen["name"] == "auto":
        chosen["name"] = default_for(raw["layers"][0]["activation"] if raw["layers"] else output_activation)
    known("initializer.name", chosen["name"], INITIALIZERS)
    scale = INITIALIZERS[chosen["name"]].scale
    numbers("initializer", chosen, {"scale": scale} if scale else {}, ("scale",))
