"""View slices: computes a view in slices, with the recorded history that it needs."""

from collections.abc import Generator
from typing import Any

from app import history_columns
from app.workers.recorded import RecordedHistory
from engine.config.errors import ConfigError
from engine.datasets.tables.library import TableLibrary
from engine.training.checkpoint import Checkpoint
from engine.views import VIEWS
from engine.views.cache import ViewCache

# Yields the computed share, and returns the arrays of the view.
ViewSlices = Generator[float, None, dict[str, Any]]


def view_slices(
    name: str,
    checkpoint: Any,
    data: Any,
    options: dict[str, Any],
    history: RecordedHistory | None,
    tables: TableLibrary,
    cache: ViewCache,
) -> ViewSlices:
    """Computes a view, in slices if it supports them. Raises ConfigError if it does not apply."""
    view, task = VIEWS[name], checkpoint.problem.task
    if task not in view.applies_to:
        raise ConfigError("view", f"does not apply to {task}", given=name, limit=list(view.applies_to))
    view.check(checkpoint)
    trajectory: Any = None
    if history is not None and history.attempt == checkpoint.attempt:
        if history.points is not None:
            trajectory = history_columns.to_points(
                history_columns.select_steps(history.points, None, checkpoint.step)
            )
        elif history.weights is not None:
            trajectory = yield from _recorded_weights(checkpoint, history.weights, tables)
    return (yield from view.slices(checkpoint, data, options, trajectory, cache))


def _recorded_weights(
    checkpoint: Any, states: tuple[bytes, ...], tables: TableLibrary
) -> Generator[float, None, list[Any]]:
    """Returns the recorded weights up to this checkpoint, of networks with the same units."""
    weights = []
    for state in states:
        earlier = Checkpoint.from_bytes(state, tables)
        if earlier.step <= checkpoint.step and _units(earlier) == _units(checkpoint):
            weights.append(earlier.theta)
        yield 0.0
    return weights


def _units(checkpoint: Any) -> list[int]:
    return [layer.units for layer in checkpoint.config.layers]
