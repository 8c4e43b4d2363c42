"""Complaints: what pydantic finds wrong with a request, in our own words and as one ConfigError."""

import re
from typing import Any

from pydantic import ValidationError

from engine.config.errors import ConfigError

_LIMITS = ("ge", "le", "gt", "lt", "max_length", "min_length", "expected")
_BRANCHES = {"bool", "int", "float", "str"}
_MESSAGES = {
    "extra_forbidden": "there is no such field",
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


def first_complaint(error: ValidationError) -> ConfigError:
    """The first of pydantic's complaints, in our own words and form."""
    complaint = error.errors(include_url=False)[0]
    # A union's branches add their type's name to the path: no part of the field a person wrote.
    path = [
        str(part)
        for part in complaint["loc"]
        if not str(part).startswith(("function-", "literal[")) and part not in _BRANCHES
    ]
    context = complaint.get("ctx", {})
    limit: Any = next((context[key] for key in _LIMITS if key in context), None)
    if complaint["type"] == "literal_error":  # told as "'a', 'b' or 'c'"
        limit = re.findall("'([^']*)'", limit)
    allowed = ", ".join(limit) if isinstance(limit, list) else limit
    own_words = _MESSAGES.get(complaint["type"])
    message = (
        own_words.format(limit=allowed) if own_words else complaint["msg"][:1].lower() + complaint["msg"][1:]
    )
    given = complaint["input"] if complaint["type"] != "missing" else None
    return ConfigError(".".join(path), message, given=given, limit=limit)
