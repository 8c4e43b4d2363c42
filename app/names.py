"""Names that users give: to imported data sets and to bookmarks."""

import re

from app.errors import Invalid

MAX_NAME = 60  # characters
NAME = re.compile(rf"[^\W_][\w .()+-]{{0,{MAX_NAME - 1}}}")


def refuse_invalid_name(name: str) -> None:
    """Raises Invalid for a name with other characters, or with too many."""
    if NAME.fullmatch(name) is None or name != name.strip():
        message = (
            f"A name must have 1 to {MAX_NAME} letters, digits, spaces or .()+-_,"
            " and begin with a letter or digit"
        )
        raise Invalid("invalid", message, field="name", given=name, limit=MAX_NAME)
