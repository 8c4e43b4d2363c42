"""Overrides: `--set a.b=VALUE` changes one field of a configuration by its dotted path."""

import re
from typing import Any

from app import encoding

INDEX = re.compile(r"-?[0-9]+")


def override(raw: Any, change: str) -> None:
    """Changes `raw` in place; VALUE is JSON, or else a text.

    A list that the configuration leaves out is first filled with its default. Raises ValueError where the
    path does not exist, and ConfigError where the default cannot be determined.
    """
    dotted, equals, text = change.partition("=")
    if not equals or not dotted:
        raise ValueError(f"--set {change}: must have the form a.b=VALUE")
    try:
        value = encoding.decode(text)
    except ValueError:
        value = text
    path = dotted.split(".")
    try:
        part = raw
        for depth, name in enumerate(path[:-1], 1):
            key = _key(part, name, path[: depth - 1])
            if isinstance(part, dict) and part.get(key) is None:
                part[key] = _default(raw, path[:depth], path[depth])
            part = part[key]
        part[_key(part, path[-1], path[:-1])] = value
    except LookupError as error:
        raise ValueError(f"--set {change}: {error.args[0]}") from None


def _key(part: Any, name: str, path: list[str]) -> str | int:
    """The key or index of `name` in `part`, which stands at `path`."""
    if isinstance(part, dict):
        return name
    if not isinstance(part, list) or not name.isdecimal():
        raise LookupError("there is no such place in the configuration")
    if int(name) >= len(part):
        entries = "1 entry" if len(part) == 1 else f"{len(part)} entries"
        raise LookupError(f"{'.'.join(path)} has {entries}, counted from 0")
    return int(name)


def _default(raw: Any, path: list[str], following: str) -> Any:
    """The value to insert at `path`, where the configuration has none and `following` is to be changed."""
    if not INDEX.fullmatch(following):
        return {}
    from engine.tasks.resolve import parse

    resolved: Any = parse(raw).model_dump(mode="json")
    for name in path:
        resolved = resolved.get(name) if isinstance(resolved, dict) else None
    return resolved if isinstance(resolved, list) else {}
