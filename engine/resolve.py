"""From a request to a configuration with nothing left open: validate, fill in what is `auto`, name what is
wrong.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from engine.activations import ACTIVATIONS
from engine.config import LIMITS, RunConfig
from engine.datasets import DATASETS, Description, canonical_feature, describe
from engine.errors import ConfigError
from engine.initializers import INITIALIZERS, default_for
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.parameters import Parameter
from engine.problems import first_problem
from engine.schedules import SCHEDULES
from engine.tasks import TASKS, output_and_loss


def parse(raw: Any) -> RunConfig:
    """Validate a request and resolve it. Raises ConfigError for the first field that cannot be."""
    if not isinstance(raw, Mapping):
        raise ConfigError("", "a configuration is a JSON object", given=raw, limit="object")
    try:
        config = RunConfig.model_validate(raw)
    except ValidationError as error:
        raise first_problem(error) from None
    return _resolve(config)


_OPTIMIZER_NUMBERS = ("momentum", "beta_1", "beta_2", "rho", "epsilon", "weight_decay")
_SCHEDULE_NUMBERS = ("decay_steps", "decay_rate", "alpha", "warmup_steps")


def _resolve(config: RunConfig) -> RunConfig:
    raw = config.model_dump()
    _known("dataset.name", raw["dataset"]["name"], DATASETS)
    description = describe(raw["dataset"]["name"], raw["dataset"]["classes"])
    _dataset(raw["dataset"], description)
    raw["features"] = _features(raw["features"], description)
    for index, layer in enumerate(raw["layers"]):
        _known(f"layers.{index}.activation", layer["activation"], ACTIVATIONS)
        _numbers(f"layers.{index}", layer, ACTIVATIONS[layer["activation"]].parameters, ("alpha",))
    _optimizer(raw)
    _output(raw, description)
    _initializer(raw)
    _stopping(raw)
    resolved = RunConfig.model_validate(raw)
    if parameter_count(resolved) > LIMITS["parameters"]:
        raise ConfigError(
            "layers",
            f"the network may have at most {LIMITS['parameters']:,} parameters",
            given=parameter_count(resolved),
            limit=LIMITS["parameters"],
        )
    return resolved


def _known(field: str, name: str, entries: Mapping[str, Any]) -> None:
    if name not in entries:
        raise ConfigError(
            field, f"there is no “{name}”; there are {', '.join(entries)}", given=name, limit=list(entries)
        )


def _numbers(
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


def _dataset(raw: dict[str, Any], description: Description) -> None:
    if raw["samples"] is None:
        raw["samples"] = description.default_samples
    if description.available is not None:  # a real set or a truth table has so many rows and no more
        fixed = "samples" not in description.parameters
        raw["samples"] = description.available if fixed else min(raw["samples"], description.available)
    noise = description.parameters.get("noise")
    if noise is None:
        raw["noise"] = 0.0
    elif raw["noise"] is None:
        raw["noise"] = noise.default
    _numbers("dataset", raw, description.parameters, ("classes",))
    if raw["classes"] is not None:
        raw["classes"] = int(raw["classes"])
    if raw["standardize"] == "auto":
        raw["standardize"] = not (description.planar or DATASETS[raw["name"]].truth_table)
    if raw["validation_fraction"] + raw["test_fraction"] > 0.95:
        raise ConfigError(
            "dataset.validation_fraction",
            "validation and test together may take at most 0.95 of the points",
            given=raw["validation_fraction"],
            limit=0.95 - raw["test_fraction"],
        )


def _features(given: list[str] | None, description: Description) -> list[str]:
    if given is None:
        return description.default_features
    chosen = []
    for index, name in enumerate(given):
        feature = name if name in description.features else canonical_feature(name)
        if feature not in description.features:
            raise ConfigError(
                f"features.{index}",
                f"there is no feature “{name}” here",
                given=name,
                limit=description.features,
            )
        if feature in chosen:
            raise ConfigError(f"features.{index}", f"“{name}” is there twice", given=name)
        chosen.append(feature)
    return chosen


def _optimizer(raw: dict[str, Any]) -> None:
    optimizer = raw["optimizer"]
    _known("optimizer.name", optimizer["name"], OPTIMIZERS)
    _numbers("optimizer", optimizer, OPTIMIZERS[optimizer["name"]].parameters, _OPTIMIZER_NUMBERS)
    schedule = optimizer["schedule"]
    _known("optimizer.schedule.name", schedule["name"], SCHEDULES)
    _numbers("optimizer.schedule", schedule, SCHEDULES[schedule["name"]].parameters, _SCHEDULE_NUMBERS)


def _output(raw: dict[str, Any], description: Description) -> None:
    perceptron = OPTIMIZERS[raw["optimizer"]["name"]].mistakes_only
    activation, loss = output_and_loss(
        description.task, raw["output_activation"], raw["loss"]["name"], perceptron
    )
    _known("output_activation", activation, ACTIVATIONS)
    _known("loss.name", loss, LOSSES)
    if ACTIVATIONS[activation].learned:
        raise ConfigError(
            "output_activation",
            f"“{activation}” learns a slope per unit and is for hidden layers",
            given=activation,
        )
    if description.task not in LOSSES[loss].applies_to:
        limit = [name for name, entry in LOSSES.items() if description.task in entry.applies_to]
        raise ConfigError(
            "loss.name",
            f"“{loss}” needs classes, and this is a {description.task} problem",
            given=loss,
            limit=limit,
        )
    if perceptron:
        if raw["layers"]:
            raise ConfigError(
                "optimizer.name",
                "the perceptron rule trains a single layer: remove the hidden layers",
                given="perceptron",
            )
        if activation != "step" or description.task == "regression":
            raise ConfigError(
                "optimizer.name", "the perceptron rule needs step outputs and classes", given="perceptron"
            )
    raw["output_activation"], raw["loss"]["name"] = activation, loss
    _numbers("loss", raw["loss"], LOSSES[loss].parameters, ("delta",))


def _initializer(raw: dict[str, Any]) -> None:
    initializer = raw["initializer"]
    if initializer["name"] == "auto":
        initializer["name"] = default_for(
            raw["layers"][0]["activation"] if raw["layers"] else raw["output_activation"]
        )
    _known("initializer.name", initializer["name"], INITIALIZERS)
    scale = INITIALIZERS[initializer["name"]].scale
    _numbers("initializer", initializer, {"scale": scale} if scale else {}, ("scale",))


def _stopping(raw: dict[str, Any]) -> None:
    stopping = raw["early_stopping"]
    if stopping is None or stopping["monitor"] == "train_loss":
        return
    part = stopping["monitor"].removesuffix("_loss")
    always = part == "test" and DATASETS[raw["dataset"]["name"]].truth_table
    if not raw["dataset"][f"{part}_fraction"] > 0 and not always:
        raise ConfigError(
            "early_stopping.monitor",
            f"there is no {part} part: set dataset.{part}_fraction above 0",
            given=stopping["monitor"],
        )


def parameter_count(config: RunConfig) -> int:
    """Weights, biases and learned alphas of a resolved configuration."""
    count, inputs = 0, len(config.features or [])
    for layer in config.layers:
        count += (inputs + 1) * layer.units + (layer.units if ACTIVATIONS[layer.activation].learned else 0)
        inputs = layer.units
    outputs = describe(config.dataset.name, config.dataset.classes).outputs
    return count + (inputs + 1) * outputs


def warnings(config: RunConfig) -> list[dict[str, str]]:
    """What may be set so but will not work well, each with its field."""
    task = TASKS[describe(config.dataset.name, config.dataset.classes).task]
    return [{"field": field, "message": message} for field, message in task.mismatches(config)]
