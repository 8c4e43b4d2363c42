"""Checkpoint retention: which checkpoints of an attempt are deleted when they exceed the budget."""

from collections.abc import Mapping

from app.storage.attempts import CheckpointEntry
from engine.training.recorded_steps import least_needed


def checkpoints_to_delete(
    checkpoints: Mapping[int, CheckpointEntry], budget: int, best_step: int | None = None
) -> list[int]:
    """Returns the steps to delete so that the others take at most `budget` bytes.

    The first, the last, and the newest up to `best_step` are kept. Of the others those without an event go
    first, each time the one that leaves the smallest gap on the scale of recorded steps, half linear and half
    logarithmic.
    """
    total = sum(entry.size for entry in checkpoints.values())
    steps = sorted(checkpoints)
    best = max((step for step in steps if best_step is not None and step <= best_step), default=None)
    deleted: list[int] = []
    while total > budget:
        between = [step for step in steps[1:-1] if step != best]
        candidates = [step for step in between if checkpoints[step].kind != "event"] or between
        if not candidates:
            break
        step = least_needed(steps, candidates)
        steps.remove(step)
        total -= checkpoints[step].size
        deleted.append(step)
    return deleted
