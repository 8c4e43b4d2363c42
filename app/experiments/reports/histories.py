"""Histories of members as reports read them, and whether their losses can be compared."""

from collections.abc import Sequence
from typing import Any

from app import history_columns
from app.runs.run_record import RunRecord
from app.storage.store import Store


async def history_of(store: Store, run: RunRecord, until: int | None = None) -> dict[str, Any]:
    """Returns the recorded points up to a step, and the newest point of the run.

    Points are recorded at fixed steps; a run that was paused or has ended was also measured at its last one.
    The training times are left out, as that of the newest point is not known.
    """
    columns = await store.history(run.id, run.attempt, None, until)
    newest = run.latest
    is_recorded = newest is None or (columns["step"] and columns["step"][-1] >= newest["step"])
    if newest is None or is_recorded or (until is not None and newest["step"] > until):
        return columns
    return history_columns.concatenate([columns, history_columns.from_points([newest])])


def loss_functions(members: Sequence[RunRecord]) -> dict[str, str]:
    """Returns the loss function of each member, by run: only losses of the same function can be compared."""
    return {run.id: repr(run.config_dict.get("loss")) for run in members}


def have_same_loss(members: Sequence[RunRecord]) -> bool:
    """Returns whether all members have the same loss function."""
    return len(set(loss_functions(members).values())) <= 1
