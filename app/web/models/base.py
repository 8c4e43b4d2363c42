"""Base classes of the models, and the annotation of values that the engine validates."""

from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError


class RequestBody(BaseModel):
    """A JSON object in a request: unknown fields are refused, and no value is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @classmethod
    def model_for(cls, value: dict[str, Any]) -> type[BaseModel] | None:
        """The model with all fields that this body may have; None where the engine looks for unknown ones."""
        return cls

    def given(self) -> dict[str, Any]:
        """The declared fields that the request contains, by name."""
        names = (name for name in type(self).model_fields if name in self.model_fields_set)
        return {name: getattr(self, name) for name in names}


class QueryOptions(BaseModel):
    """Options in a query: unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """A JSON object in an answer. Described in OpenAPI only: answers are encoded without being validated."""

    model_config = ConfigDict(extra="forbid")


class SchemaOf:
    """Annotation of a field of type Any: OpenAPI shows the schema of `described`, the engine validates.

    What fits depends on the run (its layers, its data): a second validation here could only be weaker.
    """

    def __init__(self, described: Any) -> None:
        self.described = described

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(TypeAdapter(self.described).core_schema)


def refused(message: str, limit: Any) -> PydanticCustomError:
    """The error of a validator of ours, with its message and what is possible (see app.errors)."""
    return PydanticCustomError("refused", "{message}", {"message": message, "limit": limit})
