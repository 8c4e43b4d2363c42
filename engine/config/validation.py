"""Validation of requests by pydantic models; the first error becomes a ConfigError."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from engine.config.dataset import CONTENT_PATTERN
from engine.config.errors import ConfigError
from engine.config.strict import TAG_PATTERN

Model = TypeVar("Model", bound=BaseModel)

_LIMITS = ("ge", "le", "gt", "lt", "max_length", "min_length", "expected", "pattern")
MAX_SEARCHED = 1000
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
    "string_pattern_mismatch": "must match the pattern {limit}",
    "string_too_short": "needs at least {limit} character",
    "dict_type": "must be an object",
    "model_attributes_type": "must be an object",
    "missing": "is required",
    "string_too_long": "may have at most {limit} characters",
}
_PATTERNS = {
    TAG_PATTERN: "must have no comma, no line break, and no blank at its ends",
    CONTENT_PATTERN: "must have 64 characters from 0 to 9 and a to f, the SHA-256 of the data",
}


def validate(model: type[Model], raw: Any) -> Model:
    """Returns `raw` as the model; raises ConfigError for the first unknown field, else the first invalid one.

    Unknown fields are refused first, as pydantic would build one error for each of them.
    """
    refuse_unknown_fields(model, raw)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise first_error(error) from None


def annotation_of(field: FieldInfo) -> Any:
    """Returns the type of a field."""
    return field.annotation


def refuse_unknown_fields(
    model: type[BaseModel],
    raw: Any,
    type_of: Callable[[FieldInfo], Any] = annotation_of,
    path: tuple[str, ...] = (),
) -> None:
    """Raises ConfigError naming the first field, at any depth, that the model does not have.

    `type_of` returns the type of a field, in which nested models are searched. Lists are searched one level
    deep: no field has lists of lists of objects, and a request may nest lists deeper than the stack. Only
    the first MAX_SEARCHED items are searched: a field that may have more is validated by the engine.
    """
    if not isinstance(raw, Mapping):
        return
    nested = _nested_models(model, type_of)
    for name, value in raw.items():
        if name not in nested:
            field = ".".join((*path, str(name)))
            raise ConfigError(field, _UNKNOWN, given=value, limit=list(nested))
        inner = nested[name]
        if inner is None:
            continue
        if isinstance(value, list):
            for index, item in enumerate(value[:MAX_SEARCHED]):
                refuse_unknown_fields(inner, item, type_of, (*path, name, str(index)))
        else:
            refuse_unknown_fields(inner, value, type_of, (*path, name))


@cache
def _nested_models(
    model: type[BaseModel], type_of: Callable[[FieldInfo], Any]
) -> dict[str, type[BaseModel] | None]:
    """Returns the fields of a model, each with the model of the objects it contains, if any."""
    return {name: next(models_in(type_of(field)), None) for name, field in model.model_fields.items()}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type contains."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def first_error(error: ValidationError) -> ConfigError:
    """Returns the first error of pydantic as a ConfigError with a message in plain English.

    Of a field that may be of several types pydantic has an error for each; all of them are in the message.
    """
    first, *others = error.errors(include_url=False)
    path = _path(first)
    message, limit = _described(first)
    for other in others:
        if _path(other) == path:
            alternative, allowed = _described(other)
            message = f"{message}, or {alternative.removeprefix('must ')}"
            limit = [*(limit or []), *allowed] if isinstance(allowed, list) else limit
    given = first["input"] if first["type"] != "missing" else None
    return ConfigError(".".join(path), message, given=given, limit=limit)


def _path(details: Mapping[str, Any]) -> list[str]:
    """The field of an error, without the type of a union's branch, which pydantic adds to it."""
    return [
        str(part)
        for part in details["loc"]
        if not str(part).startswith(("function-", "literal[")) and part not in _BRANCHES
    ]


def _described(details: Mapping[str, Any]) -> tuple[str, Any]:
    """The message of an error of pydantic, and what is allowed (None: the message says it)."""
    context = details.get("ctx", {})
    limit: Any = next((context[key] for key in _LIMITS if key in context), None)
    if details["type"] == "bool_type":
        limit = [True, False]
    if details["type"] == "literal_error":  # pydantic writes "'a', 'b' or 'c'"
        limit = re.findall("'([^']*)'", limit)
    allowed = ", ".join(map(str, limit)) if isinstance(limit, list) else limit
    template = _MESSAGES.get(details["type"])
    text = details["msg"]
    message = template.format(limit=allowed) if template else text[:1].lower() + text[1:]
    return _PATTERNS.get(limit, message) if isinstance(limit, str) else message, limit
