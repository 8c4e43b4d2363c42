"""Data sets: one dict of all of them, what each looks like, and how a run's data are made."""

from dataclasses import dataclass
from typing import Any

from engine.config.errors import ConfigError
from engine.config.parameter import Parameter
from engine.config.task_names import RECONSTRUCTION
from engine.datasets.dataset import Data, Dataset, Image, Options, Part
from engine.datasets.features import FEATURES, Feature, canonical_feature
from engine.datasets.generators.gates import GATES
from engine.datasets.generators.light_curves import LIGHT_CURVES
from engine.datasets.generators.planar import PLANAR
from engine.datasets.generators.playground import PLAYGROUND
from engine.datasets.generators.sine import SINE
from engine.datasets.prepare import class_names, count_outputs, part_sizes, prepare, target_range
from engine.datasets.real import REAL
from engine.datasets.tables.library import content_of, own, own_names

__all__ = [
    "DATASETS",
    "FEATURES",
    "Data",
    "Dataset",
    "Description",
    "Feature",
    "Image",
    "Options",
    "Part",
    "canonical_feature",
    "content_for",
    "describe",
    "entry",
    "load",
    "part_sizes",
    "target_range",
]

DATASETS: dict[str, Dataset] = {**PLAYGROUND, **PLANAR, **GATES, **SINE, **LIGHT_CURVES, **REAL}


@dataclass(frozen=True)
class Description:
    """What a configuration needs to know of a data set, without a single row of it."""

    task: str
    applies_to: tuple[str, ...]  # what may be learned from it: its own task, and to give back several inputs
    inputs: list[str]
    features: list[str]  # all that may be chosen, in the order the page shows them
    default_features: list[str]
    classes: list[str] | None
    outputs: int
    planar: bool
    generated: bool
    default_samples: int
    available: int | None  # rows there are; None: as many as one asks for
    sizes: tuple[int, int, int] | None  # rows of train, validation and test, where each row has its place
    parameters: dict[str, Parameter]  # those of samples, noise, classes that apply
    image: Image | None  # where the inputs are the pixels of a picture


def entry(name: str, content: str | None = None) -> Dataset:
    """The data set of this name, or own data of this content. Raises ConfigError where they are gone."""
    return own(content) if content is not None else DATASETS[name]


def content_for(name: str, content: str | None) -> str | None:
    """The content that a request means: the given one, or the present one of an own data set; None for a
    built-in set. Raises ConfigError where there is no set of this name.
    """
    if content is not None or name in DATASETS:
        return content
    found = content_of(name)
    if found is None:
        names = [*DATASETS, *own_names()]
        message = f"there is no “{name}”; there are {', '.join(names)}"
        raise ConfigError("dataset.name", message, given=name, limit=names)
    return found


def describe(name: str, classes: int | None = None, content: str | None = None) -> Description:
    """Describe a data set; `classes` counts where it is a parameter of the set (None: its default)."""
    dataset = entry(name, content)
    chosen = dataset.parameters.get("classes")
    if chosen is not None and classes is None and chosen.default is not None:
        classes = int(chosen.default)
    samples = dataset.parameters.get("samples")
    default = samples.default if samples is not None else dataset.available
    assert default is not None
    inputs = list(dataset.inputs)
    return Description(
        task=dataset.task,
        applies_to=(dataset.task, RECONSTRUCTION) if len(inputs) > 1 else (dataset.task,),
        inputs=inputs,
        features=list(FEATURES) if dataset.planar else inputs,
        default_features=inputs,
        classes=class_names(dataset, classes),
        outputs=count_outputs(dataset, classes),
        planar=dataset.planar,
        generated=dataset.generated,
        default_samples=int(default),
        available=dataset.available,
        sizes=dataset.sizes,
        parameters=dataset.parameters,
        image=dataset.image,
    )


def load(config: Any) -> Data:
    """The data of a run, from its resolved configuration: generated, shuffled, split, scaled, encoded."""
    return prepare(entry(config.dataset.name, config.dataset.content), config)
