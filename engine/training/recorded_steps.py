"""Recorded steps: at which steps checkpoints are recorded, and the scale on which they are spaced.

The steps follow from the size of a checkpoint, the mode of the state and the step number alone: a training
that is repeated in the same way records the same ones.
"""

from math import log1p

# While the number of steps doubles, so many are recorded, fewer where checkpoints are larger than 64 KiB:
# about 16 doublings lie between step 64 and step 4 million, and together they may take 64 MiB.
MIN_PER_DOUBLING, MAX_PER_DOUBLING = 4, 64
BYTES_PER_DOUBLING = 4 * 1024 * 1024
# Of trainings that take their steps together: 64 of them record 64 checkpoints at the same step.
TOGETHER_PER_DOUBLING = 16


def steps_per_doubling(checkpoint_bytes: int, together: bool = False) -> int:
    """How many steps n are recorded between steps s and 2s, a power of two from 4 to 64.

    `together`: of a training whose state is `batched`, at most 16.
    """
    affordable = _power_of_two(BYTES_PER_DOUBLING // max(1, checkpoint_bytes))
    most = TOGETHER_PER_DOUBLING if together else MAX_PER_DOUBLING
    return max(MIN_PER_DOUBLING, min(most, affordable))


def next_recorded(step: int, per_doubling: int = MAX_PER_DOUBLING) -> int:
    """The first step after `step` that is recorded: multiples of the largest power of two up to step/n.

    With n = 64, every step up to 128 is recorded, every second one up to 256, and so on: the distance between
    recorded steps is at most 1/64 of the step.
    """
    spacing = _power_of_two(step // per_doubling)
    return (step // spacing + 1) * spacing


def _power_of_two(number: int) -> int:
    """The largest power of two up to `number`, at least 1."""
    return 1 << max(0, number.bit_length() - 1)


def scale(step: int, last: int) -> float:
    """The place of a step from 0 to 1, half linear and half logarithmic: (s/S + ln(1 + s)/ln(1 + S))/2."""
    return 0.5 * (step / last + log1p(step) / log1p(last)) if last > 0 else 0.0
