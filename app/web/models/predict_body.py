"""The request body of a prediction."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.web.models.base import RequestBody, SchemaOf
from app.web.models.queries import Attempt, Step


class Predict(RequestBody):
    """Inputs for which outputs are predicted."""

    model_config = {"json_schema_extra": {"example": {"inputs": [[0.5, -1.0]]}}}

    max_values: ClassVar[int] = 500_000  # of plain numbers
    table_field: ClassVar[str | None] = "inputs"

    inputs: Annotated[Any, SchemaOf(list[list[float]] | list[dict[str, float | str | None]] | str)] = Field(
        description="samples in the data's own units: one list of numbers each, or one object each with the"
        " columns of the imported table and its words, or all as CSV with a header"
    )
    step: Step = None
    attempt: Attempt = None
