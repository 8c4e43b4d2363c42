"""Step command: some steps or epochs of a run that does not train, which take several slices."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class StepCommand:
    """A step command in execution, which is answered once `remaining` is 0."""

    request: int
    unit: str
    remaining: int

    def steps_left(self, epoch_steps: Callable[[], int]) -> int:
        """Returns the steps that remain, of epochs those of the current one, which `epoch_steps` returns."""
        return epoch_steps() if self.unit == "epoch" else self.remaining

    def count(self, taken: int, left: int) -> None:
        """Counts steps that were taken, of so many that were left."""
        if self.unit == "epoch":
            self.remaining -= 1 if taken >= left else 0
        else:
            self.remaining -= taken
