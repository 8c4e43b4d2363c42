"""Overrides: `--set a.b=VALUE` changes one field of a configuration by its dotted path."""

import re
from typing import Any

from app import encoding

INDEX = re.compile(r"-?[0-9]+")


def override(raw: Any, change: str) -> None:
    """Changes `raw` in place; VALUE is JSON; text that is not JSON is a string.

    A list that the configuration omits is first set to its default. Raises ValueError if the path does not
    exist, and ConfigError if the default cannot be determined.
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
        container = raw
        for depth, name in enumerate(path[:-1], 1):
            key = _key(container, name, path[: depth - 1])
            if isinstance(container, dict) and container.get(key) is None:
                container[key] = _default(raw, path[:depth], path[depth])
            container = container[key]
        container[_key(container, path[-1], path[:-1])] = value
    except LookupError as error:
        raise ValueError(f"--set {change}: {error.args[0]}") from None


def _key(container: Any, name: str, path: list[str]) -> str | int:
    """The key or index of `name` in the object or list at `path`. Raises LookupError."""
    if isinstance(container, dict):
        return name
    if not isinstance(container, list) or not name.isdecimal():
        raise LookupError("there is no such field or entry")
    if int(name) >= len(container):
        entries = "1 entry" if len(container) == 1 else f"{len(container)} entries"
        raise LookupError(f"{'.'.join(path)} has {entries}, counted from 0")
    return int(name)


def _default(raw: Any, path: list[str], next_name: str) -> Any:
    """The value to insert at `path`, where the configuration has none, before its `next_name` is changed."""
    if not INDEX.fullmatch(next_name):
        return {}
    from engine.tasks.resolve import parse

    resolved: Any = parse(raw).model_dump(mode="json")
    for name in path:
        resolved = resolved.get(name) if isinstance(resolved, dict) else None
    return resolved if isinstance(resolved, list) else {}
