"""Members: the settings and data of K networks that train in one recorded step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.config.models import Config, ExamplesConfig
from engine.datasets import Data


@dataclass(frozen=True)
class Members:
    """Configuration, data and `optimizer_start` of each network; equal data is the same object."""

    configs: Sequence[ExamplesConfig]
    data: Sequence[Data]
    optimizer_starts: Sequence[int]


def common_number(configs: Sequence[Config], read: Callable[[Any], Any]) -> Any:
    """Returns the number that `read` returns for every configuration, or a column (K, 1) if they differ.

    The column contains Python numbers (dtype object), so that expressions of them are rounded as for one
    network; a `Recorder` converts them to its dtype.
    """
    values = [read(config) for config in configs]
    if all(value == values[0] for value in values):
        return values[0]
    column = np.empty((len(values), 1), object)
    column[:, 0] = values
    return column
