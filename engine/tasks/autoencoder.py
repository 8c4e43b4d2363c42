"""Autoencoder: resolves a configuration, derives its problem, and loads data whose targets are the inputs.

A denoising autoencoder (Vincent et al. 2008) is a network with a narrow layer that reconstructs the clean row
from a corrupted one.
"""

from collections.abc import Iterable
from dataclasses import replace

from engine.config.autoencoder import AutoencoderConfig
from engine.config.errors import ConfigError
from engine.config.task_names import RECONSTRUCTION
from engine.datasets import Data, Part, dataset_of
from engine.datasets import load as load_examples
from engine.datasets.features import compute
from engine.datasets.prepare import digest
from engine.datasets.tables.library import TableLibrary
from engine.tasks import shared_fields, supervised
from engine.tasks.corruption import EVALUATION, corrupt, generator
from engine.tasks.suitability import Unsuitable
from engine.tasks.task import Problem, mismatches

PARTS = ("train", "validation", "test")


def problem(config: AutoencoderConfig) -> Problem:
    """Returns the problem: as many outputs as features; classes are only used for colours."""
    source = supervised.problem(config)
    return replace(source, task=RECONSTRUCTION, outputs=len(source.features))


def resolve(config: AutoencoderConfig) -> AutoencoderConfig:
    """Replaces `auto` and null. Raises ConfigError for the first invalid field."""
    raw = config.model_dump()
    if raw["dataset"]["standardize"] == "auto":  # noise is in standard deviations of the features
        raw["dataset"]["standardize"] = True
    source = dataset_of(config.dataset)
    description = supervised.dataset(raw, source)
    if len(raw["features"]) < 2:
        raise ConfigError("features", "an autoencoder needs at least two inputs", given=raw["features"])
    shared_fields.layers(raw)
    shared_fields.optimizer(raw)
    supervised.output(raw, replace(description, task=RECONSTRUCTION))
    shared_fields.initializer(raw, raw["output_activation"])
    supervised.stopping(raw, source)
    return AutoencoderConfig.model_validate(raw)


def bottleneck(config: AutoencoderConfig) -> int:
    """Returns the index of the narrowest hidden layer, the first one if several are equal."""
    units = [layer.units for layer in config.layers]
    return units.index(min(units))


def warnings(config: AutoencoderConfig) -> Iterable[Unsuitable]:
    """Yields each setting that is allowed but unsuitable."""
    yield from mismatches(RECONSTRUCTION, config)
    narrow = bottleneck(config)
    if config.layers[narrow].units >= len(config.features or []):
        yield Unsuitable(f"layers.{narrow}.units", "no_bottleneck")


def load(config: AutoencoderConfig, tables: TableLibrary) -> Data:
    """Returns the rows of the data set: inputs with one fixed corruption, targets clean.

    The trainer draws a new corruption of the training inputs in every epoch, see `engine.trainers`.
    """
    data = load_examples(config, tables)
    has_classes = data.task in ("binary", "multiclass")
    parts = []
    for number, name in enumerate(PARTS):
        part: Part = getattr(data, name)
        corrupted, _ = corrupt(part.inputs, config.corruption, generator(config, EVALUATION, number))
        clean = compute(data.features, data.inputs, part.raw)
        labels = part.truth.astype(int) if has_classes else None
        parts.append(Part(part.raw, corrupted, part.inputs, clean, labels))
    result = replace(
        data,
        task=RECONSTRUCTION,
        outputs=len(data.features),
        train=parts[0],
        validation=parts[1],
        test=parts[2],
        target_mean=data.feature_mean,
        target_scale=data.feature_scale,
        target_low=0.0,
        target_high=1.0,
    )
    result.digest = digest(result)
    return result
