"""Problem: what a network has to do, as far as its shape, its loss and its pictures depend on it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What goes in and what comes out; from the configuration alone, without a single row of data."""

    task: str  # one of engine.config.task_names
    inputs: list[str]  # columns of the data, or numbers of an observation
    features: list[str]  # what the network sees of them, in its order
    outputs: int
    classes: list[str] | None  # names of classes, labels or actions, where there are any
    generated: bool  # drawn on the plane from -6 to 6, where there are two inputs
    axes: tuple[str, str] | None = None  # two inputs over which it is looked at first; None: the plane itself
