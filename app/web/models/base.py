"""Base classes of the models, and the annotation of fields that the engine validates."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

MAX_VALUES = 50_000


class RequestBody(BaseModel):
    """A JSON object in a request: unknown fields are refused, and no value is converted.

    `max_values`: how many values, at any depth, it may have; validation takes time for each. `table_field`:
    the field that a body of the type text/csv stands for, if one may be sent instead of JSON.
    """

    max_values: ClassVar[int] = MAX_VALUES
    table_field: ClassVar[str | None] = None

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @classmethod
    def model_for(cls, value: dict[str, Any]) -> type[BaseModel] | None:
        """The model with all fields that this body may have; None if the engine refuses unknown ones."""
        return cls

    def set_fields(self) -> dict[str, Any]:
        """The declared fields that the request contains, by name."""
        names = (name for name in type(self).model_fields if name in self.model_fields_set)
        return {name: getattr(self, name) for name in names}


class QueryOptions(BaseModel):
    """Options in a query: unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """A JSON object in an answer. It is only described in OpenAPI: answers are not validated."""

    model_config = ConfigDict(extra="forbid")


class SchemaOf:
    """Annotation of a field of type Any that the engine validates: OpenAPI has the schema of `described`.

    Which values are valid depends on the run (its layers, its data), so that they are not validated here.
    """

    def __init__(self, described: Any) -> None:
        self.described = described

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(TypeAdapter(self.described).core_schema)


def refused(message: str, limit: Any) -> PydanticCustomError:
    """The error that a validator of a model raises, with its message and limit (see app.errors)."""
    return PydanticCustomError("refused", "{message}", {"message": message, "limit": limit})
