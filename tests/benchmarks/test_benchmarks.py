"""Benchmarks can be imported and run; their results depend on the machine and are not tested."""

import importlib
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import benchmarks
from benchmarks import memory, playground_page, views
from benchmarks.playground_page import serving_playground
from benchmarks.steps import Steps
from benchmarks.workloads import prepare
from engine.datasets import load
from engine.layers.activations import ACTIVATIONS
from engine.tasks.resolve import parse
from engine.views import VIEWS

SPECIAL_NETWORKS = {"perceptron", "linear_collapse"}  # views of single layers or linear networks
MODULES = sorted(path.stem for path in Path(str(benchmarks.__file__)).parent.glob("[a-z]*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_every_benchmark_can_be_imported(name: str) -> None:
    assert importlib.import_module(f"benchmarks.{name}").__doc__


def test_the_page_of_tensorflow_playground_is_served_from_its_folder_and_left_out_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(playground_page.VARIABLE, raising=False)
    with serving_playground() as address:
        assert address is None
    monkeypatch.setenv(playground_page.VARIABLE, str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"bundle\.js"), serving_playground():
        pass
    (tmp_path / "bundle.js").write_text("built")
    with serving_playground() as address, urllib.request.urlopen(f"{address}/bundle.js") as answer:
        assert answer.read() == b"built"


def test_a_measured_step_changes_the_weights_and_a_reset_restores_them() -> None:
    steps = Steps(prepare("W1"))
    initial = steps.memory.copy()
    steps.run(30)
    assert (steps.memory != initial).any()
    steps.reset()
    assert (steps.memory == initial).all()


def test_the_views_benchmark_times_every_view_that_applies_to_its_network() -> None:
    results = views.measure(quick=True)
    assert all(summary["median"] > 0 for summary in results["microseconds"].values())
    not_applicable = set(results["not_applicable"])
    assert not_applicable | set(results["microseconds"]) == set(VIEWS)
    assert all("binary" not in VIEWS[name].applies_to or name in SPECIAL_NETWORKS for name in not_applicable)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("batch_size", [10, 1000])
def test_a_run_uses_at_most_the_memory_of_its_formula(activation: str, batch_size: int) -> None:
    layers: list[dict[str, Any]] = [{"units": units, "activation": activation} for units in (64, 48, 32)]
    config = parse({"dataset": {"samples": 4000}, "layers": layers, "batch_size": batch_size})
    data = load(config)
    assert memory.used(config, data) <= memory.sizes(config, data).formula()
