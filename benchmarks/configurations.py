"""Random configurations: valid ones from all entries of the catalogue, and ones with a single error."""

import copy
import math
import random
from collections.abc import Mapping
from typing import Any

from engine.config.models import SAFE_INTEGER
from engine.config.parameter import Parameter
from engine.datasets import DATASETS, describe
from engine.layers.activations import ACTIVATIONS
from engine.layers.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

Raw = dict[str, Any]
MAX_LAYERS, MAX_UNITS, MAX_SAMPLES = 8, 32, 600
_LOG_RATIO = 1000.0  # maximum / minimum above which values are drawn on a logarithmic scale


def valid(rng: random.Random) -> Raw:
    """Returns a valid configuration with at most 8 hidden layers of 32 units."""
    dataset = _dataset(rng)
    description = describe(DATASETS[dataset["name"]], dataset.get("classes"))
    optimizer = _optimizer(rng, description.task)
    perceptron = OPTIMIZERS[optimizer["name"]].perceptron_rule
    raw: Raw = {
        "name": rng.choice(["", "ein Lauf", "名前", "x" * 200]),
        "dataset": dataset,
        "features": _features(rng, description.features),
        "layers": [] if perceptron else [_layer(rng) for _ in range(rng.randint(0, MAX_LAYERS))],
        "optimizer": optimizer,
        "initializer": _initializer(rng),
        "l1": rng.choice([0, 0, 1e-4, 0.01, 100]),
        "l2": rng.choice([0, 0, 1e-4, 0.01, 100]),
        "batch_size": rng.choice([1, 10, 32, 100, 200_000]),
        "epochs": rng.choice([1, 2, 1000, 1_000_000_000]),
        "early_stopping": _stopping(rng, dataset),
        "dtype": rng.choice(["float32", "float64"]),
        "seed": rng.choice([0, 1, rng.randint(0, SAFE_INTEGER)]),
    }
    raw |= _output(rng, description.task, perceptron)
    omitted = [name for name in raw if name not in _REQUIRED and rng.random() < 0.2]
    return {name: value for name, value in raw.items() if name not in omitted}


_REQUIRED = ("dataset", "features", "layers", "optimizer", "output_activation", "loss", "epochs")


def _number(rng: random.Random, parameter: Parameter) -> float | int:
    """Returns a value in the range, often one of its ends or the default."""
    low, high = parameter.minimum, parameter.maximum
    choices: list[float] = [low, high, low + rng.random() * (high - low)]
    if low > 0 and high / low > _LOG_RATIO:
        choices.append(math.exp(rng.uniform(math.log(low), math.log(high))))
    if parameter.default is not None:
        choices += [parameter.default] * 3
    value = min(max(rng.choice(choices), low), high)
    return int(value) if parameter.integer else float(value)


def _numbers(rng: random.Random, parameters: Mapping[str, Parameter]) -> Raw:
    """Returns values of some parameters; others are omitted or null."""
    values = {name: _number(rng, parameter) for name, parameter in parameters.items() if rng.random() < 0.6}
    return values | {name: None for name in parameters if name not in values and rng.random() < 0.3}


def _dataset(rng: random.Random) -> Raw:
    name = rng.choice(list(DATASETS))
    parameters = DATASETS[name].parameters
    raw: Raw = {"name": name, "seed": rng.randint(0, 10**6), "test_fraction": rng.choice([0, 0.2, 0.5])}
    if "samples" in parameters:
        raw["samples"] = rng.choice([None, 4, 50, MAX_SAMPLES])
    if "noise" in parameters:
        raw["noise"] = rng.choice([None, 0, 0.5, rng.random() / 2])
    if "classes" in parameters:
        raw["classes"] = rng.choice([None, 2, 3, 10])
    raw["validation_fraction"] = rng.choice([0, 0, 0.2, 0.45])
    raw["standardize"] = rng.choice(["auto", True, False])
    return raw


def _features(rng: random.Random, names: list[str]) -> list[str] | None:
    return rng.choice([None, rng.sample(names, rng.randint(1, len(names)))])


def _layer(rng: random.Random) -> Raw:
    name = rng.choice(list(ACTIVATIONS))
    raw = {"units": rng.randint(1, MAX_UNITS), "activation": name}
    raw |= _numbers(rng, ACTIVATIONS[name].parameters)
    return raw | {"dropout": rng.choice([0, 0, 0, 0.5, 0.95]), "frozen": rng.random() < 0.1}


def _optimizer(rng: random.Random, task: str) -> Raw:
    suitable = [
        name for name, entry in OPTIMIZERS.items() if not entry.perceptron_rule or task != "regression"
    ]
    name, schedule = rng.choice(suitable), rng.choice(list(SCHEDULES))
    numbers = _numbers(rng, OPTIMIZERS[name].parameters)
    raw = {"name": name, "clip_norm": rng.choice([None, None, 1e-8, 1.0, 1e8])} | numbers
    return raw | {"schedule": {"name": schedule} | _numbers(rng, SCHEDULES[schedule].parameters)}


def _initializer(rng: random.Random) -> Raw:
    name = rng.choice(["auto", *INITIALIZERS])
    scale = INITIALIZERS[name].scale if name != "auto" else None
    numbers = _numbers(rng, {"scale": scale}) if scale else {}
    return {"name": name, "bias": rng.choice([0, 0, 0.1, -100, 100])} | numbers


def _output(rng: random.Random, task: str, perceptron: bool) -> Raw:
    losses = [name for name, loss in LOSSES.items() if task in loss.applies_to]
    outputs = [name for name, activation in ACTIVATIONS.items() if not activation.learned]
    activation = "step" if perceptron else rng.choice(["auto", *outputs])
    name = rng.choice(["auto", *losses])
    numbers = _numbers(rng, LOSSES[name].parameters) if name != "auto" else {}
    return {"output_activation": activation, "loss": {"name": name} | numbers}


def _stopping(rng: random.Random, dataset: Raw) -> Raw | None:
    monitors = ["train_loss"]
    monitors += [f"{part}_loss" for part in ("validation", "test") if dataset[f"{part}_fraction"] > 0]
    stopping = {"monitor": rng.choice(monitors), "patience": rng.choice([1, 20]), "min_delta": 0.0}
    return rng.choice([None, stopping | {"restore_best": rng.random() < 0.5}])


# Fields with values that are invalid in every configuration.
_NUMBERS: dict[str, list[Any]] = {
    "dataset.samples": [3, 200_001, 1.5], "dataset.noise": [-0.1, 0.51], "dataset.test_fraction": [1],
    "dataset.validation_fraction": [-1], "dataset.seed": [-1, SAFE_INTEGER + 1, 0.5],
    "dataset.train_samples": [0, 200_001, 1.5], "dataset.train_seed": [-1, SAFE_INTEGER + 1, 0.5],
    "layers.0.units": [0, 1025, -1, 2.5], "layers.0.dropout": [-0.1, 1], "l1": [-1, 101], "l2": [-1],
    "batch_size": [0, 200_001, 1.5], "epochs": [0, 10**9 + 1], "seed": [-1, SAFE_INTEGER + 1],
    "optimizer.learning_rate": [0, -1, 1001], "optimizer.clip_norm": [0, -1],
    "initializer.bias": [101, -101],
}  # fmt: skip
_NAMES = [
    "dataset.name", "layers.0.activation", "optimizer.name", "optimizer.schedule.name", "initializer.name",
    "loss.name", "output_activation", "dtype", "paradigm", "features.0",
]  # fmt: skip
_OBJECTS = ["dataset", "optimizer", "optimizer.schedule", "initializer", "loss", "layers.0"]
INVALID_VALUES: list[tuple[str, Any]] = [
    *[(field, value) for field, values in _NUMBERS.items() for value in [*values, "many", True, [], {}]],
    *[(field, value) for field in _NAMES for value in ["there is no such name", 7, [], ""]],
    *[(field, value) for field in _OBJECTS for value in [7, "text", [1]]],
    *[(f"{field}.misspelt", 1) for field in _OBJECTS],
    ("misspelt", 1), ("layers", 7), ("layers", [{}] * 129), ("features", []), ("name", "x" * 201),
    ("name", 7), ("early_stopping", 7), ("dataset.standardize", "yes"), ("start", "yes"), ("speed", -1),
    ("speed", "fast"),
]  # fmt: skip
# Combinations of valid values that are invalid.
INVALID_COMBINATIONS: list[tuple[str, Raw]] = [
    ("optimizer.momentum", {"optimizer": {"name": "adam", "momentum": 0.9}}),
    ("optimizer.schedule.alpha", {"optimizer": {"schedule": {"name": "step", "alpha": 0.1}}}),
    ("layers.1.alpha", {"layers": [{}, {"activation": "tanh", "alpha": 0.1}], "optimizer": {}}),
    ("loss.delta", {"loss": {"name": "hinge", "delta": 1}, "dataset": {}, "features": None}),
    ("loss.name", {"loss": {"name": "hinge"}, "dataset": {"name": "plane"}, "features": None}),
    ("initializer.scale", {"initializer": {"name": "zeros", "scale": 1}}),
    ("output_activation", {"output_activation": "prelu", "optimizer": {}}),
    ("optimizer.name", {"optimizer": {"name": "perceptron"}, "layers": [{}], "output_activation": "step"}),
    ("features.1", {"dataset": {"name": "spiral"}, "features": ["x1", "x1"]}),
    ("dataset.classes", {"dataset": {"name": "spiral", "classes": 3}, "features": None}),
    ("dataset.validation_fraction", {"dataset": {"test_fraction": 0.6, "validation_fraction": 0.6}}),
    ("layers", {"layers": [{"units": 1024}] * 4, "optimizer": {}}),
]


def invalid(rng: random.Random) -> tuple[Raw, str]:
    """Returns a configuration with one error, and the field that the error has to name."""
    raw = copy.deepcopy(valid(rng))
    if rng.random() < 0.15:
        field, combination = rng.choice(INVALID_COMBINATIONS)
        return raw | {"loss": {}, "early_stopping": None} | copy.deepcopy(combination), field
    field, value = rng.choice(INVALID_VALUES)
    if field.startswith("layers.") and not raw["layers"]:
        raw["layers"] = [{}]
        raw["optimizer"] = {}
    if field.startswith("features."):
        raw["features"] = ["x1"]
    _set(raw, field.split("."), value)
    return raw, field


def _set(raw: Any, path: list[str], value: Any) -> None:
    """Sets the value at the path, and creates missing objects on the path."""
    key: Any = int(path[0]) if isinstance(raw, list) else path[0]
    if len(path) == 1:
        raw[key] = value
        return
    if isinstance(raw, dict) and not isinstance(raw.get(key), dict | list):
        raw[key] = {}
    _set(raw[key], path[1:], value)


def at_the_limits() -> list[Raw]:
    """Returns twenty configurations with extreme valid values."""
    deep, wide = [{"units": 8}] * 128, [{"units": 1024, "activation": "relu"}]
    few = {"name": "circle", "samples": 4}
    many = {"name": "spiral", "samples": 200_000}
    digits = {"name": "digits"}
    return [
        {"layers": deep},
        {"layers": deep, "dataset": many, "batch_size": 5000},
        {"layers": [{"units": 1, "activation": "step"}] * 128},
        {"layers": [{"units": 16, "activation": "prelu", "dropout": 0.95}] * 128, "dtype": "float64"},
        {"layers": [{"units": 16, "activation": name} for name in ACTIVATIONS] * 9},
        {"layers": wide},
        {"layers": wide, "dataset": digits},
        {"layers": wide + [{"units": 1000}], "dataset": digits, "features": ["pixel_3_3"], "batch_size": 512},
        {"layers": wide + [{"units": 1000}], "optimizer": {"name": "adamw"}, "dtype": "float64"},
        {"layers": [{"units": 1024, "activation": "softmax"}], "output_activation": "softmax"},
        {"dataset": many, "batch_size": 200_000},
        {"dataset": many, "batch_size": 32, "layers": []},
        {"dataset": many | {"test_fraction": 0.9}, "batch_size": 1, "layers": []},
        {"dataset": many | {"name": "blobs", "classes": 10, "noise": 0.5}, "batch_size": 1000},
        {"dataset": few | {"test_fraction": 0.9}, "batch_size": 200_000},
        {"dataset": few | {"test_fraction": 0.5, "validation_fraction": 0.45}, "batch_size": 1},
        {"optimizer": {"name": "sgd", "learning_rate": 1000.0}, "l1": 100, "l2": 100,
         "initializer": {"bias": 100}},
        {"optimizer": {"name": "adam", "learning_rate": 1e-8, "epsilon": 1e-12, "beta_2": 0.999999}},
        {"initializer": {"name": "normal", "scale": 100.0},
         "layers": [{"units": 32, "activation": "gelu"}] * 8},
        {"name": "x" * 200, "seed": SAFE_INTEGER, "dataset": {"seed": SAFE_INTEGER}, "epochs": 1_000_000_000},
    ]  # fmt: skip
