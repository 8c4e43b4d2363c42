"""Carried parts: what a fork carries over from its parent and what begins anew, as codes and sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from engine.layers.network import Network

# The English text of each code, with its parameters as placeholders; layers are counted from 1 in the text.
PARTS = {
    "weights": "all weights",
    "layer_weights": "weights of layer {position} ({count:,} of {total:,})",
    "optimizer_state": "optimizer state",
    "layer_optimizer_state": "optimizer state of layer {position} ({count:,} of {total:,} weights)",
    "random_state": "random generators",
    "epoch_order": "order of the training points and position in the epoch",
    "episodes": "episodes in progress",
    "early_stopping": "state of early stopping",
    "frozen_weights": "frozen weights ({count:,})",
    "disabled_units": "disabled units ({count:,})",
}


class Part(NamedTuple):
    """One part: a stable code with the parameters of its text, and the English text."""

    code: str
    parameters: Mapping[str, Any]
    text: str


@dataclass
class CarriedParts:
    """The parts that were carried over, and those that began anew."""

    carried: list[Part] = field(default_factory=list)
    renewed: list[Part] = field(default_factory=list)

    def add(self, code: str, carried: bool, **parameters: int) -> None:
        """Adds a part to one of the lists; a `layer` counts from 0."""
        text = PARTS[code].format(position=parameters.get("layer", 0) + 1, **parameters)
        (self.carried if carried else self.renewed).append(Part(code, parameters, text))

    def add_count(self, code: str, kept: int, before: int) -> None:
        """Adds how many of something still exist, and how many were lost."""
        if kept:
            self.add(code, True, count=kept)
        if before > kept:
            self.add(code, False, count=before - kept)

    def add_layers(self, code: str, network: Network, carried: np.ndarray) -> None:
        """Adds parameters (size,): in total if all or none are carried over, else those of each layer.

        `count` and `total` are numbers of weights, biases and learned alphas.
        """
        if carried.all() or not carried.any():
            self.add(code, bool(carried.all()))
            return
        for index, layer in enumerate(network.layers):
            values = [values.ravel() for values in layer.parameters(carried).values()]
            count, total = int(np.concatenate(values).sum()), sum(map(len, values))
            for is_carried, number in ((True, count), (False, total - count)):
                if number:
                    self.add(f"layer_{code}", is_carried, layer=index, count=number, total=total)

    def describe(self) -> dict[str, Any]:
        """Returns `carried` and `renewed` as texts, and `carried_codes` and `renewed_codes`."""
        lists = {"carried": self.carried, "renewed": self.renewed}
        codes = {
            f"{name}_codes": [{"code": part.code, "parameters": part.parameters} for part in parts]
            for name, parts in lists.items()
        }
        return {name: [part.text for part in parts] for name, parts in lists.items()} | codes
