"""Comparison of any runs: the fields of the configuration that differ, aligned histories, and scores."""

from collections.abc import Iterator, Sequence
from typing import Any

from app import history_columns
from app.errors import Invalid
from app.experiments.reports.summary import is_higher_better, names_of, point_of, value_of

MIN_RUNS, MAX_RUNS = 2, 8

Columns = dict[str, Any]


def ids_of(text: str) -> list[str]:
    """Returns the ids in a text that separates them by commas.

    Raises Invalid unless they are 2 to 8 different ones.
    """
    ids = [part.strip() for part in text.split(",") if part.strip()]
    if not MIN_RUNS <= len(ids) <= MAX_RUNS:
        message = f"must be {MIN_RUNS} to {MAX_RUNS} ids of runs, separated by commas"
        raise Invalid("invalid", message, field="runs", given=len(ids), limit=[MIN_RUNS, MAX_RUNS])
    twice = next((run for run in ids if ids.count(run) > 1), None)
    if twice is not None:
        raise Invalid("invalid", "a run can be compared only once", field="runs", given=twice)
    return ids


def compare(runs: Sequence[dict[str, Any]], histories: Sequence[Columns]) -> dict[str, Any]:
    """Returns what differs between runs, given their answers and the histories of their attempts.

    `seq` of a run is that of its history: the frame up to which its stream has sent these points.
    """
    return {
        "runs": [
            {**run, "attempt": history["attempt"], "seq": history["seq"]}
            for run, history in zip(runs, histories, strict=True)
        ],
        "differences": differences([run["config"] for run in runs]),
        "history": align(histories),
        "scores": scores([run["latest"] for run in runs], histories),
    }


def differences(configs: Sequence[Any]) -> list[dict[str, Any]]:
    """Returns the fields in which configurations differ, by dotted path, with the value of each.

    Lists of different length, or without objects, differ as a whole. A field that a configuration does not
    have is null there.
    """
    return [{"field": field, "values": values} for field, values in _differences(configs, ())]


def _differences(values: Sequence[Any], path: tuple[str, ...]) -> Iterator[tuple[str, list[Any]]]:
    if all(value == values[0] for value in values):
        return
    if all(isinstance(value, dict) for value in values):
        for name in dict.fromkeys(name for value in values for name in value):
            yield from _differences([value.get(name) for value in values], (*path, name))
    elif _are_alike(values):
        for index, items in enumerate(zip(*values, strict=True)):
            yield from _differences(items, (*path, str(index)))
    else:
        yield ".".join(path), list(values)


def _are_alike(values: Sequence[Any]) -> bool:
    """Whether the values are lists of equally many objects, which are compared entry by entry."""
    return (
        all(isinstance(value, list) for value in values)
        and len({len(value) for value in values}) == 1
        and all(isinstance(item, dict) for value in values for item in value)
    )


def align(histories: Sequence[Columns]) -> dict[str, Any]:
    """Returns histories by the steps that any of them has; null where a run has no point at a step."""
    steps = sorted({step for columns in histories for step in columns["step"]})
    places = {step: index for index, step in enumerate(steps)}
    return {"step": steps, "runs": [_placed(columns, places) for columns in histories]}


def _placed(columns: Columns, places: dict[int, int]) -> Columns:
    indices = [places[step] for step in columns["step"]]

    def place(values: Sequence[Any]) -> list[Any]:
        placed: list[Any] = [None] * len(places)
        for index, value in zip(indices, values, strict=True):
            placed[index] = value
        return placed

    names = [name for name in history_columns.NAMES if name != "step"]
    seconds = history_columns.training_times(columns) if columns["step"] else []
    return {name: place(columns[name]) for name in names} | {
        "seconds": None if seconds is None else place(seconds),
        "metrics": {name: place(values) for name, values in columns["metrics"].items()},
    }


def scores(latest: Sequence[dict[str, Any] | None], histories: Sequence[Columns]) -> list[dict[str, Any]]:
    """Returns the losses and metrics of runs: the newest value of each, and the best with its step."""
    return [
        {
            "name": name,
            "higher_is_better": is_higher_better(name),
            "latest": [value_of(point, name) for point in latest],
            "best": [_best(columns, name) for columns in histories],
        }
        for name in names_of(latest)
    ]


def _best(columns: Columns, name: str) -> dict[str, Any] | None:
    point = point_of(columns, name, None)
    return None if point is None else {"step": point["step"], "value": value_of(point, name)}
