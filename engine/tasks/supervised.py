"""Supervised learning: resolves a configuration, and derives its problem."""

from typing import Any

from engine.config.errors import ConfigError
from engine.config.models import ExamplesConfig, RunConfig
from engine.datasets import (
    Dataset,
    Description,
    canonical_feature,
    check_train_samples,
    dataset_of,
    describe,
    rows_left,
)
from engine.layers.activations import ACTIVATIONS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.tasks import shared_fields
from engine.tasks.shared_fields import require_entry, resolve_numbers
from engine.tasks.task import Problem, output_and_loss

MIN_POINTS = 4  # split into training, validation and test part


def problem(config: ExamplesConfig) -> Problem:
    """Returns the problem of the data set with the configured features."""
    description = describe(dataset_of(config.dataset), config.dataset.classes)
    return Problem(
        task=description.task,
        inputs=description.inputs,
        features=config.features or description.default_features,
        outputs=description.outputs,
        classes=description.classes,
        generated=description.generated,
    )


def resolve(config: RunConfig) -> RunConfig:
    """Replaces `auto` and null. Raises ConfigError for the first invalid field."""
    raw = config.model_dump()
    source = dataset_of(config.dataset)
    description = dataset(raw, source)
    shared_fields.layers(raw)
    shared_fields.optimizer(raw)
    output(raw, description)
    shared_fields.initializer(raw, raw["output_activation"])
    stopping(raw, source)
    return RunConfig.model_validate(raw)


def dataset(raw: dict[str, Any], source: Dataset) -> Description:
    """Resolves data set and features in place; returns the description of the data set."""
    description = describe(source, raw["dataset"]["classes"])
    _dataset(raw["dataset"], source, description)
    raw["features"] = _features(raw["features"], description)
    return description


def _dataset(raw: dict[str, Any], source: Dataset, description: Description) -> None:
    if raw["samples"] is None:
        raw["samples"] = description.default_samples
    if description.sizes is None and raw["samples"] < MIN_POINTS:
        raise ConfigError(
            "dataset.samples", f"must be at least {MIN_POINTS}", given=raw["samples"], limit=MIN_POINTS
        )
    if description.available is not None:  # a real data set or a truth table has a fixed number of rows
        fixed = "samples" not in description.parameters
        raw["samples"] = description.available if fixed else min(raw["samples"], description.available)
    noise = description.parameters.get("noise")
    if noise is None:
        raw["noise"] = 0.0
    elif raw["noise"] is None:
        raw["noise"] = noise.default
    resolve_numbers("dataset", raw, description.parameters, ("classes",))
    if raw["classes"] is not None:
        raw["classes"] = int(raw["classes"])
    if raw["standardize"] == "auto":
        raw["standardize"] = not ((description.planar and description.generated) or source.truth_table)
    _split(raw, description)
    left = rows_left(source, raw["samples"], raw["validation_fraction"], raw["test_fraction"])
    check_train_samples(raw["train_samples"], left)


def _split(raw: dict[str, Any], description: Description) -> None:
    """Resolves the fractions of validation and test part."""
    if description.sizes is not None:  # the part of each row is fixed
        fractions = [size / sum(description.sizes) for size in description.sizes]
        raw["validation_fraction"], raw["test_fraction"] = (
            min(0.9, round(fraction, 4)) for fraction in fractions[1:]
        )
        return
    if raw["validation_fraction"] + raw["test_fraction"] > 0.95:
        raise ConfigError(
            "dataset.validation_fraction",
            "validation and test part together can have at most 0.95 of the points",
            given=raw["validation_fraction"],
            limit=0.95 - raw["test_fraction"],
        )


def _features(names: list[str] | None, description: Description) -> list[str]:
    if names is None:
        return description.default_features
    features: list[str] = []
    for index, name in enumerate(names):
        feature = name if name in description.features else canonical_feature(name)
        if feature not in description.features:
            raise ConfigError(
                f"features.{index}",
                f"the data set has no feature “{name}”",
                given=name,
                limit=description.features,
            )
        if feature in features:
            raise ConfigError(f"features.{index}", f"“{name}” occurs twice", given=name)
        features.append(feature)
    return features


def output(raw: dict[str, Any], description: Description) -> None:
    """Resolves output activation and loss in place; `auto` depends on the task and the other one."""
    perceptron = OPTIMIZERS[raw["optimizer"]["name"]].perceptron_rule
    activation, loss = output_and_loss(
        description.task, raw["output_activation"], raw["loss"]["name"], perceptron
    )
    require_entry("output_activation", activation, ACTIVATIONS)
    require_entry("loss.name", loss, LOSSES)
    _check_output(description.task, activation, loss)
    if perceptron:
        _check_perceptron(description.task, activation, raw["layers"])
    raw["output_activation"], raw["loss"]["name"] = activation, loss
    resolve_numbers("loss", raw["loss"], LOSSES[loss].parameters, ("delta",))


def _check_output(task: str, activation: str, loss: str) -> None:
    if ACTIVATIONS[activation].learned:
        raise ConfigError(
            "output_activation",
            f"“{activation}” has a learned slope per unit and is for hidden layers",
            given=activation,
        )
    if task not in LOSSES[loss].applies_to:
        limit = [name for name, entry in LOSSES.items() if task in entry.applies_to]
        raise ConfigError(
            "loss.name",
            f"“{loss}” needs classes, but the task is {task}",
            given=loss,
            limit=limit,
        )


def _check_perceptron(task: str, activation: str, layers: list[Any]) -> None:
    if layers:
        message = "the perceptron rule trains a single layer; remove the hidden layers"
        raise ConfigError("optimizer.name", message, given="perceptron")
    if activation != "step" or task == "regression":
        message = "the perceptron rule needs step outputs and classes"
        raise ConfigError("optimizer.name", message, given="perceptron")


def stopping(raw: dict[str, Any], source: Dataset) -> None:
    """Raises ConfigError if early stopping monitors an empty part of the data."""
    stopping = raw["early_stopping"]
    if stopping is None or stopping["monitor"] == "train_loss":
        return
    part = stopping["monitor"].removesuffix("_loss")
    available = raw["dataset"][f"{part}_fraction"] > 0 or (part == "test" and source.truth_table)
    if not available:
        raise ConfigError(
            "early_stopping.monitor",
            f"there is no {part} part; set dataset.{part}_fraction above 0",
            given=stopping["monitor"],
        )
