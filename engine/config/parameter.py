"""Parameter: a number of a catalogue entry, with its default and range."""

from dataclasses import asdict, dataclass
from typing import Any

from engine.config.form import Scale


@dataclass(frozen=True)
class Parameter:
    """A number of a catalogue entry; `minimum` and `maximum` are inclusive.

    `slider` is the range of its slider, if the allowed range is much wider.
    """

    default: float | None
    minimum: float
    maximum: float
    integer: bool = False
    scale: Scale = "linear"
    slider: tuple[float, float] | None = None

    def describe(self) -> dict[str, Any]:
        """Returns the parameter's entry in the catalogue."""
        return asdict(self)
