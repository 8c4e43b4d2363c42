"""Views: the time to compute each view of W2 with 500 samples."""

from typing import Any

import numpy as np

from benchmarks.limits import Claim, at_most
from benchmarks.summary import summary
from benchmarks.timing import interleave, microseconds
from benchmarks.workloads import configure, data_of
from engine.config.errors import ConfigError
from engine.datasets import Data
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer
from engine.views import VIEWS
from engine.views.cache import ViewCache

# Maximum microseconds of views with default options.
LIMITS = {"decision_boundary": 300, "activation_histograms": 100, "network": 100}


def measure(quick: bool) -> dict[str, Any]:
    """Measures each view of the catalogue."""
    config = configure("W2")
    data = data_of("W2", config)
    trainer = Trainer(config, data)
    trainer.advance(500)
    checkpoint = trainer.checkpoint()
    samples = len(data.test)
    refused = {name: reason for name in VIEWS if (reason := _refusal(name, checkpoint, data))}
    works = {name: _work(name, checkpoint, data) for name in VIEWS if name not in refused}
    turns = 20 if quick else 200
    timers = {name: lambda work=work: microseconds(work, turns) for name, work in works.items()}
    times = {name: summary(values) for name, values in interleave(timers, 3 if quick else 15).items()}
    claims: list[Claim] = []
    for name, limit in LIMITS.items():
        claims.append(at_most(f"view {name}, W2, {samples} samples", times[name]["median"], limit, "µs"))
    sizes = {name: _bytes(work()) for name, work in works.items()}
    return {
        "claims": [claim.as_dict() for claim in claims],
        "microseconds": times,
        "bytes_of_arrays": sizes,
        "not_applicable": refused,
    }


def _refusal(name: str, checkpoint: Checkpoint, data: Data) -> str | None:
    """Returns why the view does not apply to the run, or None."""
    try:
        VIEWS[name].compute(checkpoint, data, VIEWS[name].parse({}))
    except ConfigError as error:
        return error.message
    return None


def _work(name: str, checkpoint: Checkpoint, data: Data) -> Any:
    view = VIEWS[name]
    options, cache = view.parse({}), ViewCache()
    return lambda: view.compute(checkpoint, data, options, cache=cache)


def _bytes(value: Any) -> int:
    """Returns the bytes of all arrays in an answer, before encoding."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(_bytes(item) for item in value.values())
    if isinstance(value, list):
        return sum(_bytes(item) for item in value)
    return 0
