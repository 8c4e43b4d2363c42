"""Names of data sets: those that are refused, and the error for one that does not exist."""

from app.errors import Conflict, NotFound
from app.names import refuse_invalid_name
from engine.datasets import DATASETS


def no_such_dataset(name: str, names: list[str]) -> NotFound:
    """Returns the error for the name of no data set."""
    return NotFound("unknown_dataset", "There is no such data set.", field="name", given=name, limit=names)


def refuse_name(name: str) -> None:
    """Raises Conflict for the name of a built-in data set, Invalid for an invalid name."""
    if name.casefold() in DATASETS:
        message = f"“{name}” is a built-in data set; choose another name."
        raise Conflict("name_taken", message, field="name", given=name, limit=list(DATASETS))
    refuse_invalid_name(name)
