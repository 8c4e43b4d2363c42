"""Request body of a bookmark."""

from pydantic import Field

from app.runs.history.bookmarks import MAX_NOTE
from app.web.models.base import RequestBody
from app.web.models.queries import Attempt
from engine.config.models import SAFE_INTEGER


class PutBookmark(RequestBody):
    """A name for a step: the step, its attempt and a note."""

    model_config = {"json_schema_extra": {"example": {"step": 1200, "note": "the loss rises from here"}}}

    step: int = Field(ge=0, le=SAFE_INTEGER, description="any step from 0 to the newest of the attempt")
    attempt: Attempt = None
    note: str = Field("", max_length=MAX_NOTE)
