"""Learning paradigms: the configuration, problem and data of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from engine.config.autoencoder import AutoencoderConfig
from engine.config.models import Config, ExamplesConfig, RunConfig
from engine.config.policy_gradient import PolicyConfig
from engine.config.task_names import CONTROL, RECONSTRUCTION, SUPERVISED
from engine.datasets import load
from engine.datasets.tables.library import NO_TABLES, TableLibrary
from engine.tasks import autoencoder, supervised
from engine.tasks import policy_gradient as policy
from engine.tasks.suitability import Unsuitable
from engine.tasks.table_settings import few_rows
from engine.tasks.task import Problem, mismatches


@dataclass(frozen=True)
class Paradigm:
    """A learning paradigm.

    `resolve` completes a validated configuration or raises ConfigError; `problem`, `load` and `warnings` take
    a resolved one. `source` is the list of the catalogue with the data sets or environments, and the
    configuration field for their names. Trainers are in `engine.trainers`, because the server reads
    configurations but does not train.
    """

    tasks: tuple[str, ...]
    config: type[Config]
    resolve: Callable[[Any], Config]
    problem: Callable[[Any], Problem]
    load: Callable[[Any, TableLibrary], Any]
    warnings: Callable[[Any], Iterable[Unsuitable]]
    source: tuple[str, str]
    shapes_data: tuple[str, ...]  # fields that determine the data of a run


def problem(config: Config) -> Problem:
    """Returns the problem of a resolved configuration."""
    return PARADIGMS[config.paradigm].problem(config)


def load_data(config: Config, tables: TableLibrary = NO_TABLES) -> Any:
    """Returns the data of a resolved configuration; `tables` contains the imported tables."""
    return PARADIGMS[config.paradigm].load(config, tables)


def _warnings(config: ExamplesConfig) -> Iterable[Unsuitable]:
    return [*mismatches(supervised.problem(config).task, config), *few_rows(config)]


PARADIGMS: dict[str, Paradigm] = {
    "supervised": Paradigm(
        tasks=SUPERVISED,
        config=RunConfig,
        resolve=supervised.resolve,
        problem=supervised.problem,
        load=load,
        warnings=_warnings,
        source=("datasets", "dataset.name"),
        # The encoding of the targets depends on loss and output activation, the precision on dtype.
        shapes_data=("dataset", "features", "output_activation", "loss", "dtype"),
    ),
    "autoencoder": Paradigm(
        tasks=(RECONSTRUCTION,),
        config=AutoencoderConfig,
        resolve=autoencoder.resolve,
        problem=autoencoder.problem,
        load=autoencoder.load,
        warnings=autoencoder.warnings,
        source=("datasets", "dataset.name"),
        shapes_data=("dataset", "features", "dtype", "corruption"),
    ),
    "policy_gradient": Paradigm(
        tasks=(CONTROL,),
        config=PolicyConfig,
        resolve=policy.resolve,
        problem=policy.problem,
        load=lambda config, tables: policy.load(config),
        warnings=policy.warnings,
        source=("environments", "environment.name"),
        shapes_data=("environment", "features"),
    ),
}
