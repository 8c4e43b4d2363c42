"""Ensembles: 64 trainings of W2 in batched products, compared with single trainings."""

import time
from typing import Any

import numpy as np

from benchmarks.limits import at_least, at_most
from benchmarks.summary import short, summary
from benchmarks.timing import interleave
from benchmarks.workloads import configure, data_of
from engine.training.ensemble import Ensemble
from engine.training.trainer import Trainer

NETWORKS = 64
COMPARED = 100  # steps after which weights are compared


def run(quick: bool) -> dict[str, Any]:
    """Returns microseconds per network and step of both methods, and the difference of their weights."""
    config = configure("W2")
    data = data_of("W2", config)
    ensemble = Ensemble(config, data, range(NETWORKS))
    single = Trainer(config.model_copy(update={"seed": 0}), data)
    ensemble.advance(COMPARED)
    single.advance(COMPARED)
    batched, reference = ensemble.checkpoint(0).theta, single.state.theta
    difference = float(np.abs(batched - reference).max() / np.abs(reference).max())
    ensemble.advance(4096)  # until the spacing of measured points is at its maximum
    single.advance(4096)
    timers = {
        "together": lambda: _per_network_step(ensemble, 512, NETWORKS),
        "one by one": lambda: _per_network_step(single, 4096, 1),
    }
    measured = interleave(timers, 3 if quick else 9)
    times = {name: summary(values) for name, values in measured.items()}
    gain = times["one by one"]["median"] / times["together"]["median"]
    claims = [
        at_least(f"{NETWORKS} networks of W2 at once ÷ one by one", gain, 4, "×"),
        at_most("largest difference of their weights, relative", difference, 1e-4),
    ]
    return {
        "networks": NETWORKS,
        "microseconds_per_network_step": times,
        "gain": short(gain),
        "largest_relative_difference": short(difference),
        "claims": [claim.as_dict() for claim in claims],
    }


def _per_network_step(training: Ensemble | Trainer, steps: int, networks: int) -> float:
    start = time.perf_counter()
    training.advance(steps)
    return (time.perf_counter() - start) * 1e6 / (steps * networks)
