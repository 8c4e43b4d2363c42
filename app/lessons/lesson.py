"""A lesson: a configuration, the panels that show it, and changes to try."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Try:
    """A change to try with one click; `watch` says what to observe.

    `changes` replace parts of the lesson's configuration; `weights`: the lesson's initial weights are set
    again; `start`: training starts at once; `speed`: epochs per second. If `task` is set, title and `watch`
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
    """The page of a lesson; its text is `templates/lessons/{name}.html`.

    `line` is its subtitle, `covers` the subject in the list. `weights` are (layer, unit, source, value), set
    before the first view.
    """

    title: str
    line: str
    covers: str
    config: Changes
    panels: tuple[str, ...]
    tries: tuple[Try, ...]
    speed: int | str = 20
    weights: tuple[tuple[int, int, int | str, float], ...] = ()

    def weight_edits(self) -> list[dict[str, Any]]:
        """The initial weights as weight edits of the API."""
        names = ("layer", "unit", "source", "value")
        return [dict(zip(names, weight, strict=True)) for weight in self.weights]


def layers(activation: str, *units: int) -> list[dict[str, Any]]:
    """The configuration of hidden layers with these numbers of units."""
    return [{"units": count, "activation": activation} for count in units]
