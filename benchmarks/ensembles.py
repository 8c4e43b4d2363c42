"""Ensembles: 64 trainings in batched products, compared with single ones: W2 and the default network."""

import time
from typing import Any

import numpy as np

from benchmarks.limits import at_least, at_most
from benchmarks.summary import short, summary
from benchmarks.timing import interleave
from benchmarks.workloads import configure, data_of
from engine.datasets import load
from engine.tasks.resolve import parse
from engine.training.batched.alone import beginning
from engine.training.batched.ensemble import Ensemble
from engine.training.trainer import Trainer

NETWORKS = 64
COMPARED = 100  # steps after which weights are compared


def run(quick: bool) -> dict[str, Any]:
    """Returns microseconds per network and step of both methods, and the difference of their weights."""
    config = configure("W2")
    data = data_of("W2", config)
    configs = [config.model_copy(update={"seed": seed}) for seed in range(NETWORKS)]
    ensemble = Ensemble([beginning(each, data) for each in configs], [data] * NETWORKS)
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
    default = _default_network(quick)
    claims.append(
        at_least(f"{NETWORKS} default networks in turn ÷ at once, CPU time", default["gain"], 2, "×")
    )
    return {
        "networks": NETWORKS,
        "default_network": default,
        "microseconds_per_network_step": times,
        "gain": short(gain),
        "largest_relative_difference": short(difference),
        "claims": [claim.as_dict() for claim in claims],
    }


def _per_network_step(training: Ensemble | Trainer, steps: int, networks: int) -> float:
    start = time.perf_counter()
    training.advance(steps)
    return (time.perf_counter() - start) * 1e6 / (steps * networks)


def _default_network(quick: bool) -> dict[str, Any]:
    """Returns the CPU seconds of 64 default networks with different rates: at once, and one after the other.

    Both begin at step 0, compile their steps, and measure their points.
    """
    configs = [
        parse({"seed": seed, "epochs": 1_000_000, "optimizer": {"learning_rate": 0.001 * (1 + seed)}})
        for seed in range(NETWORKS)
    ]
    data = load(configs[0])
    steps = 256 if quick else 2000

    def at_once() -> float:
        start = time.process_time()
        Ensemble([beginning(each, data) for each in configs], [data] * NETWORKS).advance(steps)
        return time.process_time() - start

    def in_turn() -> float:
        start = time.process_time()
        for each in configs:
            Trainer(each, data).advance(steps)
        return time.process_time() - start

    measured = interleave({"at once": at_once, "in turn": in_turn}, 1 if quick else 3)
    times = {name: summary(values) for name, values in measured.items()}
    gain = times["in turn"]["median"] / times["at once"]["median"]
    return {"steps": steps, "cpu_seconds": times, "gain": short(gain)}
