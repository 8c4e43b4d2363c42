"""Form properties in the schema of a configuration."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.config.form import ELSEWHERE, GROUPS, form
from engine.tasks.paradigms import PARADIGMS
from engine.tasks.resolve import json_schema


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields name and schema of every field that is not an object with fields."""
    for model in (schema, *schema["$defs"].values()):
        for name, field in model["properties"].items():
            if "$ref" not in field:
                yield f"{model['title']}.{name}", field


@pytest.mark.parametrize("paradigm", PARADIGMS)
def test_every_field_has_a_group_and_the_key_of_its_texts(paradigm: str) -> None:
    schema = json_schema(paradigm)
    assert schema["groups"] == list(GROUPS)
    for name, field in fields(schema):
        assert field.get("group") in (*GROUPS, ELSEWHERE), name
        assert field["text"].startswith("form."), name


@pytest.mark.parametrize("paradigm", PARADIGMS)
def test_the_range_of_a_slider_is_within_that_of_its_field(paradigm: str) -> None:
    sliders = {
        name: (field["slider"], numeric(field))
        for name, field in fields(json_schema(paradigm))
        if "slider" in field
    }
    assert sliders
    for name, ((low, high), limits) in sliders.items():
        assert limits["minimum"] <= low < high <= limits["maximum"], name


def numeric(field: dict[str, Any]) -> dict[str, Any]:
    schemas = [field, *field.get("anyOf", [])]
    return next(schema for schema in schemas if schema.get("type") in ("number", "integer"))


def test_an_unknown_group_raises_an_assertion_error() -> None:
    with pytest.raises(AssertionError, match="unknown"):
        form("unknown")
