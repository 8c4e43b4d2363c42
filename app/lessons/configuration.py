"""The complete configuration of a lesson and of its attempts, from what their file names."""

from collections.abc import Mapping
from typing import Any

from engine.tasks.resolve import parse

Changes = Mapping[str, Any]

# The settings of every lesson of a supervised network; those of a lesson or of an attempt replace them.
BASE: dict[str, Any] = {
    "name": "",
    "dataset": {
        "name": "circle", "samples": None, "noise": None, "classes": None, "validation_fraction": 0,
        "test_fraction": 0.3, "standardize": "auto", "seed": 0,
    },
    "features": None,
    "layers": [],
    "output_activation": "auto",
    "loss": {"name": "auto", "delta": None},
    "initializer": {"name": "auto", "scale": None, "bias": 0},
    "optimizer": {
        "name": "adam", "learning_rate": 0.01, "schedule": {"name": "constant"}, "clip_norm": None,
    },
    "l1": 0,
    "l2": 0,
    "batch_size": 32,
    "epochs": 100_000,
    "steps": None,
    "early_stopping": None,
    "unwatched": "pause",  # after its last viewer left, as the page sends it
    "dtype": "float32",
    "seed": 0,
}  # fmt: skip
_SECTIONS = ("loss", "initializer", "optimizer")
SUPERVISED = "supervised"


def complete(config: Changes, changes: Changes) -> dict[str, Any]:
    """The configuration of a lesson with `config`, changed by `changes`, with all its settings.

    Sections are merged, but another data set has none of the options of the one before. An entry of `layers`
    with `repeat` stands for that number of equal layers. Other paradigms than supervised learning have their
    own fields and defaults: the result is resolved. Raises ConfigError if one of their fields is impossible.
    """
    if config.get("paradigm", SUPERVISED) != SUPERVISED:
        named = {"unwatched": BASE["unwatched"], **merged(config, changes)}
        return parse(_with_layers(named)).model_dump(mode="json")
    base = merged(BASE, config)
    name = changes.get("dataset", {}).get("name")
    if name and name != base["dataset"]["name"]:
        base["dataset"] = BASE["dataset"]
    return _with_layers(merged(base, changes))


def _with_layers(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | ({"layers": _repeated(raw["layers"])} if "layers" in raw else {})


def merged(base: Changes, changes: Changes) -> dict[str, Any]:
    """`base` with `changes`; data set, loss, initializer and optimizer keep the fields that are not changed.

    A loss or optimizer of another name has no options of the one before.
    """
    result = {**base, **changes}
    if "dataset" in changes:
        result["dataset"] = {**base.get("dataset", {}), **changes["dataset"]}
    for section in _SECTIONS:
        if section in changes:
            result[section] = {**BASE[section], **changes[section]}
    return result


def _repeated(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result = []
    for layer in layers:
        layer = dict(layer)
        result += [layer] * layer.pop("repeat", 1)
    return result
