"""The request body of a fork."""

from typing import Annotated, Any

from pydantic import Field

from app.web.models.base import RequestBody, SchemaOf
from app.web.models.queries import Attempt, Step
from engine.config.models import LIMITS


class ForkRun(RequestBody):
    """From where a new run continues, and what is different there."""

    model_config = {"json_schema_extra": {"example": {"step": 100, "changes": {"layers": [{"units": 12}]}}}}

    step: Step = None
    attempt: Attempt = None
    changes: Annotated[Any, SchemaOf(dict[str, Any])] = Field(
        {}, description="part of a configuration, merged field by field and validated by the engine"
    )
    start: bool = Field(True, description="start training at once")
    name: str = Field("", max_length=LIMITS["name"], description="name of the new run")
