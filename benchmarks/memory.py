"""What a run takes of memory, by a formula, and whether it does."""

import tracemalloc
from dataclasses import dataclass
from typing import Any

from benchmarks.limits import Claim, at_most
from benchmarks.summary import short
from benchmarks.workloads import WORKLOADS, configure, data_of
from engine.config.models import RunConfig
from engine.datasets import Data
from engine.layers.network import build
from engine.optimizers import OPTIMIZERS
from engine.training.compiled.forward import buffer_rows, prepared
from engine.training.measured_points import measured_sizes
from engine.training.trainer import Trainer

FIXED = 300_000  # bytes: code, names and Python objects of a run, whatever its size


@dataclass
class Sizes:
    """The numbers of the formula."""

    bytes: int  # of one number
    parameters: int
    slots: int  # vectors the optimizer keeps
    rows: int  # units of all layers, and a row of ones each
    inputs: int
    outputs: int
    samples: int  # in the training part
    batch: int
    rest: int  # in the short last batch
    points: int  # that are measured

    def formula(self) -> int:
        """Bytes of a run without its data (which runs of one data set share).

        State and its last good copy; for whole batches and for the rest a plan with its gradient, one
        vector of scratch and its buffers (activations, derivatives, errors, constants, scratch); the
        training part twice, as it is and in the epoch's order; and what measuring needs.
        """
        states = 2 * ((1 + self.slots) * self.parameters * self.bytes + 8 * self.samples)
        plans = sum(self._plan(samples) for samples in (self.batch, self.rest) if samples)
        batches = 2 * self.samples * (self.inputs + 1 + self.outputs) * self.bytes
        each = 2 * (self.inputs + 1) + self.outputs + 4 * self.rows
        measuring = (self.parameters + self.points * each) * self.bytes
        return states + plans + batches + measuring + FIXED

    def _plan(self, samples: int) -> int:
        return (2 * self.parameters + 11 * self.rows * samples) * self.bytes


def sizes(config: RunConfig, data: Data) -> Sizes:
    """Of a run with this configuration and data."""
    network = build(config, data.outputs)
    rows = buffer_rows(network)
    samples, batch = len(data.train), config.batch_size
    slots, points = OPTIMIZERS[config.optimizer.name].state_vectors, sum(measured_sizes(data).values())
    return Sizes(4, network.size, slots, rows, len(data.features), data.outputs, samples, batch,
                 samples % batch, points)  # fmt: skip


def used(config: RunConfig, data: Data) -> int:
    """Bytes allocated by a run that has trained an epoch and measured a point, its data not counted."""
    prepared.cache_clear()
    tracemalloc.start()
    trainer = Trainer(config, data)
    trainer.advance(len(data.train) // config.batch_size + 1)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken


def run(quick: bool) -> dict[str, Any]:
    """Formula and measurement for each workload."""
    rows: dict[str, Any] = {}
    claims: list[Claim] = []
    for name in WORKLOADS:
        config = configure(name)
        data = data_of(name, config)
        formula, taken = sizes(config, data).formula(), used(config, data)
        rows[name] = {"bytes": taken, "formula": formula, "ratio": short(taken / formula)}
        claims.append(at_most(f"{name}: memory of a run ÷ formula", taken / formula, 1.0, "×"))
    return {"memory": rows, "claims": [claim.as_dict() for claim in claims]}
