"""A parameter: one number a person may set, with its default and its range."""

from dataclasses import asdict, dataclass
from typing import Any

from engine.config.form import Scale


@dataclass(frozen=True)
class Parameter:
    """Describe one number of a catalogue entry; `minimum` and `maximum` are inclusive. `slider` is the range
    of its slider where the allowed range is far wider than the useful one.
    """

    default: float | None
    minimum: float
    maximum: float
    integer: bool = False
    scale: Scale = "linear"
    slider: tuple[float, float] | None = None

    def describe(self) -> dict[str, Any]:
        """The parameter as the catalogue lists it."""
        return asdict(self)
