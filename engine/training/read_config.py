"""Read configuration: that in the header of a checkpoint, read once for all headers with the same one."""

import json
from functools import cached_property, lru_cache
from typing import Any, cast

from engine.config.models import Config
from engine.layers.network import Network, build
from engine.tasks.paradigms import PARADIGMS, problem
from engine.tasks.task import Problem


class ReadConfig:
    """A configuration that was read, and what follows from it, for all checkpoints with the same one."""

    def __init__(self, config: Config) -> None:
        self.config = config

    @cached_property
    def problem(self) -> Problem:
        """The problem of the configuration."""
        return problem(self.config)

    @cached_property
    def network(self) -> Network:
        """The network without disabled units."""
        return build(cast(Any, self.config), self.problem.outputs)


@lru_cache(maxsize=512)  # of the members of an experiment
def read_config(text: str) -> ReadConfig:
    """Reads a configuration in JSON; the checks take longer than reading and writing its text."""
    config = json.loads(text)
    return ReadConfig(PARADIGMS[config["paradigm"]].config.model_validate(config))
