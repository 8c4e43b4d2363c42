"""The numbers one can choose for a data set, shared by those that have them."""

from engine.config.parameter import Parameter

MIN_SAMPLES, MAX_SAMPLES = 10, 200_000
MAX_CLASSES = 10

NOISE = Parameter(0.1, 0.0, 0.5)
CLASSES = Parameter(3, 2, MAX_CLASSES, integer=True, slider=(2, 8))


def samples(default: int = 500, largest: int = MAX_SAMPLES) -> Parameter:
    """How many points there are in all parts together."""
    return Parameter(
        default,
        MIN_SAMPLES,
        largest,
        integer=True,
        slider=(20, min(2000, largest)),
    )
