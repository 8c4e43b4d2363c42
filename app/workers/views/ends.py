"""Ends: answers of the view worker about the weights at which several runs ended."""

from collections.abc import Generator
from dataclasses import asdict
from typing import Any

from app.workers.messages import Query
from app.workers.views.checkpoint_loader import CheckpointLoader
from engine.config.task_names import NUMBERS
from engine.minima.between import line, map_of
from engine.minima.ends import Ends, compared_part, disagreements, distances, ends_of, predictions
from engine.training.measured_points import MAX_MEASURED

Report = Generator[float, None, dict[str, Any]]


def ends_slices(query: Query, loader: CheckpointLoader) -> Generator[None, None, dict[str, Any]]:
    """Yields after each slice, and returns what `query.arguments["report"]` names about its `states`.

    They are pairs of a configuration and a checkpoint. Raises ConfigError if these differ in shape.
    """
    checkpoints, data = [], []
    for config, state in query.arguments["states"]:
        checkpoint, prepared = yield from _steps(loader.load(config, state))
        checkpoints.append(checkpoint)
        data.append(prepared)
        yield
    ends = ends_of(checkpoints, data)
    reports = {"distances": _distances, "line": _line, "map": _map}
    found = yield from _steps(reports[query.arguments["report"]](ends, query.arguments))
    return {"has_same_data": ends.has_same_data} | found


def _steps(slices: Generator[Any, None, Any]) -> Generator[None, None, Any]:
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return end.value
        yield


def _distances(ends: Ends, arguments: dict[str, Any]) -> Report:
    weights = yield from distances(ends)
    predicted = yield from predictions(ends)
    first, task = ends.data[0], ends.checkpoints[0].problem.task
    part = compared_part(first)
    return {
        "weights": weights,
        "norms": [float(norm) for norm in (ends.thetas**2).sum(axis=1) ** 0.5],
        "disagreement": disagreements(task, predicted),
        "measure": "root_mean_square" if task in NUMBERS else "share",
        "part": part,
        "samples": min(MAX_MEASURED, len(getattr(first, part))),
    }


def _line(ends: Ends, arguments: dict[str, Any]) -> Report:
    return {"part": "train"} | asdict((yield from line(ends, arguments["points"])))


def _map(ends: Ends, arguments: dict[str, Any]) -> Report:
    found = yield from map_of(ends, arguments["resolution"])
    if found is None:
        return {"missing": "one_line"}
    places = zip(found.positions.tolist(), found.losses.tolist(), found.beside.tolist(), strict=True)
    return {
        "x": found.x,
        "y": found.y,
        "loss": found.loss,
        "ends": [{"x": x, "y": y, "loss": loss, "beside": beside} for (x, y), loss, beside in places],
        "explained": found.explained,
        "missing": None,
        "part": "train",
        **found.size.describe(),
    }
