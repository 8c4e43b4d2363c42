"""Read configuration: that in the header of a checkpoint, read once for all headers with the same text."""

import json
from functools import cached_property, lru_cache
from typing import Any, cast

from engine.config.models import Config
from engine.layers.network import Network, build
from engine.tasks.paradigms import PARADIGMS, problem
from engine.tasks.task import Problem

FORMAT = 1


class ReadConfig:
    """A configuration that was read, and what follows from it, for all checkpoints with the same text."""

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
def read_config(head: bytes) -> ReadConfig:
    """Reads the part of a header up to the configuration, which takes most of the time of reading one."""
    header = json.loads(head + b"}")
    if header["format"] != FORMAT:
        raise ValueError(f"this checkpoint has format {header['format']}, but only {FORMAT} can be read")
    return ReadConfig(PARADIGMS[header["config"]["paradigm"]].config.model_validate(header["config"]))
