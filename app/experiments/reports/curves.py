"""Curves: the histories of all members of an experiment on common steps, with a band for each group."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.experiments.reports.summary import LOSSES
from app.history_columns import training_times
from engine.analysis.members.curves import Measured, align, band, common_steps, common_times


class MemberHistory(NamedTuple):
    """The id of a run, and the columns of its history."""

    run: str
    columns: Mapping[str, Any]


def curves_of(
    groups: Sequence[Mapping[str, Any]],
    histories: Sequence[MemberHistory],
    metric: str,
    points: int,
    by: str = "step",
) -> dict[str, Any]:
    """Returns the values of each member at common steps, and median and quartiles of each group.

    `groups` has of each group its `values` and the ids of its `members`. A value is null where a member was
    not measured or the value is not finite. With `by` = "seconds" they are at common times of training; those
    of the members `untimed` are not known.
    """
    by_time = by == "seconds"
    measured = [_measured(history.columns, metric, by_time) for history in histories]
    steps = (common_times if by_time else common_steps)(measured, points)
    aligned = align(measured, steps)
    values = [_listed(row) for row in aligned]
    row_of = {history.run: row for row, history in enumerate(histories)}
    described = []
    for group in groups:
        rows = [row_of[run] for run in group["members"] if run in row_of]
        found = band(aligned[rows])
        statistics = {name: _listed(getattr(found, name)) for name in ("low", "median", "high")}
        columns = [histories[row].columns for row in rows]
        epochs = [None] * len(steps) if by_time else _epochs(columns, steps)
        described.append({**group, "epoch": epochs, "n": found.n.tolist(), **statistics})
    return {
        "metric": metric,
        "by": by,
        "step": None if by_time else steps.tolist(),
        "seconds": steps.tolist() if by_time else None,
        "untimed": [each.run for each in histories if training_times(dict(each.columns)) is None],
        "members": [{"run": each.run, "values": row} for each, row in zip(histories, values, strict=True)],
        "groups": described,
    }


def _measured(columns: Mapping[str, Any], metric: str, by_time: bool) -> Measured:
    places: Sequence[float] = columns["step"]
    if by_time:
        places = training_times(dict(columns)) or []
    values = columns[metric] if metric in LOSSES else columns["metrics"].get(metric, [])
    points = [
        (place, value)
        for place, value in zip(places, values, strict=False)
        if value is not None and isfinite(value)
    ]
    return Measured([step for step, _ in points], [value for _, value in points])


def _epochs(histories: Sequence[Mapping[str, Any]], steps: NDArray) -> list[float | None]:
    """The epoch at each step: members of a group have epochs of equal length."""
    longest = max(histories, key=lambda columns: columns["step"][-1] if columns["step"] else -1)
    if not longest["step"] or longest["step"][-1] == 0:
        return [0.0 if step == 0 else None for step in steps.tolist()]
    epochs = np.asarray(longest["epoch"], np.float64)
    found = np.interp(steps, longest["step"], epochs, right=np.nan)
    return _listed(found)


def _listed(values: NDArray) -> list[float | None]:
    return [value if isfinite(value) else None for value in values.tolist()]
