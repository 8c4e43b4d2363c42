"""The numbers one can choose for a data set, shared by those that have them."""

from engine.config.parameter import Parameter

SMALLEST, LARGEST = 10, 200_000
MOST_CLASSES = 10

NOISE = Parameter(0.1, 0.0, 0.5)
CLASSES = Parameter(3, 2, MOST_CLASSES, integer=True, slider=(2, 8))


def samples(default: int = 500, largest: int = LARGEST) -> Parameter:
    """How many points there are in all parts together."""
    return Parameter(
        default,
        SMALLEST,
        largest,
        integer=True,
        slider=(20, min(2000, largest)),
    )
