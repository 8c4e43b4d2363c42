"""Data sets: the dict of all of them, their descriptions, and the data of a run."""

from dataclasses import dataclass
from typing import Any

from engine.config.errors import ConfigError
from engine.config.models import Config, DatasetConfig, ExamplesConfig
from engine.config.parameter import Parameter
from engine.config.task_names import RECONSTRUCTION
from engine.datasets.dataset import Data, Dataset, Image, Options, Part
from engine.datasets.features import FEATURES, Feature, canonical_feature, offered_features
from engine.datasets.generators.gates import GATES
from engine.datasets.generators.light_curves import LIGHT_CURVES
from engine.datasets.generators.planar import PLANAR
from engine.datasets.generators.playground import PLAYGROUND
from engine.datasets.generators.sine import SINE
from engine.datasets.prepare import class_names, count_outputs, part_sizes, prepare, rows_left, target_range
from engine.datasets.real import REAL
from engine.datasets.tables.library import NO_TABLES, TableLibrary, header_of, table_dataset
from engine.datasets.training_examples import check as check_train_samples

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
    "check_train_samples",
    "dataset_of",
    "describe",
    "load",
    "look_up_table",
    "part_sizes",
    "rows_left",
    "target_range",
]

DATASETS: dict[str, Dataset] = {**PLAYGROUND, **PLANAR, **GATES, **SINE, **LIGHT_CURVES, **REAL}


@dataclass(frozen=True)
class Description:
    """The properties of a data set that a configuration depends on, without its rows."""

    task: str
    applies_to: tuple[str, ...]  # its task, and reconstruction if there are several inputs
    inputs: list[str]
    features: list[str]  # all that can be selected, in the order of the form
    default_features: list[str]
    classes: list[str] | None
    outputs: int
    planar: bool
    generated: bool
    default_samples: int
    available: int | None  # number of rows; None: not limited
    sizes: tuple[int, int, int] | None  # rows of train, validation and test, if fixed
    parameters: dict[str, Parameter]  # of samples, noise and classes: those that apply
    image: Image | None  # if the inputs are the pixels of an image


def look_up_table(config: Config, tables: TableLibrary) -> Config:
    """Returns the configuration with content and header of its imported table; others are returned unchanged.

    The content is that of the configuration, or the current one of the data set's name. Raises ConfigError
    if there is no data set of this name, or no table of this content.
    """
    if not isinstance(config, ExamplesConfig):
        return config
    dataset = config.dataset
    content = dataset.content
    if content is None and dataset.name in DATASETS:
        return config
    if content is None:
        content = tables.content_of(dataset.name)
    if content is None:
        names = [*DATASETS, *tables.names()]
        message = f"there is no “{dataset.name}”; available are {', '.join(names)}"
        raise ConfigError("dataset.name", message, given=dataset.name, limit=names)
    dataset = dataset.model_copy(update={"content": content})
    return config.model_copy(update={"dataset": dataset.with_header(header_of(content, tables))})


def dataset_of(config: DatasetConfig, tables: TableLibrary = NO_TABLES) -> Dataset:
    """Returns the built-in data set, or the imported table of `look_up_table`.

    Without `tables` it can be described, but an imported table has no rows.
    """
    content = config.content
    if content is None:
        return DATASETS[config.name]
    assert config.header is not None, "only a resolved configuration has the header of its table"
    return table_dataset(config.header, lambda: tables.table(content))


def describe(dataset: Dataset, classes: int | None = None) -> Description:
    """Describes a data set; `classes` is used if it is a parameter of the set (None: its default)."""
    parameter = dataset.parameters.get("classes")
    if parameter is not None and classes is None and parameter.default is not None:
        classes = int(parameter.default)
    samples = dataset.parameters.get("samples")
    default = samples.default if samples is not None else dataset.available
    assert default is not None
    inputs = list(dataset.inputs)
    return Description(
        task=dataset.task,
        applies_to=(dataset.task, RECONSTRUCTION) if len(inputs) > 1 else (dataset.task,),
        inputs=inputs,
        features=offered_features(inputs),
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


def load(config: Any, tables: TableLibrary = NO_TABLES) -> Data:
    """Returns the data of a run, from its resolved configuration."""
    return prepare(dataset_of(config.dataset, tables), config)
