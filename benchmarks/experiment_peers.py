"""Experiment peers: processor time of many networks at once here, in loops over other libraries, and in JAX.

Processor time, which other processes change less than the time of a clock. Each engine uses one thread.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.engine_comparison import MAX_DIFFERENCE, losses_of
from benchmarks.engine_processes import ENGINES, EngineProcess, Missing, start
from benchmarks.limits import at_most
from benchmarks.summary import short, summary
from benchmarks.timing import interleave
from benchmarks.workloads import as_problem, configure, data_of, prepared
from engine.config.models import RunConfig
from engine.datasets import Data, load
from engine.tasks.resolve import parse
from engine.training.batched.alone import beginning
from engine.training.batched.ensemble import Ensemble

NETWORKS, STEPS = 64, 2000
# By engine, the networks that one of its steps trains.
PEERS = {"scikit_learn": 1, "pytorch": 1, "jax_vmap": NETWORKS}
MEASURED = 256  # steps of a repetition
LIMIT = 1.6  # microseconds per network and step of W2


def run(quick: bool) -> dict[str, Any]:
    """Returns microseconds per network and step of W2, and the seconds of the default networks everywhere."""
    repetitions = 2 if quick else 7
    config = configure("W2")
    w2 = _ensemble(config, data_of("W2", config))
    w2.advance(4096)  # until the spacing of measured points is at its maximum
    times = summary(interleave({"w2": lambda: _work(w2, 512)}, repetitions)["w2"])
    what = f"processor time of a step of each of {NETWORKS} networks of W2 at once"
    claims = [at_most(what, times["median"], LIMIT, "µs").as_dict()]
    return {"microseconds_of_w2": times, **_default_networks(repetitions), "claims": claims}


def _ensemble(config: RunConfig, data: Data) -> Ensemble:
    configs = [config.model_copy(update={"seed": seed}) for seed in range(NETWORKS)]
    return Ensemble([beginning(each, data) for each in configs], [data] * NETWORKS)


def _work(ensemble: Ensemble, steps: int) -> float:
    """Returns microseconds of processor time per network and step."""
    begin = time.process_time()
    ensemble.advance(steps)
    return (time.process_time() - begin) * 1e6 / (steps * NETWORKS)


def _default_networks(repetitions: int) -> dict[str, Any]:
    """Returns the seconds that each engine needs for all steps of the default networks.

    Here with everything from the first step on: compiling, measuring and shuffling. The others repeat the
    batches of one epoch, without measuring anything, and were compiled before.
    """
    config = parse({"epochs": 1_000_000})
    data = load(config)
    problem, missing = as_problem("default", prepared(config, data)), {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path, engines = Path(folder) / "default.npz", {}
        problem.save(path)
        for key in PEERS:
            try:
                engines[key] = start(ENGINES[key], path, stack)
            except Missing as reason:
                missing[key] = str(reason)
        losses = losses_of(engines, problem, Path(folder))
        timers: dict[str, Callable[[], float]] = {
            key: partial(_of_peer, engine, key) for key, engine in engines.items()
        }
        timers["perceptarium"] = lambda: _work(_ensemble(config, data), STEPS) * NETWORKS * STEPS / 1e6
        measured = interleave(timers, repetitions)
    ours = {"title": "Perceptarium, 64 networks at once", "version": "", "void": False}
    described = {"perceptarium": ours} | {
        key: _described(key, engine, losses[key]) for key, engine in engines.items()
    }
    return {
        "missing": missing,
        "peers": {key: each | {"seconds": summary(measured[key])} for key, each in described.items()},
    }


def _of_peer(engine: EngineProcess, key: str) -> float:
    """Returns the seconds of all steps of all networks, from those of MEASURED steps."""
    engine.work(1)
    return engine.work(MEASURED) * STEPS * NETWORKS / PEERS[key] / 1e6


def _described(key: str, engine: EngineProcess, loss: dict[str, float]) -> dict[str, Any]:
    difference = loss["relative_difference"]
    return {
        "title": ENGINES[key].title + (", one after the other" if PEERS[key] == 1 else ""),
        "version": engine.version,
        "relative_difference": short(difference),
        "void": not difference <= MAX_DIFFERENCE,
    }
