"""Parameters that several data sets have in common."""

from engine.config.parameter import Parameter

MIN_SAMPLES, MAX_SAMPLES = 10, 200_000
MAX_CLASSES = 10

NOISE = Parameter(0.1, 0.0, 0.5)
CLASSES = Parameter(3, 2, MAX_CLASSES, integer=True, slider=(2, 8))


def samples(default: int = 500, maximum: int = MAX_SAMPLES) -> Parameter:
    """Returns the parameter for the number of points of training, validation and test part together."""
    return Parameter(
        default,
        MIN_SAMPLES,
        maximum,
        integer=True,
        slider=(20, min(2000, maximum)),
    )
