"""Update norm: how much the parameters of a run change from one recorded step to the next, per step."""

import math
from typing import NamedTuple

import numpy as np

from engine.training.state import TrainState


class _Recorded(NamedTuple):
    """The parameters of a recorded step as float64, without the later updates."""

    attempt: int
    step: int
    theta: np.ndarray


class UpdateNorm:
    """Compares the parameters of each recorded step with those of the recorded step before it.

    The norm of a step s with the recorded step r before it is ‖θ_s - θ_r‖₂ / (s - r). θ are all weights,
    biases and learned alphas after every event at their step: changes by edits count too.
    """

    def __init__(self) -> None:
        self._before: _Recorded | None = None  # the newest recorded step before that of `_newest`
        self._newest: _Recorded | None = None

    def add(self, state: TrainState) -> float | None:
        """Returns the norm of a step that is recorded now, maybe again because of an event.

        None if it is unknown: for the first recorded step of an attempt or of this process, if the number of
        parameters was changed, and if the norm is not finite.
        """
        recorded = _Recorded(state.attempt, state.step, state.theta.astype(np.float64))
        newest = self._newest
        if newest is None or newest.attempt != state.attempt:
            self._before = None
        elif newest.step != state.step:
            self._before = newest
        self._newest = recorded
        return None if self._before is None else _norm_per_step(self._before, recorded)


def _norm_per_step(before: _Recorded, after: _Recorded) -> float | None:
    if before.theta.shape != after.theta.shape:
        return None
    with np.errstate(all="ignore"):
        change = after.theta - before.theta
        norm = math.sqrt(change @ change) / (after.step - before.step)
    return norm if math.isfinite(norm) else None
