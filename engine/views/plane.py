"""The plane of a map: two inputs, or a plane through the space of more inputs."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.analysis.directions import with_determined_signs
from engine.config.errors import ConfigError
from engine.datasets import Data
from engine.tasks.task import Problem
from engine.views.cache import ViewCache

MARGIN = 0.08  # on each side, relative to the range of the points
GENERATED_RANGE = (-6.0, 6.0)  # of generated data sets with two inputs
MAX_ROWS = 2000  # of the training inputs whose principal components are computed
MAX_FIXED_VALUE = 1e300


@dataclass(frozen=True)
class Plane:
    """A rectangle in input space: (u, v) in the ranges `x` and `y` is the raw input `origin + scale · (u ·
    directions[0] + v · directions[1])`.

    `directions` are orthonormal rows, one if there is one axis. `projected`: the points of the data lie
    outside the plane and are drawn at their projections.
    """

    axes: tuple[str, ...]
    origin: np.ndarray
    scale: np.ndarray
    directions: np.ndarray
    x: tuple[float, float]
    y: tuple[float, float]
    projected: bool
    fixed_inputs: dict[str, float] = field(default_factory=dict)
    key: str = ""  # identifies the plane among those of the same data and axes

    def shape(self, resolution: int) -> tuple[int, int]:
        """Rows and columns of a map: one row if there is one axis."""
        return 1 if len(self.axes) == 1 else resolution, resolution

    def description(self) -> dict[str, Any]:
        """Ranges and names of the axes, for the result of a view."""
        return {"x": list(self.x), "y": list(self.y), "axes": list(self.axes)}

    def project(self, raw: np.ndarray) -> np.ndarray:
        """The coordinates (n, 2) in the plane of raw inputs (n, d)."""
        return (raw - self.origin) / self.scale @ self.directions.T

    def raw(self, resolution: int) -> np.ndarray:
        """The raw inputs of a map, row by row from the smallest v: resolution² of them, with one axis
        `resolution`.
        """
        u = np.linspace(*self.x, resolution)
        offsets = u[:, None] * self.directions[0]
        if len(self.axes) == 2:
            v = np.linspace(*self.y, resolution)
            offsets = (v[:, None, None] * self.directions[1] + offsets).reshape(resolution**2, -1)
        return self.origin + self.scale * offsets


def plane_of(cache: ViewCache, data: Data, problem: Problem, axes: str = "auto", held: str = "") -> Plane:
    """The plane for a run's data. `axes`: `auto`, or two input names, separated by a comma or as a JSON list.

    `held` is a JSON object with the values of the other inputs, by default their training means. Raises
    ConfigError for invalid `axes` or `held`.
    """
    if axes == "auto" and problem.axes:
        axes = ",".join(problem.axes)
    return cache.get(
        "plane", (data.digest, axes, held), lambda: _create_plane(data, problem.generated, axes, held)
    )


def grid(cache: ViewCache, data: Data, plane: Plane, resolution: int, dtype: str) -> np.ndarray:
    """The network's inputs (points, features) of a map over the plane, in the order of `Plane.raw`."""
    key = (data.digest, plane.key or ",".join(plane.axes), resolution, dtype)
    return cache.get("grid", key, lambda: data.transform(plane.raw(resolution)).astype(dtype))


def _create_plane(data: Data, generated: bool, axes: str, held: str) -> Plane:
    count = len(data.inputs)
    if axes != "auto" and count > 1:
        return _two_inputs(data, axes, held)
    if held:
        raise ConfigError(
            "held", "needs two axes: the values of the other inputs can then be fixed", given=held
        )
    if count > 2:
        return _principal_plane(data)
    raw = data.train.raw
    if count == 1:
        x, y = (
            padded_range(raw[:, 0]),
            padded_range(np.concatenate([data.train.truth, data.test.truth]).astype(float)),
        )
    elif generated and not np.isin(raw, (0, 1)).all():
        x = y = GENERATED_RANGE
    else:
        x, y = padded_range(raw[:, 0], 0.5), padded_range(raw[:, 1], 0.5)
    return Plane(tuple(data.inputs), np.zeros(count), np.ones(count), np.eye(count), x, y, False)


def _principal_plane(data: Data) -> Plane:
    """The first two principal components of the standardised training inputs."""
    raw = data.train.raw[:MAX_ROWS].astype(np.float64)
    mean, scale = _mean_and_scale(raw)
    standard = (raw - mean) / scale
    directions = with_determined_signs(np.linalg.eigh(standard.T @ standard)[1][:, :-3:-1].T)
    points = standard @ directions.T
    names = ("principal component 1", "principal component 2")
    return Plane(names, mean, scale, directions, padded_range(points[:, 0]), padded_range(points[:, 1]), True)


def _two_inputs(data: Data, axes: str, held: str) -> Plane:
    names = _names(axes)
    if len(names) != 2 or names[0] == names[1] or any(name not in data.inputs for name in names):
        raise ConfigError(
            "axes",
            "must be auto or two different inputs, separated by a comma or as a JSON list",
            given=axes,
            limit=data.inputs,
        )
    columns = [data.inputs.index(name) for name in names]
    raw = data.train.raw
    origin = raw.mean(axis=0)
    for name, number in _fixed_values(held, data.inputs, names).items():
        origin[data.inputs.index(name)] = number
    fixed_inputs = {name: float(origin[i]) for i, name in enumerate(data.inputs) if name not in names}
    origin[columns] = 0
    x, y = (padded_range(raw[:, column]) for column in columns)
    count = len(data.inputs)
    key = json.dumps([names, list(fixed_inputs.values())])
    return Plane(names, origin, np.ones(count), np.eye(count)[columns], x, y, count > 2, fixed_inputs, key)


def _names(axes: str) -> tuple[str, ...]:
    """Names separated by commas, or, if they contain commas, a JSON list."""
    if not axes.startswith("["):
        return tuple(name.strip() for name in axes.split(","))
    try:
        return tuple(str(name) for name in json.loads(axes))
    except (ValueError, TypeError, RecursionError):
        return ()


def _fixed_values(held: str, inputs: list[str], axes: tuple[str, ...]) -> dict[str, float]:
    """The values in `held`, finite numbers of inputs that are not axes."""
    others = [name for name in inputs if name not in axes]
    try:
        values: Any = json.loads(held) if held else {}
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise ConfigError("held", "must be a JSON object of inputs and numbers", given=held, limit=others)
    for name, number in values.items():
        if name not in others:
            raise ConfigError("held", f"“{name}” is not an input that can be fixed", given=name, limit=others)
        if (
            isinstance(number, bool)
            or not isinstance(number, int | float)
            or not abs(number) < MAX_FIXED_VALUE
        ):
            raise ConfigError("held", f"“{name}” must be a finite number", given=number)
    return values


def _mean_and_scale(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale[scale <= 1e-12 * np.abs(mean) + 1e-300] = 1.0
    return mean, scale


def padded_range(values: np.ndarray, margin: float = MARGIN) -> tuple[float, float]:
    """The range of the values, wider by `margin` of it on each side, or by 1 if all values are equal."""
    low, high = float(values.min()), float(values.max())
    pad = margin * (high - low) or 1.0
    return low - pad, high + pad
