"""Modes: which members of an experiment train together in batched products, and why others train alone."""

from collections.abc import Sequence
from typing import Any

from engine.config.models import Config
from engine.training.batched.shapes import group

MIN_PER_WORKER = 8  # members of one shape that are worth a batch in one more worker


def modes(configs: Sequence[Config], workers: int) -> list[dict[str, Any]]:
    """Returns `mode`, `mode_reason` and `batch`, the number of its batch, of every member.

    The members of one shape are divided among the workers.
    """
    grouping = group(configs)
    found: dict[int, dict[str, Any]] = {
        index: {"mode": "alone", "mode_reason": reason, "batch": None}
        for index, reason in grouping.alone.items()
    }
    batch = 0
    for indices in grouping.ensembles:
        parts = max(1, min(workers, len(indices) // MIN_PER_WORKER))
        for part in range(parts):
            for index in indices[part::parts]:
                found[index] = {"mode": "batched", "mode_reason": None, "batch": batch}
            batch += 1
    return [found[index] for index in range(len(configs))]
