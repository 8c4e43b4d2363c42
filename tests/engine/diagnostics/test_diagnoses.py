"""Diagnoses: each is found in a training with its problem, and none in a training without problems."""

import json
from typing import Any

import numpy as np
import pytest

from app.web.texts import texts
from engine.datasets import DATASETS, load
from engine.diagnostics import DIAGNOSES, Facts, Trajectory
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.views import VIEWS


def diagnoses_of(trainer: Trainer, path: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    view = VIEWS["layer_health"]
    answer = view.compute(trainer.checkpoint(), trainer.data, {"bins": 10}, path)
    result: list[dict[str, Any]] = answer["diagnoses"]
    return result


def names(diagnoses: list[dict[str, Any]]) -> set[str]:
    return {diagnosis["name"] for diagnosis in diagnoses}


SMALL_STEPS = {"optimizer": {"learning_rate": 1e-6}, "batch_size": 1000}
PROBLEMS: list[tuple[str, int, dict[str, Any]]] = [
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
    ("learning_rate_too_low", 400, SMALL_STEPS),
    ("learning_rate_too_low", 400, {**SMALL_STEPS, "dataset": {"name": "sine"}}),
    ("zero_weights", 5, {"initializer": {"name": "zeros"}, "layers": [{"units": 4}, {"units": 3}]}),
    ("strong_penalty", 100, {"l2": 1.0}),
    ("strong_penalty", 300, {"l1": 1.0, "dataset": {"name": "sine"}}),
    ("majority_guess", 600, {"layers": [{"units": 4, "activation": "relu"}], "initializer": {"bias": -20}}),
    ("majority_guess", 600, {"dataset": {"name": "blobs"}, "l2": 10.0}),
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


@pytest.mark.parametrize(("name", "steps", "raw"), PROBLEMS, ids=lambda value: str(value)[:40])
def test_a_problem_is_found_and_a_run_with_its_remedy_trains(
    make: Any, name: str, steps: int, raw: dict[str, Any]
) -> None:
    trainer = make({"dataset": {"name": "circle"}, "epochs": 10**6, **raw})
    path = trainer.advance(steps).points
    matching = [diagnosis for diagnosis in diagnoses_of(trainer, path) if diagnosis["name"] == name]
    assert matching
    for diagnosis in matching:
        assert diagnosis["rule"] == DIAGNOSES[name].rule
        assert diagnosis["layer"] is None or 0 <= diagnosis["layer"] < len(trainer.network.layers)
        assert not np.isnan(diagnosis["number"]) and json.dumps(diagnosis)
        changed = with_changes(trainer, diagnosis["suggestion"]["changes"])
        assert changed.config != trainer.config
        changed.advance(3)


@pytest.mark.parametrize(("name", "steps", "raw"), PROBLEMS, ids=lambda value: str(value)[:40])
def test_the_texts_of_a_finding_use_its_parameters_only(
    make: Any, name: str, steps: int, raw: dict[str, Any]
) -> None:
    trainer = make({"dataset": {"name": "circle"}, "epochs": 10**6, **raw})
    for diagnosis in diagnoses_of(trainer, trainer.advance(steps).points):
        remedy = diagnosis["suggestion"]
        assert texts().text(f"diagnosis.{diagnosis['name']}.finding", **diagnosis["parameters"])
        assert texts().text(f"diagnosis.remedy.{remedy['name']}", **remedy["parameters"])


def with_changes(trainer: Trainer, changes: dict[str, Any]) -> Trainer:
    """A new trainer with the changes: objects by field, layers by index if their number is unchanged."""
    config = parse(merged(trainer.config.model_dump(), changes))
    return Trainer(config, load(config))


def merged(old: Any, new: Any) -> Any:
    """`old` with the values of `new`, which may be a part of it."""
    if isinstance(new, dict):
        return {**old, **{key: merged(old[key], value) for key, value in new.items()}}
    if isinstance(new, list) and len(new) == len(old):
        return [merged(a, b) for a, b in zip(old, new, strict=True)]
    return new


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("layers", [[{"units": 8}], [{"units": 8}, {"units": 8}]], ids=["8", "8-8"])
def test_a_default_training_has_no_findings(make: Any, name: str, layers: list[dict[str, Any]]) -> None:
    trainer = make({"dataset": {"name": name}, "layers": layers, "epochs": 10**6})
    path: list[dict[str, Any]] = []
    assert diagnoses_of(trainer, path) == []
    for step in (10, 50, 100, 200, 500, 1000):
        path += trainer.advance(step - trainer.state.step).points
        assert diagnoses_of(trainer, path) == []


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "swish", "gelu", "selu", "tanh"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_training_that_learns_has_no_findings(make: Any, activation: str, optimizer: str) -> None:
    layers = [{"units": 16, "activation": activation}] * 2
    for name in ("circle", "blobs"):
        trainer = make({
            "dataset": {"name": name}, "layers": layers, "optimizer": {"name": optimizer}, "epochs": 10**6,
        })  # fmt: skip
        path: list[dict[str, Any]] = []
        for step in (20, 100, 500):
            path += trainer.advance(step - trainer.state.step).points
            assert diagnoses_of(trainer, path) == []


def test_a_deep_network_that_learns_has_no_findings(make: Any) -> None:
    layers = [{"units": 16, "activation": "tanh"}] * 8
    trainer = make(
        dataset={"name": "circle"}, layers=layers, optimizer={"learning_rate": 0.001}, epochs=10**6
    )
    assert diagnoses_of(trainer, trainer.advance(200).points) == []


def test_rules_that_need_recorded_points_are_not_checked_without_them(make: Any) -> None:
    trainer = make(layers=[{"units": 4, "activation": "linear"}], optimizer={"learning_rate": 30.0})
    path = trainer.advance(60).points
    assert {"no_nonlinearity", "learning_rate_too_high"} <= names(diagnoses_of(trainer, path))
    view = VIEWS["layer_health"]
    answer = view.compute(trainer.checkpoint(), trainer.data, {"bins": 10})
    assert "learning_rate_too_high" not in names(answer["diagnoses"])
    assert set(answer["needs_path"]) == {name for name, rule in DIAGNOSES.items() if rule.needs_path}
    assert set(answer["checked"]) | set(answer["needs_path"]) == set(DIAGNOSES)


def test_a_weight_that_is_not_finite_is_a_divergence(make: Any) -> None:
    trainer = make()
    path = trainer.advance(30).points
    trainer.state.theta[3] = np.inf
    assert "divergence" in names(diagnoses_of(trainer, path))


def test_a_trajectory_uses_validation_losses_before_test_losses() -> None:
    points = [
        {"step": step, "train_loss": 1.0, "validation_loss": None, "test_loss": 2.0} for step in range(3)
    ]
    assert Trajectory(points).heldout_part == "test" and Trajectory(points).heldout.tolist() == [2.0] * 3
    points[0]["validation_loss"] = 3.0
    assert Trajectory(points).heldout_part == "validation"
    assert not Trajectory(points).covers(0) and not Trajectory([]).covers(0)


def test_the_baseline_is_the_loss_of_predicting_the_mean(make: Any) -> None:
    sine = make(dataset={"name": "sine", "samples": 60})
    targets = sine.data.train.targets
    facts = Facts(sine.config, sine.data, (), 0.0, None)
    assert facts.baseline == pytest.approx(np.mean((targets - targets.mean()) ** 2))
    circle = make()
    positives = circle.data.train.truth.mean()
    entropy = -(positives * np.log(positives) + (1 - positives) * np.log(1 - positives))
    assert Facts(circle.config, circle.data, (), 0.0, None).baseline == pytest.approx(entropy)
