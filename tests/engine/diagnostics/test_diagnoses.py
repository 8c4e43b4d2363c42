"""Diagnoses: each is found in a training that has the illness, and none in trainings that are well."""

import json
from typing import Any

import numpy as np
import pytest

from engine.datasets import DATASETS, load
from engine.diagnostics import DIAGNOSES, Facts, Way
from engine.tasks.live_changes import _merge
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.views import VIEWS


def look(trainer: Trainer, path: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    view = VIEWS["layer_health"]
    found: list[dict[str, Any]] = view.compute(trainer.checkpoint(), trainer.data, {"bins": 10}, path)[
        "diagnoses"
    ]
    return found


def names(found: list[dict[str, Any]]) -> set[str]:
    return {diagnosis["name"] for diagnosis in found}


TINY = {"optimizer": {"learning_rate": 1e-6}, "batch_size": 1000}
ILL: list[tuple[str, int, dict[str, Any]]] = [
    ("vanishing_gradient", 20, {"layers": [{"units": 8, "activation": "sigmoid"}] * 10}),
    (
        "exploding_gradient",
        1,
        {
            "layers": [{"units": 16, "activation": "relu"}] * 8,
            "initializer": {"name": "normal", "scale": 1.0},
        },
    ),
    ("dying_relu", 20, {"layers": [{"units": 8, "activation": "relu"}], "initializer": {"bias": -50}}),
    ("saturation", 20, {"layers": [{"units": 8}], "initializer": {"name": "normal", "scale": 20.0}}),
    (
        "saturation",
        5,
        {
            "dataset": {"name": "iris"},
            "layers": [{"units": 8}, {"units": 8}],
            "initializer": {"name": "normal", "scale": 20.0},
        },
    ),
    ("learning_rate_too_high", 60, {"optimizer": {"learning_rate": 20.0}}),
    (
        "learning_rate_too_high",
        60,
        {"optimizer": {"name": "momentum", "learning_rate": 3.0}, "dataset": {"name": "circle"}},
    ),
    ("learning_rate_too_low", 400, TINY),
    ("learning_rate_too_low", 400, {**TINY, "dataset": {"name": "sine"}}),
    ("plateau", 600, {"initializer": {"name": "zeros"}, "dataset": {"name": "xor"}}),
    ("plateau", 1500, {"dataset": {"name": "circle"}, "layers": []}),
    (
        "overfitting",
        1000,
        {
            "dataset": {"name": "xor", "samples": 60, "noise": 0.5},
            "layers": [{"units": 64}, {"units": 64}],
            "l2": 1e-6,
        },
    ),
    (
        "divergence",
        40,
        {
            "dataset": {"name": "sine"},
            "layers": [{"units": 8, "activation": "relu"}],
            "optimizer": {"name": "sgd", "learning_rate": 100.0},
        },
    ),
    ("output_mismatch", 5, {"dataset": {"name": "iris"}, "output_activation": "sigmoid"}),
    ("output_mismatch", 5, {"dataset": {"name": "sine"}, "output_activation": "tanh"}),
    ("output_mismatch", 5, {"dataset": {"name": "circle"}, "loss": {"name": "categorical_crossentropy"}}),
    ("no_nonlinearity", 5, {"layers": [{"units": 4, "activation": "linear"}] * 3}),
]


@pytest.mark.parametrize(("name", "steps", "raw"), ILL, ids=lambda value: str(value)[:40])
def test_an_illness_is_found_and_its_remedy_can_be_tried(
    make: Any, name: str, steps: int, raw: dict[str, Any]
) -> None:
    trainer = make({"dataset": {"name": "circle"}, "epochs": 10**6, **raw})
    path = trainer.advance(steps).points
    found = [diagnosis for diagnosis in look(trainer, path) if diagnosis["name"] == name]
    assert found
    for diagnosis in found:
        assert diagnosis["rule"] == DIAGNOSES[name].rule
        assert diagnosis["layer"] is None or 0 <= diagnosis["layer"] < len(trainer.network.layers)
        assert not np.isnan(diagnosis["number"]) and json.dumps(diagnosis)
        tried = _tried(trainer, diagnosis["suggestion"]["changes"])
        assert tried.config != trainer.config
        tried.advance(3)


def _tried(trainer: Trainer, changes: dict[str, Any]) -> Trainer:
    """A training anew with the changes: objects by field, layers by place."""
    before = trainer.config.model_dump()
    if len(changes.get("layers", [])) != len(before["layers"]):
        changes = dict(changes)
        before["layers"] = changes.pop("layers", before["layers"])
    config = parse(_merge(before, changes, ()))
    return Trainer(config, load(config))


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("layers", [[{"units": 8}], [{"units": 8}, {"units": 8}]], ids=["8", "8-8"])
def test_a_default_training_is_well(make: Any, name: str, layers: list[dict[str, Any]]) -> None:
    trainer = make({"dataset": {"name": name}, "layers": layers, "epochs": 10**6})
    path: list[dict[str, Any]] = []
    assert look(trainer, path) == []
    for mark in (10, 50, 100, 200, 500, 1000):
        path += trainer.advance(mark - trainer.state.step).points
        assert look(trainer, path) == []


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "swish", "gelu", "selu", "tanh"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_other_sound_trainings_are_well(make: Any, activation: str, optimizer: str) -> None:
    layers = [{"units": 16, "activation": activation}] * 2
    for name in ("circle", "blobs"):
        trainer = make({
            "dataset": {"name": name}, "layers": layers, "optimizer": {"name": optimizer}, "epochs": 10**6,
        })  # fmt: skip
        path: list[dict[str, Any]] = []
        for mark in (20, 100, 500):
            path += trainer.advance(mark - trainer.state.step).points
            assert look(trainer, path) == []


def test_a_deep_training_that_learns_is_well(make: Any) -> None:
    layers = [{"units": 16, "activation": "tanh"}] * 8
    trainer = make(
        dataset={"name": "circle"}, layers=layers, optimizer={"learning_rate": 0.001}, epochs=10**6
    )
    assert look(trainer, trainer.advance(200).points) == []


def test_without_the_way_only_what_is_seen_now_is_judged(make: Any) -> None:
    trainer = make(layers=[{"units": 4, "activation": "linear"}], optimizer={"learning_rate": 30.0})
    path = trainer.advance(60).points
    assert {"no_nonlinearity", "learning_rate_too_high"} <= names(look(trainer, path))
    view = VIEWS["layer_health"]
    told = view.compute(trainer.checkpoint(), trainer.data, {"bins": 10})
    assert "learning_rate_too_high" not in names(told["diagnoses"])
    assert set(told["needs_path"]) == {n for n, entry in DIAGNOSES.items() if entry.needs_path}
    assert set(told["checked"]) | set(told["needs_path"]) == set(DIAGNOSES)


def test_numbers_that_are_not_finite_are_a_divergence(make: Any) -> None:
    trainer = make()
    path = trainer.advance(30).points
    trainer.state.theta[3] = np.inf
    assert "divergence" in names(look(trainer, path))


def test_the_way_takes_validation_before_test() -> None:
    points = [
        {"step": step, "train_loss": 1.0, "validation_loss": None, "test_loss": 2.0} for step in range(3)
    ]
    assert Way(points).held_name == "test" and Way(points).held.tolist() == [2.0] * 3
    points[0]["validation_loss"] = 3.0
    assert Way(points).held_name == "validation"
    assert not Way(points).covers(0) and not Way([]).covers(0)


def test_the_baseline_is_what_learning_nothing_costs(make: Any) -> None:
    sine = make(dataset={"name": "sine", "samples": 60})
    targets = sine.data.train.targets
    facts = Facts(sine.config, sine.data, (), 0.0, None)
    assert facts.baseline == pytest.approx(np.mean((targets - targets.mean()) ** 2))
    circle = make()
    share = circle.data.train.truth.mean()
    entropy = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert Facts(circle.config, circle.data, (), 0.0, None).baseline == pytest.approx(entropy)
