"""Validation: pydantic models applied to requests; the first error as a ConfigError with our own message."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from engine.config.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)

_LIMITS = ("ge", "le", "gt", "lt", "max_length", "min_length", "expected")
_BRANCHES = {"bool", "int", "float", "str"}
_UNKNOWN = "there is no such field"
_MESSAGES = {
    "extra_forbidden": _UNKNOWN,
    "greater_than_equal": "must be at least {limit}",
    "less_than_equal": "must be at most {limit}",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be a text",
    "list_type": "must be a list",
    "finite_number": "must be a finite number",
    "model_type": "must be an object",
    "literal_error": "must be one of {limit}",
    "too_long": "may have at most {limit} entries",
    "too_short": "needs at least {limit} entry",
    "string_too_long": "may have at most {limit} characters",
}


def validate(model: type[Model], raw: Any) -> Model:
    """Returns `raw` as the model; raises ConfigError for the first unknown field, else the first invalid one.

    Unknown fields are looked for first, as pydantic would build one error for each of them.
    """
    _refuse_unknown(model, raw, ())
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise first_error(error) from None


def _refuse_unknown(model: type[BaseModel], raw: Any, path: tuple[str, ...]) -> None:
    if isinstance(raw, list):
        for index, item in enumerate(raw):
            _refuse_unknown(model, item, (*path, str(index)))
    if not isinstance(raw, Mapping):
        return
    nested = _nested_models(model)
    for name, value in raw.items():
        if name not in nested:
            field = ".".join((*path, str(name)))
            raise ConfigError(field, _UNKNOWN, given=value, limit=list(nested))
        inner = nested[name]
        if inner is not None:
            _refuse_unknown(inner, value, (*path, name))


@cache
def _nested_models(model: type[BaseModel]) -> dict[str, type[BaseModel] | None]:
    """The fields of a model, each with the model of the objects in it, if any."""
    return {name: next(_models(field.annotation), None) for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def first_error(error: ValidationError) -> ConfigError:
    """Returns the first error that pydantic found, with our own message."""
    details = error.errors(include_url=False)[0]
    # Pydantic adds the type of a union's branch to the path; it is no part of the field's name.
    path = [
        str(part)
        for part in details["loc"]
        if not str(part).startswith(("function-", "literal[")) and part not in _BRANCHES
    ]
    context = details.get("ctx", {})
    limit: Any = next((context[key] for key in _LIMITS if key in context), None)
    if details["type"] == "literal_error":  # pydantic writes "'a', 'b' or 'c'"
        limit = re.findall("'([^']*)'", limit)
    allowed = ", ".join(limit) if isinstance(limit, list) else limit
    template = _MESSAGES.get(details["type"])
    text = details["msg"]
    message = template.format(limit=allowed) if template else text[:1].lower() + text[1:]
    given = details["input"] if details["type"] != "missing" else None
    return ConfigError(".".join(path), message, given=given, limit=limit)
