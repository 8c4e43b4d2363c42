"""Shared budget: how many bytes the recorded checkpoints of several runs take together, and may take."""

SPARE = 1 / 32  # of the budget: when it is exceeded, so much becomes free


class SharedBudget:
    """The bytes that recorded checkpoints, drawn points and beginnings of forks of several runs take.

    `total` is their sum, and `budget` what it may be.
    """

    def __init__(self, budget: int, total: int = 0) -> None:
        self.budget = budget
        self.total = total
        self.is_deleting = False
        self._target = budget - int(budget * SPARE)
        self._limit = budget  # above it checkpoints are deleted; more than the budget if nothing was left

    @property
    def excess(self) -> int:
        """How many bytes are to be deleted before a part of the budget is free."""
        return self.total - self._target

    @property
    def is_exceeded(self) -> bool:
        """Whether checkpoints are to be deleted."""
        return self.total > self._limit

    def end_deletion(self) -> None:
        """Checkpoints were deleted as far as possible; what is left sets when this happens again."""
        self.is_deleting = False
        self._limit = self.budget if self.total <= self.budget else self.total + self.budget - self._target
