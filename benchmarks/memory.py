"""Memory of a run: measured, and by a formula."""

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

FIXED = 300_000  # bytes of code, names and Python objects of a run


@dataclass
class Sizes:
    """The variables of the formula."""

    bytes: int  # of one value
    parameters: int
    vectors: int  # state vectors of the optimizer
    rows: int  # units and a row of ones of all layers
    inputs: int
    outputs: int
    samples: int  # in the training part
    batch: int
    last_batch: int  # samples in the smaller last batch
    points: int  # measured

    def formula(self) -> int:
        """Returns the bytes of a run without its data, which runs with the same data share.

        State and its last finite copy; compiled steps for full batches and for the last batch, with gradient,
        one temporary vector and buffers (activations, derivatives, errors, constants, temporaries); the
        training part in its original order and in that of the epoch; and the arrays for measuring.
        """
        states = 2 * ((1 + self.vectors) * self.parameters * self.bytes + 8 * self.samples)
        plans = sum(self._plan(samples) for samples in (self.batch, self.last_batch) if samples)
        batches = 2 * self.samples * (self.inputs + 1 + self.outputs) * self.bytes
        per_point = 2 * (self.inputs + 1) + self.outputs + 4 * self.rows
        measuring = (self.parameters + self.points * per_point) * self.bytes
        return states + plans + batches + measuring + FIXED

    def _plan(self, samples: int) -> int:
        return (2 * self.parameters + 11 * self.rows * samples) * self.bytes


def sizes(config: RunConfig, data: Data) -> Sizes:
    """Returns the variables for a run with this configuration and data."""
    network = build(config, data.outputs)
    rows = buffer_rows(network)
    samples, batch = len(data.train), config.batch_size
    vectors, points = OPTIMIZERS[config.optimizer.name].state_vectors, sum(measured_sizes(data).values())
    return Sizes(4, network.size, vectors, rows, len(data.features), data.outputs, samples, batch,
                 samples % batch, points)  # fmt: skip


def used(config: RunConfig, data: Data) -> int:
    """Returns the bytes allocated by a run after an epoch and a measured point, without its data."""
    prepared.cache_clear()
    tracemalloc.start()
    trainer = Trainer(config, data)
    trainer.advance(len(data.train) // config.batch_size + 1)
    allocated, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return allocated


def run(quick: bool) -> dict[str, Any]:
    """Compares formula and measurement for all workloads."""
    rows: dict[str, Any] = {}
    claims: list[Claim] = []
    for name in WORKLOADS:
        config = configure(name)
        data = data_of(name, config)
        formula, allocated = sizes(config, data).formula(), used(config, data)
        rows[name] = {"bytes": allocated, "formula": formula, "ratio": short(allocated / formula)}
        claims.append(at_most(f"{name}: memory of a run ÷ formula", allocated / formula, 1.0, "×"))
    return {"memory": rows, "claims": [claim.as_dict() for claim in claims]}
