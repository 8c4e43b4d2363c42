"""The benchmarks run to their end: figures belong to a machine, but one that breaks off gives none."""

from typing import Any

import pytest

from benchmarks import memory, views
from engine.datasets import load
from engine.layers.activations import ACTIVATIONS
from engine.tasks.resolve import parse
from engine.views import VIEWS

ONE_KIND_OF_NETWORK = {"perceptron", "linear_collapse"}


def test_the_views_benchmark_times_every_view_that_applies_to_its_network() -> None:
    found = views.measure(quick=True)
    assert all(summary["median"] > 0 for summary in found["microseconds"].values())
    left_out = set(found["not_applicable"])
    assert left_out | set(found["microseconds"]) == set(VIEWS)
    assert all("binary" not in VIEWS[name].applies_to or name in ONE_KIND_OF_NETWORK for name in left_out)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("batch_size", [10, 1000])
def test_a_run_takes_no_more_memory_than_its_formula_says(activation: str, batch_size: int) -> None:
    layers: list[dict[str, Any]] = [{"units": units, "activation": activation} for units in (64, 48, 32)]
    config = parse({"dataset": {"samples": 4000}, "layers": layers, "batch_size": batch_size})
    data = load(config)
    assert memory.used(config, data) <= memory.sizes(config, data).formula()
