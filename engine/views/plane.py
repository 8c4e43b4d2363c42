"""The plane that maps are drawn over: two inputs, or a plane through the space of more inputs."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.config.errors import ConfigError
from engine.datasets import Data
from engine.tasks.task import Problem
from engine.views.cache import ViewCache

MARGIN = 0.08  # of the points' extent, on each side
GENERATED = (-6.0, 6.0)  # the range of generated planar sets
MAX_ROWS = 2000  # of the training inputs whose principal components are computed
MAX_HELD = 1e300  # absolute value of a fixed input


@dataclass(frozen=True)
class Plane:
    """A window onto input space: (u, v) is the raw input `origin + scale · (u · directions[0] + v ·
    directions[1])`.

    `directions` are orthonormal rows. With `projected` points lie outside the plane and are drawn at their
    projections.
    """

    axes: tuple[str, ...]
    origin: np.ndarray
    scale: np.ndarray
    directions: np.ndarray
    x: tuple[float, float]
    y: tuple[float, float]
    projected: bool
    held: dict[str, float] = field(default_factory=dict)  # the values of the fixed inputs
    key: str = ""  # differs between planes of the same data and axes

    def project(self, raw: np.ndarray) -> np.ndarray:
        """The coordinates (n, 2) in the plane of raw inputs (n, d)."""
        return (raw - self.origin) / self.scale @ self.directions.T

    def raw(self, resolution: int) -> np.ndarray:
        """resolution² raw inputs, row after row from the lowest v; `resolution` of them where there is one
        axis only.
        """
        u = np.linspace(*self.x, resolution)
        along = u[:, None] * self.directions[0]
        if len(self.axes) == 2:
            v = np.linspace(*self.y, resolution)
            along = (v[:, None, None] * self.directions[1] + along).reshape(resolution**2, -1)
        return self.origin + self.scale * along


def plane_of(cache: ViewCache, data: Data, problem: Problem, axes: str = "auto", held: str = "") -> Plane:
    """The plane for a run's data: `auto`, or two input names with a comma between, or as a JSON list.

    `held` is a JSON object with the values of other inputs; those it does not name are at their training
    mean.
    """
    if axes == "auto" and problem.axes:
        axes = ",".join(problem.axes)
    return cache.get("plane", (data.digest, axes, held), lambda: _plane(data, problem.generated, axes, held))


def grid(cache: ViewCache, data: Data, plane: Plane, resolution: int, dtype: str) -> np.ndarray:
    """The network's inputs over the plane: (points, features) in the order of `Plane.raw`."""
    key = (data.digest, plane.key or ",".join(plane.axes), resolution, dtype)
    return cache.get("grid", key, lambda: data.transform(plane.raw(resolution)).astype(dtype))


def _plane(data: Data, generated: bool, axes: str, held: str) -> Plane:
    count = len(data.inputs)
    if axes != "auto" and count > 1:
        return _two_inputs(data, axes, held)
    if held:
        raise ConfigError("held", "choose two axes first: what else there is can then be held", given=held)
    if count > 2:
        return _principal_plane(data)
    raw = data.train.raw
    if count == 1:
        x, y = _window(raw[:, 0]), _window(np.concatenate([data.train.truth, data.test.truth]).astype(float))
    elif generated and not np.isin(raw, (0, 1)).all():
        x = y = GENERATED
    else:
        x, y = _window(raw[:, 0], 0.5), _window(raw[:, 1], 0.5)
    return Plane(tuple(data.inputs), np.zeros(count), np.ones(count), np.eye(count), x, y, False)


def _principal_plane(data: Data) -> Plane:
    """The first two principal components of the standardised training inputs."""
    raw = data.train.raw[:MAX_ROWS].astype(np.float64)
    mean, scale = _spread(raw)
    standard = (raw - mean) / scale
    directions = np.linalg.eigh(standard.T @ standard)[1][:, :-3:-1].T
    # The sign of a direction is arbitrary: its largest component becomes positive.
    directions = directions * np.sign(directions[np.arange(2), np.abs(directions).argmax(axis=1)])[:, None]
    points = standard @ directions.T
    names = ("principal component 1", "principal component 2")
    return Plane(names, mean, scale, directions, _window(points[:, 0]), _window(points[:, 1]), True)


def _two_inputs(data: Data, axes: str, held: str) -> Plane:
    names = _names(axes)
    if len(names) != 2 or names[0] == names[1] or any(name not in data.inputs for name in names):
        raise ConfigError(
            "axes",
            "must be auto or two different inputs, with a comma between or as a JSON list",
            given=axes,
            limit=data.inputs,
        )
    columns = [data.inputs.index(name) for name in names]
    raw = data.train.raw
    origin = raw.mean(axis=0)
    for name, number in _held(held, data.inputs, names).items():
        origin[data.inputs.index(name)] = number
    fixed = {name: float(origin[i]) for i, name in enumerate(data.inputs) if name not in names}
    origin[columns] = 0
    x, y = (_window(raw[:, column]) for column in columns)
    count = len(data.inputs)
    key = json.dumps([names, list(fixed.values())])
    return Plane(names, origin, np.ones(count), np.eye(count)[columns], x, y, count > 2, fixed, key)


def _names(axes: str) -> tuple[str, ...]:
    """Names with commas between; as a JSON list where they have commas of their own."""
    if not axes.startswith("["):
        return tuple(name.strip() for name in axes.split(","))
    try:
        return tuple(str(name) for name in json.loads(axes))
    except (ValueError, TypeError, RecursionError):
        return ()


def _held(given: str, inputs: list[str], axes: tuple[str, ...]) -> dict[str, float]:
    """The values of `held`, each a finite number of an input that is no axis."""
    others = [name for name in inputs if name not in axes]
    try:
        values: Any = json.loads(given) if given else {}
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise ConfigError("held", "must be a JSON object of inputs and numbers", given=given, limit=others)
    for name, number in values.items():
        if name not in others:
            raise ConfigError("held", f"“{name}” is no input that can be held", given=name, limit=others)
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < MAX_HELD:
            raise ConfigError("held", f"“{name}” must be a finite number", given=number)
    return values


def _spread(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale[scale <= 1e-12 * np.abs(mean) + 1e-300] = 1.0
    return mean, scale


def _window(values: np.ndarray, margin: float = MARGIN) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    pad = margin * (high - low) or 1.0
    return low - pad, high + pad
