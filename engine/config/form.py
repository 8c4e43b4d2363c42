"""What a form needs to know of a configuration field: `json_schema_extra` of the field."""

from typing import Any, Literal, get_args

from pydantic import BaseModel, Field

# The groups of the form in their order.
GROUPS = ("data", "environment", "episodes", "features", "corruption", "learning", "stopping", "details")
ELSEWHERE = "elsewhere"  # the group of fields with controls in another part of the page
Scale = Literal["linear", "log"]
Control = Literal["thumbnails", "features", "early_stopping", "input"]


def form(
    group: str,
    *,
    more: bool = False,
    live: bool = False,
    catalogue: str | None = None,
    control: Control | None = None,
    slider: tuple[float, float] | None = None,
    scale: Scale | None = None,
) -> dict[str, Any]:
    """The schema of a field beside its type.

    `more`: shown only when the group is expanded. `live`: a PATCH can change it while training. `catalogue`:
    the list of the catalogue that names its values. `control`: where the type of the field does not determine
    it; `input` is a number without a slider. `slider`: the range of the slider where the allowed range is far
    wider than the useful one. A parameter of a catalogue entry has its slider and scale there.
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
    **limits: Any,
) -> Any:
    """A pydantic field: description, `limits` (`ge`, `le`, `max_length` ...), and what `form` returns."""
    shown = form(
        group, more=more, live=live, catalogue=catalogue, control=control, slider=slider, scale=scale
    )
    return Field(default, description=description, json_schema_extra=shown, **limits)


def add_texts(schema: dict[str, Any], model: type[Any]) -> None:
    """Add to every field of a model's schema the key of its texts, `form.<section>.<field>`."""
    for name, field in schema.get("properties", {}).items():
        if "$ref" not in field:
            field["text"] = f"form.{model.section}.{name}"


def is_live(config: type[BaseModel], path: tuple[str, ...]) -> bool:
    """Whether the field at this path of names and indices can change while a training goes on."""
    model: Any = config
    for name in path:
        if name.isdecimal():
            continue
        field = getattr(model, "model_fields", {}).get(name)
        if field is None:
            return False
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("live"):
            return True
        inner = (field.annotation, *get_args(field.annotation))
        model = next((each for each in inner if hasattr(each, "model_fields")), None)
    return False
