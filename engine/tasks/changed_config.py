"""Changed configurations: the configuration of a fork, from that of its parent and a partial change."""

from collections.abc import Mapping
from typing import Any

from engine.config.errors import ConfigError
from engine.config.models import Config
from engine.datasets import DATASETS
from engine.datasets.tables.library import NO_TABLES, TableLibrary
from engine.tasks.paradigms import problem
from engine.tasks.resolve import parse

# Fields that belong to the entry that another field names, with the value that stands for its default. If
# the name changes, they are not those of the new entry.
DEPENDENT: dict[str, dict[str, Any]] = {
    "dataset": {
        "content": None,
        "samples": None,
        "noise": None,
        "classes": None,
        "standardize": "auto",
        "train_samples": None,
    },
    "loss": {"delta": None},
    "initializer": {"scale": None},
    "optimizer": dict.fromkeys(
        ("learning_rate", "momentum", "beta_1", "beta_2", "rho", "epsilon", "weight_decay")
    ),
    "optimizer.schedule": dict.fromkeys(("decay_steps", "decay_rate", "alpha", "warmup_steps")),
    "environment": dict.fromkeys(("horizon", "load", "slots", "capacity", "force")),
}
# Fields that determine the points of a built-in data set: if one changes, drawn points are not kept.
GENERATING = ("name", "samples", "noise", "classes", "seed")


def changed_config(config: Config, changes: Any, tables: TableLibrary = NO_TABLES) -> Any:
    """Returns the resolved configuration after a partial change of any field but the paradigm.

    Objects are merged field by field, `layers` entry by entry: its length is the new number of layers. With
    another data set or environment, features, output activation and loss are kept if they fit it, and are
    its defaults otherwise. Raises ConfigError for the first invalid field.
    """
    if not isinstance(changes, Mapping):
        raise ConfigError("", "changes are a JSON object", given=changes, limit="object")
    before = config.model_dump()
    if changes.get("paradigm", config.paradigm) != config.paradigm:
        message = f"cannot change: the weights are those of a run of the paradigm {config.paradigm}"
        raise ConfigError("paradigm", message, given=changes["paradigm"], limit=config.paradigm)
    merged = _merge(before, changes, ())
    if "dataset" in before:
        _drop_drawn_points(before["dataset"], merged["dataset"], changes.get("dataset", {}))
    if _source(before) == _source(merged):
        return parse(_with_divisor(merged, changes), tables)
    return _on_other_source(config, before, _with_divisor(merged, changes), changes, tables)


def _on_other_source(
    config: Config, before: dict[str, Any], merged: dict[str, Any], changes: Any, tables: TableLibrary
) -> Any:
    """Resolves a change of data set or environment; what is automatic follows from the new one."""
    automatic = {"features": None, "output_activation": "auto", "loss": {"name": "auto"}}
    replaced = {name: automatic[name] for name in automatic if name in before and name not in changes}
    if config.paradigm == "policy_gradient":
        replaced.pop("output_activation", None)
    resolved = parse(merged | replaced, tables)
    old, new = problem(config), problem(resolved)
    fitting = ["features"] if new.inputs == old.inputs else []
    fitting += ["output_activation", "loss"] if new.task == old.task else []
    kept = {name: before[name] for name in fitting if name in replaced}
    return parse(merged | replaced | kept, tables) if kept else resolved


def _source(raw: dict[str, Any]) -> Any:
    """Returns what determines the possible inputs and outputs: the environment, or the data set."""
    dataset = raw.get("dataset", {})
    return raw.get("environment"), dataset.get("name"), dataset.get("content"), dataset.get("classes")


def _with_divisor(merged: dict[str, Any], changes: Any) -> dict[str, Any]:
    """A number of initial states that does not divide the changed number of episodes is not kept."""
    episodes, beginnings = merged.get("episodes"), merged.get("beginnings")
    if "beginnings" not in changes and isinstance(episodes, int) and isinstance(beginnings, int):
        return merged | ({"beginnings": None} if episodes % beginnings else {})
    return merged


def _drop_drawn_points(before: dict[str, Any], merged: dict[str, Any], changes: Any) -> None:
    """Without a content in the change, other parameters of a built-in data set mean its own points."""
    is_drawn = before["content"] is not None and merged["name"] in DATASETS
    if not is_drawn or "content" in changes:
        return
    if any(before[name] != merged[name] for name in GENERATING):
        merged["content"] = None
        # Those of drawn points are not those with which the points were generated.
        names = ("samples", "noise", "classes", "train_samples")
        merged |= {name: None for name in names if name not in changes}


def _merge(old: Any, new: Any, path: tuple[str, ...]) -> Any:
    if path == ("layers",):
        return _merge_layers(old, new)
    if not isinstance(old, dict):
        return new
    if not isinstance(new, Mapping):
        if path == ("early_stopping",):
            return new
        raise ConfigError(".".join(path), "must be an object", given=new, limit="object")
    for key, value in new.items():
        if key not in old:
            field = ".".join((*path, str(key)))
            raise ConfigError(field, "there is no such field", given=value, limit=list(old))
    merged = old | {key: _merge(old[key], value, (*path, key)) for key, value in new.items()}
    if merged.get("name") != old.get("name"):
        dependent = DEPENDENT.get(".".join(path), {})
        merged |= {key: value for key, value in dependent.items() if key in old and key not in new}
    return merged


def _merge_layers(old: list[Any], new: Any) -> Any:
    if not isinstance(new, list):
        raise ConfigError("layers", "must be a list", given=new, limit="array")
    merged = []
    for index, entry in enumerate(new):
        if index >= len(old):
            merged.append(entry)
            continue
        layer = _merge(old[index], entry, ("layers", str(index)))
        if layer["activation"] != old[index]["activation"] and "alpha" not in entry:
            layer["alpha"] = None
        merged.append(layer)
    return merged
