"""What all models of configurations have in common: strict validation, limits and seeds."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from engine.config.form import add_texts

SAFE_INTEGER = 2**53 - 1  # JavaScript's Number.MAX_SAFE_INTEGER
LIMITS: dict[str, int] = {
    "hidden_layers": 128,
    "units": 1024,
    "parameters": 2_000_000,
    "samples": 200_000,
    "name": 200,
    "tags": 20,
    "tag": 40,
    "epochs": 1_000_000_000,
    "steps": 1_000_000_000_000,
}

# Without a comma, a control character, and blanks at its ends.
TAG_PATTERN = r"^[^\s,]([^,\x00-\x1f]*[^\s,])?$"
Tag = Annotated[str, Field(min_length=1, max_length=LIMITS["tag"], pattern=TAG_PATTERN)]
Seed = Annotated[int, Field(ge=0, le=SAFE_INTEGER)]


class Strict(BaseModel):
    """A model without unknown fields, implicit conversions and NaN."""

    section: ClassVar[str] = "run"  # part of the keys of the fields' texts

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, json_schema_extra=add_texts
    )
