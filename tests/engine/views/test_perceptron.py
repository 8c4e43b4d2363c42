"""Perceptron: mistakes and lines against the perceptron rule applied to one example after the other."""

from typing import Any

import numpy as np
import pytest

from engine.tasks.changed_config import changed_config
from engine.training.checkpoint import Checkpoint
from engine.training.continuation.carry_over import carry_over
from engine.training.trainer import Trainer
from engine.views import VIEWS, perceptron_trajectory

RULE: dict[str, Any] = {
    "layers": [],
    "optimizer": {"name": "perceptron", "learning_rate": 1.0},
    "initializer": {"name": "zeros"},
    "batch_size": 1,
}
SEPARABLE = ["gate_and", "gate_or", "swimming", "separable"]


def compute(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["perceptron"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def mistakes_of(trainer: Trainer, steps: int) -> tuple[list[int], list[int], list[list[float]]]:
    """Steps and points of all mistakes, and the weights (w, b) after each.

    Only the order of the examples is taken from the training.
    """
    data = trainer.data.train
    w = [0.0] * (data.inputs.shape[1] + 1)
    mistake_steps, points, weights = [], [], []
    for step in range(1, steps + 1):
        trainer.advance(1)
        point = int(trainer.state.order[(step - 1) % len(data)])
        x, target = [*data.inputs[point].tolist(), 1.0], int(data.truth[point])
        output = 1 if sum(p * q for p, q in zip(w, x, strict=True)) >= 0 else 0
        if output != target:
            w = [p + (target - output) * q for p, q in zip(w, x, strict=True)]
            mistake_steps.append(step)
            points.append(point)
            weights.append(list(w))
    return mistake_steps, points, weights


@pytest.mark.parametrize("name", [*SEPARABLE, "gate_xor"])
def test_every_mistake_has_its_step_its_point_and_its_line(make: Any, name: str) -> None:
    trainer = make({**RULE, "dataset": {"name": name}, "dtype": "float64"})
    steps, points, weights = mistakes_of(trainer, 60)
    result = compute(trainer, last=200)
    assert result["mistakes"] == len(steps) > 0
    assert result["way"]["complete"] and result["way"]["steps"].tolist() == steps
    assert result["way"]["points"].tolist() == points
    assert result["way"]["lines"] == pytest.approx(np.array([[0.0] * len(weights[0]), *weights]), abs=1e-12)
    assert [*result["weights"], result["bias"]] == pytest.approx(weights[-1], abs=1e-12)


def test_the_trajectory_ends_at_the_maximum_number_of_mistakes(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perceptron_trajectory, "MAX_MISTAKES", 25)
    noisy = {"name": "spiral", "samples": 400, "noise": 0.5}
    trainer = make({**RULE, "dataset": noisy, "dtype": "float64"})
    steps, points, _ = mistakes_of(trainer, 150)
    result = compute(trainer)
    assert result["mistakes"] == len(steps) > 25
    assert not result["way"]["complete"] and result["way"]["steps"].tolist() == steps[:25]


@pytest.mark.parametrize("name", SEPARABLE)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("start", ["zeros", "normal"])
def test_a_separable_data_set_is_learned_within_the_bound_on_mistakes(
    make: Any, name: str, seed: int, start: str
) -> None:
    data, first = {"name": name, "seed": seed}, {"name": start}
    trainer = make({**RULE, "dataset": data, "initializer": first}, seed=seed)
    trainer.advance(1000 * len(trainer.data.train))
    result = compute(trainer)
    assert result["separable"] and result["errors"] == 0
    assert 0 < result["mistakes"] <= result["bound"]
    assert result["bound_reason"] is None


def test_the_bound_from_zero_weights_is_that_of_novikoff(make: Any) -> None:
    result = compute(make({**RULE, "dataset": {"name": "gate_and"}}))
    # the widest street of AND, bias included: w = (2, 2), b = -3, so γ = 1/√17; R = |(1, 1, 1)| = √3
    assert result["margin"] == pytest.approx(17**-0.5) and result["radius"] == pytest.approx(3**0.5)
    assert result["bound"] == pytest.approx(51)
    separator = [*result["separator"]["weights"], result["separator"]["bias"]]
    assert separator == pytest.approx(np.array([2, 2, -3]) / 17**0.5)


def test_xor_returns_to_earlier_lines_and_has_a_certificate(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_xor"}, "dtype": "float64"})
    _, _, weights = mistakes_of(trainer, 200)
    result = compute(trainer)
    lines = [(0.0, 0.0, 0.0), *(tuple(line) for line in weights)]
    first = next(index for index, line in enumerate(lines) if line in lines[:index])
    assert result["returns"]["first"] == {"mistake": first, "same_as": lines.index(lines[first])}
    assert result["returns"]["visited"] == len(set(lines)) < result["mistakes"]
    order = list(dict.fromkeys(lines))
    assert result["returns"]["which"].tolist() == [order.index(line) for line in lines[1:]]
    largest = max(float(np.linalg.norm(line)) for line in lines[1:])
    assert result["returns"]["largest"] == pytest.approx(largest)
    assert result["separable"] is False and result["bound"] is None and result["errors"] > 0
    certificate = result["certificate"]
    assert certificate["common"] == pytest.approx([0.5, 0.5])
    for side in certificate["sides"]:
        assert side["shares"] @ side["inputs"] == pytest.approx(certificate["common"])


def test_the_product_of_the_inputs_makes_xor_separable(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_xor"}, "features": ["x1", "x2", "x1*x2"]})
    trainer.advance(2000)
    result = compute(trainer)
    assert result["separable"] and result["errors"] == 0 and result["mistakes"] <= result["bound"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"batch_size": 2}, "batch_size"),
        ({"l2": 0.1}, "penalty"),
        ({"optimizer": {"name": "perceptron", "schedule": {"name": "cosine"}}}, "schedule"),
    ],
)
def test_a_violated_assumption_is_the_reason_for_no_bound(make: Any, change: Any, code: str) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_and"}, **change})
    trainer.advance(20)
    result = compute(trainer)
    assert result["bound"] is None and result["bound_code"] == code


def test_edited_weights_are_detected_and_mistakes_are_still_counted(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_and"}})
    trainer.advance(10)
    before = compute(trainer)["mistakes"]
    trainer.apply_edits({"weights": [{"layer": 0, "unit": 0, "source": 0, "value": 0.25}]})
    result = compute(trainer)
    assert result["way"] is None and result["bound"] is None and result["bound_code"] == "edited"
    assert result["mistakes"] == before
    trainer.advance(400)
    assert compute(trainer)["mistakes"] > before and compute(trainer)["errors"] == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"epochs": 50}, None),
        ({"seed": 5}, "continued"),
        ({"initializer": {"name": "he_normal"}}, "continued"),
    ],
)
def test_a_fork_with_other_settings_is_not_called_edited(make: Any, changes: Any, code: str | None) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_xor"}})
    trainer.advance(11)
    parent = trainer.checkpoint()
    config = changed_config(parent.config, changes)
    fork = Trainer(config, trainer.data, carry_over(parent, config, trainer.data).checkpoint)
    fork.advance(6)
    result = compute(fork)
    assert result["bound_code"] == code
    assert (result["way"] is None) == (code is not None)
    assert result["mistakes"] >= compute(trainer)["mistakes"]
    again = Checkpoint.from_bytes(fork.checkpoint().to_bytes())
    assert (
        VIEWS["perceptron"].compute(again, trainer.data, VIEWS["perceptron"].parse({}))["bound_code"] == code
    )


def test_an_earlier_checkpoint_has_no_later_mistakes(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_and"}})
    trainer.advance(6)
    early = Checkpoint.from_bytes(trainer.checkpoint().to_bytes())
    first = compute(trainer)
    trainer.advance(100)
    compute(trainer)
    view = VIEWS["perceptron"]
    again = view.compute(early, trainer.data, view.parse({}))
    assert again["way"]["steps"].tolist() == first["way"]["steps"].tolist()
    assert again["way"]["steps"].max() <= 6


def test_a_network_with_another_optimizer_has_an_obstacle(make: Any) -> None:
    result = compute(make({"dataset": {"name": "gauss", "samples": 40}}))
    assert result["rule"] is False and "optimizer" in result["obstacle"]
    assert result["obstacle_code"] == "other_rule"
    assert result["mistakes"] is None and result["bound"] is None and result["separable"] is not None


def test_mistakes_after_the_end_of_the_trajectory_are_counted(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_xor"}})
    trainer.advance(6000)
    result = compute(trainer)
    assert result["way"]["complete"] is False and len(result["way"]["steps"]) < result["mistakes"]
    assert result["uncounted"] is False
