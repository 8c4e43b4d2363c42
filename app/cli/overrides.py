"""Overrides: `--set a.b=VALUE`, one field of a configuration changed by its dotted path."""

import re
from typing import Any

from app import encoding

INDEX = re.compile(r"-?[0-9]+")


def override(raw: Any, change: str) -> None:
    """Change `raw` in place; the value is JSON, or a text where it is none.

    A list that the configuration leaves open is first filled with what it would be. Raises ValueError where
    there is no such place, and ConfigError where the configuration cannot be resolved to know.
    """
    path, equals, text = change.partition("=")
    if not equals or not path:
        raise ValueError(f"--set {change}: must have the form a.b=VALUE")
    try:
        value = encoding.decode(text)
    except ValueError:
        value = text
    way = path.split(".")
    try:
        part = raw
        for depth, name in enumerate(way[:-1], 1):
            key = _key(part, name, way[: depth - 1])
            if isinstance(part, dict) and part.get(key) is None:
                part[key] = _left_open(raw, way[:depth], way[depth])
            part = part[key]
        part[_key(part, way[-1], way[:-1])] = value
    except LookupError as error:
        raise ValueError(f"--set {change}: {error.args[0]}") from None


def _key(part: Any, name: str, way: list[str]) -> str | int:
    """What opens `name` in this part of the configuration, which lies at the end of `way`."""
    if isinstance(part, dict):
        return name
    if not isinstance(part, list) or not name.isdecimal():
        raise LookupError("there is no such place in the configuration")
    if int(name) >= len(part):
        entries = "1 entry" if len(part) == 1 else f"{len(part)} entries"
        raise LookupError(f"{'.'.join(way)} has {entries}, counted from 0")
    return int(name)


def _left_open(raw: Any, way: list[str], following: str) -> Any:
    """What is to stand where the configuration says nothing and `following` is to be changed."""
    if not INDEX.fullmatch(following):
        return {}
    from engine.tasks.resolve import parse

    resolved: Any = parse(raw).model_dump(mode="json")
    for name in way:
        resolved = resolved.get(name) if isinstance(resolved, dict) else None
    return resolved if isinstance(resolved, list) else {}
