"""The schema that the server sends has label and help of every field."""

import pytest

from app import encoding
from app.web.schema_text import described_schema
from app.web.texts import LOCALES, Texts, texts
from engine.tasks.resolve import json_schema


def test_fields_and_groups_have_their_texts():
    schema = described_schema(json_schema(), texts())
    rate = schema["$defs"]["OptimizerConfig"]["properties"]["learning_rate"]
    assert rate["label"] == texts().text("form.optimizer.learning_rate.label")
    assert rate["help"] == texts().text("form.optimizer.learning_rate.help")
    assert schema["groups"][0] == {"name": "data", "title": texts().text("form.groups.data.title")}


@pytest.mark.parametrize("key", ["form.layer.units.label", "form.run.l2.help", "form.groups.details.title"])
def test_a_field_without_a_text_is_an_error_that_names_its_key(key):
    sentences = encoding.decode((LOCALES / "en.json").read_bytes())
    del sentences[key]
    with pytest.raises(KeyError, match=key):
        described_schema(json_schema(), Texts(sentences))


def values(schema):
    """The values of all enumerations of a schema."""
    if isinstance(schema, dict):
        yield from schema.get("enum", [])
        for part in schema.values():
            yield from values(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from values(part)


@pytest.mark.parametrize("paradigm", ["supervised", "autoencoder", "policy_gradient"])
def test_every_value_of_an_enumeration_has_a_text(paradigm):
    for value in values(json_schema(paradigm)):
        assert texts().sentence(f"form.option.{value}")
