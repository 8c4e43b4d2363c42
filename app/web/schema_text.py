"""Labels and help of the fields of a configuration, from the texts of the page.

Keys: `form.<section>.<field>.label` and `.help`, whose first three parts are the `text` of the field's
schema, and `form.groups.<group>.title`.
"""

from typing import Any

from app.web.texts import Texts


def described_schema(schema: dict[str, Any], texts: Texts) -> dict[str, Any]:
    """The body of `GET /api/schema`: the JSON Schema of the engine, with label and help of every field.

    Raises KeyError naming the key of a missing text.
    """
    groups = [{"name": name, "title": texts.text(f"form.groups.{name}.title")} for name in schema["groups"]]
    return {**_described(schema, texts), "groups": groups}


def _described(node: Any, texts: Texts) -> Any:
    if isinstance(node, list):
        return [_described(item, texts) for item in node]
    if not isinstance(node, dict):
        return node
    described = {name: _described(item, texts) for name, item in node.items()}
    key = node.get("text")
    if isinstance(key, str):
        described |= {name: texts.text(f"{key}.{name}") for name in ("label", "help")}
    return described
