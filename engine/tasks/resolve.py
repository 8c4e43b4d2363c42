"""Resolves a request: validates it, replaces `auto` and null, and returns the configuration."""

from collections.abc import Mapping
from typing import Any

from engine.config.errors import ConfigError
from engine.config.form import GROUPS
from engine.config.models import LIMITS, Config, ExamplesConfig
from engine.config.validation import validate
from engine.datasets import look_up_table
from engine.datasets.tables.library import NO_TABLES, TableLibrary
from engine.layers.network import build
from engine.tasks.paradigms import PARADIGMS, problem
from engine.tasks.table_settings import fit


def parse(raw: Any, tables: TableLibrary = NO_TABLES) -> Any:
    """Validates a request and resolves it: returns the configuration of its paradigm.

    `tables` contains the imported tables. Raises ConfigError for the first invalid field.
    """
    return _resolve(fit(look_up_table(_validate(raw), tables)))


def revise(config: Config, raw: Any) -> Any:
    """Validates and resolves a changed dump of `config` with the same data set."""
    changed: Any = _validate(raw)
    if isinstance(config, ExamplesConfig):
        dataset = changed.dataset.with_header(config.dataset.header)
        changed = changed.model_copy(update={"dataset": dataset})
    return _resolve(changed)


def _validate(raw: Any) -> Config:
    if not isinstance(raw, Mapping):
        raise ConfigError("", "a configuration is a JSON object", given=raw, limit="object")
    paradigm = raw.get("paradigm", "supervised")
    if not isinstance(paradigm, str) or paradigm not in PARADIGMS:
        raise ConfigError(
            "paradigm", f"must be one of {', '.join(PARADIGMS)}", given=paradigm, limit=list(PARADIGMS)
        )
    return validate(PARADIGMS[paradigm].config, raw)


def _resolve(config: Config) -> Config:
    resolved = PARADIGMS[config.paradigm].resolve(config)
    if isinstance(resolved, ExamplesConfig) and isinstance(config, ExamplesConfig):
        dataset = resolved.dataset.with_header(config.dataset.header)
        resolved = resolved.model_copy(update={"dataset": dataset})
    count = parameter_count(resolved)
    if count > LIMITS["parameters"]:
        message = f"the network may have at most {LIMITS['parameters']:,} parameters"
        raise ConfigError("layers", message, given=count, limit=LIMITS["parameters"])
    return resolved


def json_schema(paradigm: str = "supervised") -> dict[str, Any]:
    """Returns the JSON Schema of a configuration; fields have the properties of `engine.config.form`."""
    return PARADIGMS[paradigm].config.model_json_schema() | {"groups": list(GROUPS)}


def parameter_count(config: Any) -> int:
    """Returns the number of weights, biases and learned alphas of a resolved configuration."""
    return build(config, problem(config).outputs).size


def warnings(config: Config) -> list[dict[str, Any]]:
    """Returns field, English message, code and parameters of each setting that is allowed but unsuitable."""
    return [setting.describe() for setting in PARADIGMS[config.paradigm].warnings(config)]
