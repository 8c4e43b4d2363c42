"""A lesson: a configuration, the panels that show it, experiments, and claims about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Changes = Mapping[str, Any]

SEEDS = 8  # of data and weights together, from 0, over which the claims are measured

# The settings of every lesson; those of a lesson or of an experiment replace them.
BASE: dict[str, Any] = {
    "name": "",
    "dataset": {
        "name": "circle", "samples": None, "noise": None, "classes": None, "validation_fraction": 0,
        "test_fraction": 0.3, "standardize": "auto", "seed": 0,
    },
    "features": None,
    "layers": [],
    "output_activation": "auto",
    "loss": {"name": "auto", "delta": None},
    "initializer": {"name": "auto", "scale": None, "bias": 0},
    "optimizer": {
        "name": "adam", "learning_rate": 0.01, "schedule": {"name": "constant"}, "clip_norm": None,
    },
    "l1": 0,
    "l2": 0,
    "batch_size": 32,
    "epochs": 100_000,
    "steps": None,
    "early_stopping": None,
    "unwatched": "pause",  # after its last viewer left, as the page sends it
    "dtype": "float32",
    "seed": 0,
}  # fmt: skip
_SECTIONS = ("loss", "initializer", "optimizer")


@dataclass(frozen=True)
class Claim:
    """A statement with numbers, and how it is measured.

    For each of the seeds 0 to `SEEDS` - 1 (of data and weights) the experiment named `experiment` is trained
    for `steps` steps; `measure` names a quantity of the result, for a ratio compared with the experiment
    `against`. In `holds` of the seeds, with the page's seed 0 among them, it lies from `low` to `high`.
    `sentence` is the wording on the page.
    """

    sentence: str
    experiment: str
    measure: str
    steps: int
    low: float = float("-inf")
    high: float = float("inf")
    holds: int = SEEDS
    against: str = ""


@dataclass(frozen=True)
class Try:
    """An experiment: a change to try with one click; `watch` says what to observe.

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
    before the first view. `goal`: a column of the history and the value that counts as reached, whose step
    the table of the experiments shows.
    """

    title: str
    line: str
    covers: str
    config: Changes
    panels: tuple[str, ...]
    tries: tuple[Try, ...]
    speed: int | str = 20
    weights: tuple[tuple[int, int, int | str, float], ...] = ()
    claims: tuple[Claim, ...] = ()
    goal: tuple[str, float] | None = None

    def weight_edits(self) -> list[dict[str, Any]]:
        """The initial weights as weight edits of the API."""
        names = ("layer", "unit", "source", "value")
        return [dict(zip(names, weight, strict=True)) for weight in self.weights]

    def configuration(self, changes: Changes | None = None) -> dict[str, Any]:
        """The complete configuration of the lesson, or of an experiment with `changes`.

        Sections are merged, but another data set has none of the options of the lesson's.
        """
        base = merged(BASE, self.config)
        changes = changes or {}
        name = changes.get("dataset", {}).get("name")
        if name and name != base["dataset"]["name"]:
            base["dataset"] = BASE["dataset"]
        return merged(base, changes)


def merged(base: Changes, changes: Changes) -> dict[str, Any]:
    """`base` with `changes`; data set, loss, initializer and optimizer keep the fields that are not changed.

    A loss or optimizer of another name has no options of the one before.
    """
    result = {**base, **changes}
    if "dataset" in changes:
        result["dataset"] = {**base["dataset"], **changes["dataset"]}
    for section in _SECTIONS:
        if section in changes:
            result[section] = {**BASE[section], **changes[section]}
    return result


def layers(activation: str, *units: int) -> list[dict[str, Any]]:
    """The configuration of hidden layers with these numbers of units."""
    return [{"units": count, "activation": activation} for count in units]
