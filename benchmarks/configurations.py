"""Random configurations: valid ones over everything the catalogue offers, and such with exactly one fault."""

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
MOST_LAYERS, MOST_UNITS, MOST_SAMPLES = 8, 32, 600
_WIDE = 1000.0  # ranges wider than this factor are drawn on a logarithmic scale


def valid(chance: random.Random) -> Raw:
    """A configuration that must be accepted: at most 8 hidden layers of 32."""
    dataset = _dataset(chance)
    description = describe(DATASETS[dataset["name"]], dataset.get("classes"))
    optimizer = _optimizer(chance, description.task)
    perceptron = OPTIMIZERS[optimizer["name"]].perceptron_rule
    raw: Raw = {
        "name": chance.choice(["", "ein Lauf", "名前", "x" * 200]),
        "dataset": dataset,
        "features": _features(chance, description.features),
        "layers": [] if perceptron else [_layer(chance) for _ in range(chance.randint(0, MOST_LAYERS))],
        "optimizer": optimizer,
        "initializer": _initializer(chance),
        "l1": chance.choice([0, 0, 1e-4, 0.01, 100]),
        "l2": chance.choice([0, 0, 1e-4, 0.01, 100]),
        "batch_size": chance.choice([1, 10, 32, 100, 200_000]),
        "epochs": chance.choice([1, 2, 1000, 1_000_000_000]),
        "early_stopping": _stopping(chance, dataset),
        "dtype": chance.choice(["float32", "float64"]),
        "seed": chance.choice([0, 1, chance.randint(0, SAFE_INTEGER)]),
    }
    raw |= _output(chance, description.task, perceptron)
    left_out = [name for name in raw if name not in _NEEDED and chance.random() < 0.2]
    return {name: value for name, value in raw.items() if name not in left_out}


_NEEDED = ("dataset", "features", "layers", "optimizer", "output_activation", "loss", "epochs")


def _number(chance: random.Random, parameter: Parameter) -> float | int:
    """A value within the range, its ends and its default included."""
    low, high = parameter.minimum, parameter.maximum
    choices: list[float] = [low, high, low + chance.random() * (high - low)]
    if low > 0 and high / low > _WIDE:
        choices.append(math.exp(chance.uniform(math.log(low), math.log(high))))
    if parameter.default is not None:
        choices += [parameter.default] * 3
    value = min(max(chance.choice(choices), low), high)
    return int(value) if parameter.integer else float(value)


def _numbers(chance: random.Random, parameters: Mapping[str, Parameter]) -> Raw:
    """Some of the numbers that apply; the others are left to their defaults, by silence or by null."""
    found = {name: _number(chance, each) for name, each in parameters.items() if chance.random() < 0.6}
    return found | {name: None for name in parameters if name not in found and chance.random() < 0.3}


def _dataset(chance: random.Random) -> Raw:
    name = chance.choice(list(DATASETS))
    parameters = DATASETS[name].parameters
    raw: Raw = {"name": name, "seed": chance.randint(0, 10**6), "test_fraction": chance.choice([0, 0.2, 0.5])}
    if "samples" in parameters:
        raw["samples"] = chance.choice([None, 4, 50, MOST_SAMPLES])
    if "noise" in parameters:
        raw["noise"] = chance.choice([None, 0, 0.5, chance.random() / 2])
    if "classes" in parameters:
        raw["classes"] = chance.choice([None, 2, 3, 10])
    raw["validation_fraction"] = chance.choice([0, 0, 0.2, 0.45])
    raw["standardize"] = chance.choice(["auto", True, False])
    return raw


def _features(chance: random.Random, names: list[str]) -> list[str] | None:
    return chance.choice([None, chance.sample(names, chance.randint(1, len(names)))])


def _layer(chance: random.Random) -> Raw:
    name = chance.choice(list(ACTIVATIONS))
    raw = {"units": chance.randint(1, MOST_UNITS), "activation": name}
    raw |= _numbers(chance, ACTIVATIONS[name].parameters)
    return raw | {"dropout": chance.choice([0, 0, 0, 0.5, 0.95]), "frozen": chance.random() < 0.1}


def _optimizer(chance: random.Random, task: str) -> Raw:
    fitting = [name for name, each in OPTIMIZERS.items() if not each.perceptron_rule or task != "regression"]
    name, schedule = chance.choice(fitting), chance.choice(list(SCHEDULES))
    numbers = _numbers(chance, OPTIMIZERS[name].parameters)
    if numbers.get("learning_rate", 0) is None:  # the one number that has the same default everywhere
        del numbers["learning_rate"]
    raw = {"name": name, "clip_norm": chance.choice([None, None, 1e-8, 1.0, 1e8])} | numbers
    return raw | {"schedule": {"name": schedule} | _numbers(chance, SCHEDULES[schedule].parameters)}


def _initializer(chance: random.Random) -> Raw:
    name = chance.choice(["auto", *INITIALIZERS])
    scale = INITIALIZERS[name].scale if name != "auto" else None
    numbers = _numbers(chance, {"scale": scale}) if scale else {}
    return {"name": name, "bias": chance.choice([0, 0, 0.1, -100, 100])} | numbers


def _output(chance: random.Random, task: str, perceptron: bool) -> Raw:
    losses = [name for name, each in LOSSES.items() if task in each.applies_to]
    outputs = [name for name, each in ACTIVATIONS.items() if not each.learned]
    activation = "step" if perceptron else chance.choice(["auto", *outputs])
    name = chance.choice(["auto", *losses])
    numbers = _numbers(chance, LOSSES[name].parameters) if name != "auto" else {}
    return {"output_activation": activation, "loss": {"name": name} | numbers}


def _stopping(chance: random.Random, dataset: Raw) -> Raw | None:
    monitors = ["train_loss"]
    monitors += [f"{part}_loss" for part in ("validation", "test") if dataset[f"{part}_fraction"] > 0]
    stopping = {"monitor": chance.choice(monitors), "patience": chance.choice([1, 20]), "min_delta": 0.0}
    return chance.choice([None, stopping | {"restore_best": chance.random() < 0.5}])


# A field, and values that cannot stand there whatever the rest is. The field's parents are made if missing.
_NUMBERS: dict[str, list[Any]] = {
    "dataset.samples": [3, 200_001, 1.5], "dataset.noise": [-0.1, 0.51], "dataset.test_fraction": [1],
    "dataset.validation_fraction": [-1], "dataset.seed": [-1, SAFE_INTEGER + 1, 0.5],
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
FAULTS: list[tuple[str, Any]] = [
    *[(field, value) for field, values in _NUMBERS.items() for value in [*values, "many", True, [], {}]],
    *[(field, value) for field in _NAMES for value in ["there is no such name", 7, [], ""]],
    *[(field, value) for field in _OBJECTS for value in [7, "text", [1]]],
    *[(f"{field}.misspelt", 1) for field in _OBJECTS],
    ("misspelt", 1), ("layers", 7), ("layers", [{}] * 129), ("features", []), ("name", "x" * 201),
    ("name", 7), ("early_stopping", 7), ("dataset.standardize", "yes"), ("start", "yes"), ("speed", -1),
    ("speed", "fast"),
]  # fmt: skip
# Choices that are fine each, but not together.
CLASHES: list[tuple[str, Raw]] = [
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


def invalid(chance: random.Random) -> tuple[Raw, str]:
    """A valid configuration with one fault, and the field that has to be named."""
    raw = copy.deepcopy(valid(chance))
    if chance.random() < 0.15:
        field, clash = chance.choice(CLASHES)
        return raw | {"loss": {}, "early_stopping": None} | copy.deepcopy(clash), field
    field, value = chance.choice(FAULTS)
    if field.startswith("layers.") and not raw["layers"]:
        raw["layers"] = [{}]
        raw["optimizer"] = {}
    if field.startswith("features."):
        raw["features"] = ["x1"]
    _set(raw, field.split("."), value)
    return raw, field


def _set(raw: Any, path: list[str], value: Any) -> None:
    """Put the value at its path; objects on the way are made where there are none."""
    key: Any = int(path[0]) if isinstance(raw, list) else path[0]
    if len(path) == 1:
        raw[key] = value
        return
    if isinstance(raw, dict) and not isinstance(raw.get(key), dict | list):
        raw[key] = {}
    _set(raw[key], path[1:], value)


def at_the_limits() -> list[Raw]:
    """Twenty configurations at the edges of what is allowed."""
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
