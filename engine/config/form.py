"""Form properties of a configuration field, stored in the field's `json_schema_extra`."""

from typing import Any, Literal, get_args

from pydantic import BaseModel, Field

# The groups of the form, in this order.
GROUPS = ("data", "environment", "episodes", "corruption", "learning", "stopping", "details")
ELSEWHERE = "elsewhere"  # the group of fields with controls in another part of the page
Scale = Literal["linear", "log"]
Control = Literal["thumbnails", "early_stopping", "input", "switch"]


def form(
    group: str,
    *,
    more: bool = False,
    live: bool = False,
    catalogue: str | None = None,
    control: Control | None = None,
    slider: tuple[float, float] | None = None,
    scale: Scale | None = None,
    optional: bool = False,
) -> dict[str, Any]:
    """Returns the form properties of a field; those that are not set are left out.

    `more`: shown among all settings only. `live`: a PATCH can change it while training. `catalogue`:
    the list of the catalogue with its values. `control`: the control if the type does not determine it;
    `input` is a number without a slider, `switch` an enumeration whose first value is on. `slider`: the
    range of the slider, if the allowed range is much wider. `optional`: null means without it, not a value
    that follows from other fields. Parameters of catalogue entries have
    their slider and scale in the catalogue.
    """
    assert group in (*GROUPS, ELSEWHERE), group
    keys = {
        "group": group,
        "more": more or None,
        "live": live or None,
        "catalogue": catalogue,
        "control": control,
        "slider": list(slider) if slider else None,
        "scale": scale,
        "optional": optional or None,
    }
    return {key: value for key, value in keys.items() if value is not None}


def setting(
    default: Any,
    description: str,
    group: str,
    *,
    more: bool = False,
    live: bool = False,
    catalogue: str | None = None,
    control: Control | None = None,
    slider: tuple[float, float] | None = None,
    scale: Scale | None = None,
    optional: bool = False,
    **limits: Any,
) -> Any:
    """Returns a pydantic field with `limits` (`ge`, `le`, `max_length` ...) and form properties."""
    properties = form(
        group, more=more, live=live, catalogue=catalogue, control=control, slider=slider, scale=scale,
        optional=optional,
    )  # fmt: skip
    return Field(default, description=description, json_schema_extra=properties, **limits)


def add_texts(schema: dict[str, Any], model: type[Any]) -> None:
    """Adds to every field of a model's schema the key of its texts, `form.<section>.<field>`."""
    for name, field in schema.get("properties", {}).items():
        if "$ref" not in field:
            field["text"] = f"form.{model.section}.{name}"


def is_live(config: type[BaseModel], path: tuple[str, ...]) -> bool:
    """Returns whether the field at this path of names and indices can change during training."""
    model: Any = config
    for name in path:
        if name.isdecimal():
            continue
        field = getattr(model, "model_fields", {}).get(name)
        if field is None:
            return False
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("live"):
            return True
        types = (field.annotation, *get_args(field.annotation))
        model = next((member for member in types if hasattr(member, "model_fields")), None)
    return False
