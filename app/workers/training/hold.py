"""Hold: the step at which a run pauses by itself, to be compared with the other runs of its experiment."""

from dataclasses import dataclass

from app.run_states import reason
from app.workers.training.pacing import UNLIMITED
from engine.training.reason import Reason


@dataclass
class Hold:
    """`step` is None if there is none. A run that was started at this step or beyond is not held any more."""

    step: int | None

    def left(self, step: int) -> int:
        """Returns the number of steps until it, from a step; UNLIMITED if there is none or it is passed."""
        return UNLIMITED if self.step is None or step >= self.step else self.step - step

    def ended_at(self, step: int) -> tuple[str, Reason] | None:
        """Returns status and reason of a run that has just reached a step; None if it goes on."""
        return ("paused", reason("halving_waits", step=step)) if step == self.step else None
