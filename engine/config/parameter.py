"""A parameter: one number a person may set, with its default, its range and one line of help."""

from dataclasses import asdict, dataclass

from engine.config.form import Scale


@dataclass(frozen=True)
class Parameter:
    """Describe one number of a catalogue entry; `minimum` and `maximum` are inclusive. `slider` is the range
    of its slider where the allowed range is far wider than the useful one.
    """

    help: str
    default: float | None
    minimum: float
    maximum: float
    integer: bool = False
    scale: Scale = "linear"
    slider: tuple[float, float] | None = None

    def describe(self) -> dict[str, object]:
        """The parameter as the catalogue shows it."""
        return asdict(self)
