"""A parameter: one number a person may set, with its default, its range and one line of help."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Parameter:
    """Describe one number of a catalogue entry; `minimum` and `maximum` are inclusive."""

    help: str
    default: float | None
    minimum: float
    maximum: float
    integer: bool = False

    def describe(self) -> dict[str, object]:
        """The parameter as the catalogue shows it."""
        return asdict(self)
