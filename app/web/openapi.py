"""Schemas: what OpenAPI is told of the bodies and queries about runs that are read by hand."""

from typing import Any

from engine.diagnostics import DIAGNOSES
from engine.tasks.paradigms import PARADIGMS
from engine.tasks.resolve import json_schema


def creation_schema() -> dict[str, Any]:
    """The schema of a creation: a configuration of any paradigm and how to begin."""
    return {
        "oneOf": [_creation_of(name) for name in PARADIGMS],
        "discriminator": {"propertyName": "paradigm"},
    }


def _creation_of(paradigm: str) -> dict[str, Any]:
    schema = json_schema(paradigm)
    start = {"type": "boolean", "default": True, "description": "train at once"}
    replaces = {"type": ["string", "null"], "description": "a run that goes away unless it has a name"}
    schema["properties"] = schema["properties"] | {"start": start, "replaces": replaces, "speed": SPEED}
    return inlined(schema)


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its definitions in place: OpenAPI resolves references from its own root only."""
    definitions = schema.pop("$defs", {})

    def resolve(part: Any) -> Any:
        if isinstance(part, list):
            return [resolve(item) for item in part]
        if not isinstance(part, dict):
            return part
        name = part.get("$ref", "").removeprefix("#/$defs/")
        rest = {key: resolve(value) for key, value in part.items() if key != "$ref"}
        return resolve(definitions[name]) | rest if name else rest

    resolved: dict[str, Any] = resolve(schema)
    return resolved


SPEED: dict[str, Any] = {
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": "max"}], "description": "steps per second",
}  # fmt: skip
CHANGES: dict[str, Any] = {
    "type": "object",
    "description": "part of a configuration, and speed and pause_when",
    "properties": {
        "speed": SPEED,
        "pause_when": {"type": "array", "items": {"enum": list(DIAGNOSES)}},
    },
}
STEP = {
    "type": "object",
    "properties": {
        "unit": {"enum": ["step", "epoch"], "default": "step"},
        "count": {"type": "integer", "minimum": 1, "default": 1},
    },
    "additionalProperties": False,
}
PLACE: dict[str, Any] = {
    "layer": {"type": "integer", "minimum": 0},
    "unit": {"type": "integer", "minimum": 0},
}
SOURCE: dict[str, Any] = {"anyOf": [{"type": "integer", "minimum": 0}, {"const": "bias"}]}


def operation(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    """The schema of a list of operations of one kind."""
    item = {"type": "object", "required": required, "properties": PLACE | properties}
    return {"type": "array", "items": item | {"additionalProperties": False}}


OPERATIONS = {
    "type": "object",
    "minProperties": 1,
    "properties": {
        "weights": operation(("layer", "unit", "source", "value"), source=SOURCE, value={"type": "number"}),
        "freeze": operation(("layer", "frozen"), source=SOURCE, frozen={"type": "boolean"}),
        "units": operation(
            ("layer", "unit", "action"), action={"enum": ["off", "on", "duplicate", "remove"]}
        ),
    },
    "additionalProperties": False,
}
OPERATIONS_EXAMPLE = {"weights": [{"layer": 0, "unit": 1, "source": "bias", "value": 0.5}]}
VIEW_OPTIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("step", {"type": "integer", "minimum": 0}, "a recorded step; left out: now"),
    ("arrays", {"enum": ["plain", "typed"], "default": "plain"}, "nested lists, or typed as in the stream"),
)
POINTS = {
    "type": "object",
    "minProperties": 1,
    "properties": {
        "add": {"type": "array", "items": {"type": "object", "required": ["inputs", "target"]}},
        "move": {"type": "array", "items": {"type": "object", "required": ["part", "index", "inputs"]}},
        "remove": {"type": "array", "items": {"type": "object", "required": ["part", "index"]}},
        "content": {"type": "string", "description": "points of before, instead of the others"},
    },
    "additionalProperties": False,
}
POINTS_EXAMPLE = {"add": [{"inputs": [0.5, -1.0], "target": 1}]}
PREDICT = {
    "type": "object",
    "required": ["inputs"],
    "properties": {"inputs": {"type": "array", "items": {"type": "array"}}},
}
