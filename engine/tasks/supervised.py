"""Supervised learning: a configuration with nothing left open, and what its problem is."""

from typing import Any

from engine.config.errors import ConfigError
from engine.config.models import ExamplesConfig, RunConfig
from engine.datasets import Dataset, Description, canonical_feature, dataset_of, describe
from engine.layers.activations import ACTIVATIONS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.tasks import shared_fields
from engine.tasks.shared_fields import known, numbers
from engine.tasks.task import Problem, output_and_loss

FEWEST = 4  # points that are divided into parts


def problem(config: ExamplesConfig) -> Problem:
    """The data set's own question, asked of the chosen features."""
    described = describe(dataset_of(config.dataset), config.dataset.classes)
    return Problem(
        task=described.task,
        inputs=described.inputs,
        features=config.features or described.default_features,
        outputs=described.outputs,
        classes=described.classes,
        generated=described.generated,
    )


def resolve(config: RunConfig) -> RunConfig:
    """Fill in what is `auto` or null. Raises ConfigError for the first field that cannot be."""
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
    """Resolve data set and features in place; returns the description of the data set."""
    description = describe(source, raw["dataset"]["classes"])
    _dataset(raw["dataset"], source, description)
    raw["features"] = _features(raw["features"], description)
    return description


def _dataset(raw: dict[str, Any], source: Dataset, description: Description) -> None:
    if raw["samples"] is None:
        raw["samples"] = description.default_samples
    if description.sizes is None and raw["samples"] < FEWEST:
        raise ConfigError("dataset.samples", f"must be at least {FEWEST}", given=raw["samples"], limit=FEWEST)
    if description.available is not None:  # a real set or a truth table has so many rows and no more
        fixed = "samples" not in description.parameters
        raw["samples"] = description.available if fixed else min(raw["samples"], description.available)
    noise = description.parameters.get("noise")
    if noise is None:
        raw["noise"] = 0.0
    elif raw["noise"] is None:
        raw["noise"] = noise.default
    numbers("dataset", raw, description.parameters, ("classes",))
    if raw["classes"] is not None:
        raw["classes"] = int(raw["classes"])
    if raw["standardize"] == "auto":
        raw["standardize"] = not ((description.planar and description.generated) or source.truth_table)
    if description.sizes is not None:  # every row has its part already
        shares = [size / sum(description.sizes) for size in description.sizes]
        raw["validation_fraction"], raw["test_fraction"] = (min(0.9, round(share, 4)) for share in shares[1:])
        return
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


def output(raw: dict[str, Any], description: Description) -> None:
    """Resolve output activation and loss, which follow the task and each other."""
    perceptron = OPTIMIZERS[raw["optimizer"]["name"]].perceptron_rule
    activation, loss = output_and_loss(
        description.task, raw["output_activation"], raw["loss"]["name"], perceptron
    )
    known("output_activation", activation, ACTIVATIONS)
    known("loss.name", loss, LOSSES)
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
    numbers("loss", raw["loss"], LOSSES[loss].parameters, ("delta",))


def stopping(raw: dict[str, Any], source: Dataset) -> None:
    """Refuse a stop rule that watches a part that is not there."""
    stopping = raw["early_stopping"]
    if stopping is None or stopping["monitor"] == "train_loss":
        return
    part = stopping["monitor"].removesuffix("_loss")
    always = part == "test" and source.truth_table
    if not raw["dataset"][f"{part}_fraction"] > 0 and not always:
        raise ConfigError(
            "early_stopping.monitor",
            f"there is no {part} part: set dataset.{part}_fraction above 0",
            given=stopping["monitor"],
        )
