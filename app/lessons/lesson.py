"""The parts of a lesson: a configuration, the panels that show it, and attempts at changing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Try:
    """A change to try with one click, and what to look at.

    `changes` replace parts of the lesson's configuration; `weights`: the lesson's initial weights are set
    again; `start`: training starts at once; `speed`: epochs per second. Where `task` is set, title and text
    are those of that task, or of its `mismatch`.
    """

    title: str
    watch: str
    changes: Changes = field(default_factory=dict)
    start: bool = False
    weights: bool = False
    speed: int | str | None = None
    task: str = ""
    mismatch: str = ""


@dataclass(frozen=True)
class Lesson:
    """A page; its prose is `templates/lessons/{name}.html`.

    `weights` are (layer, unit, source, value), set before anything is shown.
    """

    title: str
    line: str
    covers: str
    config: Changes
    panels: tuple[str, ...]
    tries: tuple[Try, ...]
    speed: int | str = 20
    weights: tuple[tuple[int, int, int | str, float], ...] = ()

    def operations(self) -> list[dict[str, Any]]:
        """The initial weights as weight edits of the API."""
        names = ("layer", "unit", "source", "value")
        return [dict(zip(names, weight, strict=True)) for weight in self.weights]


def layers(activation: str, *units: int) -> list[dict[str, Any]]:
    """The configuration of hidden layers with these numbers of units."""
    return [{"units": count, "activation": activation} for count in units]
