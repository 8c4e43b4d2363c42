"""Table settings: those that fit an imported table where a request has none, and how sure a score is.

Of noisy rows a network that is trained for long learns the noise, of few rows the more. Eight units are too
few for images: the ten digits of 8 x 8 pixels pass through them with 0.93 right, through 64 with 0.97. The
settings reach the scores of other models on the same rows (`benchmarks/compared_models.py`, docs/scores.md).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.config.models import Config, ExamplesConfig, LayerConfig, RunConfig
from engine.datasets.prepare import part_sizes
from engine.datasets.tables.table import Header
from engine.tasks.suitability import Unsuitable

SMALL = 50  # rows; a table with fewer is small
# Of all imported tables: fewer epochs at a lower rate, and a penalty.
USUAL: Mapping[str, Any] = {"epochs": 200, "l2": 0.01, "optimizer": {"learning_rate": 0.003}}
# Of small ones: small batches as well, and a larger penalty.
FITTING: Mapping[str, Any] = {
    "batch_size": 8,
    "epochs": 200,
    "l2": 0.03,
    "optimizer": {"learning_rate": 0.003},
}


# Of imported images.
PICTURES: Mapping[str, Any] = {
    "layers": [LayerConfig(units=64, activation="relu").model_dump()],
    "epochs": 50,
    "l2": 0.003,
    "optimizer": {"learning_rate": 0.002},
}


def is_table(header: Header | None) -> bool:
    """Whether this is an imported table that has neither images nor drawn points."""
    return header is not None and not header.drawn and header.image is None


def is_small(header: Header | None) -> bool:
    """Whether this is an imported table with fewer than SMALL rows."""
    return header is not None and is_table(header) and header.rows < SMALL


def fitting_settings(header: Header | None) -> dict[str, Any] | None:
    """Returns the settings that fit a small table or images, a partial configuration; None for other data."""
    if header is not None and header.image is not None:
        return {**PICTURES}
    return {**FITTING} if is_small(header) else None


def _settings(header: Header | None) -> Mapping[str, Any] | None:
    if header is None or header.drawn:
        return None
    if header.image is not None:
        return PICTURES
    return FITTING if is_small(header) else USUAL


def fit(config: Config) -> Config:
    """Sets the fields of FITTING, USUAL or PICTURES that a request lacks, if its data are imported."""
    settings = _settings(config.dataset.header) if isinstance(config, RunConfig) else None
    if settings is None or not isinstance(config, RunConfig):
        return config
    changes = {
        name: value
        for name, value in settings.items()
        if name != "optimizer" and name not in config.model_fields_set
    }
    if "layers" in changes:
        changes["layers"] = [LayerConfig(**layer) for layer in changes["layers"]]
    given = config.optimizer.model_fields_set
    if "optimizer" in settings and config.optimizer.name == "adam" and "learning_rate" not in given:
        changes["optimizer"] = config.optimizer.model_copy(update=settings["optimizer"])
    return config.model_copy(update=changes)


def few_rows(config: ExamplesConfig) -> Iterable[Unsuitable]:
    """Yields the warning that the score of a small table depends on which rows are tested."""
    header, section = config.dataset.header, config.dataset
    if header is None or not is_small(header) or header.sizes is not None:
        return
    train, _, test = part_sizes(
        section.samples or header.rows, section.validation_fraction, section.test_fraction
    )
    yield Unsuitable("dataset.test_fraction", "few_rows", {"train": train, "test": test})
