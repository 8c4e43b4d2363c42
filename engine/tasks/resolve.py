"""From a request to a configuration with nothing left open: validate, fill in what is `auto`, name what is
wrong.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from engine.config.errors import ConfigError
from engine.config.form import GROUPS
from engine.config.models import LIMITS, Config
from engine.config.validation import first_complaint
from engine.layers.network import build
from engine.tasks.paradigms import PARADIGMS, problem


def parse(raw: Any) -> Any:
    """Validate a request and resolve it: a configuration of its paradigm.

    Raises ConfigError for the first field that cannot be.
    """
    if not isinstance(raw, Mapping):
        raise ConfigError("", "a configuration is a JSON object", given=raw, limit="object")
    paradigm = raw.get("paradigm", "supervised")
    if not isinstance(paradigm, str) or paradigm not in PARADIGMS:
        raise ConfigError(
            "paradigm", f"must be one of {', '.join(PARADIGMS)}", given=paradigm, limit=list(PARADIGMS)
        )
    kind = PARADIGMS[paradigm]
    try:
        config = kind.config.model_validate(raw)
    except ValidationError as error:
        raise first_complaint(error) from None
    resolved = kind.resolve(config)
    if parameter_count(resolved) > LIMITS["parameters"]:
        raise ConfigError(
            "layers",
            f"the network may have at most {LIMITS['parameters']:,} parameters",
            given=parameter_count(resolved),
            limit=LIMITS["parameters"],
        )
    return resolved


def json_schema(paradigm: str = "supervised") -> dict[str, Any]:
    """The JSON Schema of a configuration of this paradigm; `live` marks what may change while training.
    `groups` are those of the form, see `engine.config.form`.
    """
    return PARADIGMS[paradigm].config.model_json_schema() | {"groups": list(GROUPS)}


def parameter_count(config: Any) -> int:
    """Weights, biases and learned alphas of a resolved configuration."""
    return build(config, problem(config).outputs).size


def warnings(config: Config) -> list[dict[str, str]]:
    """What may be set so but will not work well, each with its field."""
    found = PARADIGMS[config.paradigm].warnings(config)
    return [{"field": field, "message": message} for field, message in found]
