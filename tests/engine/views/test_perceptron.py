"""The perceptron view against a perceptron written out example by example."""

from typing import Any

import numpy as np
import pytest

from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer
from engine.views import VIEWS, perceptron_trajectory

RULE: dict[str, Any] = {
    "layers": [],
    "optimizer": {"name": "perceptron", "learning_rate": 1.0},
    "initializer": {"name": "zeros"},
    "batch_size": 1,
}
SEPARABLE = ["gate_and", "gate_or", "swimming", "separable"]


def look(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["perceptron"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def by_hand(trainer: Trainer, steps: int) -> tuple[list[int], list[int], list[list[float]]]:
    """Steps and points of all mistakes and the weights after each, one example after the other.

    The order of the examples is the training's own, read from its state; the rule is not.
    """
    data = trainer.data.train
    w = [0.0] * (data.inputs.shape[1] + 1)
    at, points, after = [], [], []
    for step in range(1, steps + 1):
        trainer.advance(1)
        point = int(trainer.state.order[(step - 1) % len(data)])
        x, target = [*data.inputs[point].tolist(), 1.0], int(data.truth[point])
        output = 1 if sum(p * q for p, q in zip(w, x, strict=True)) >= 0 else 0
        if output != target:
            w = [p + (target - output) * q for p, q in zip(w, x, strict=True)]
            at.append(step)
            points.append(point)
            after.append(list(w))
    return at, points, after


@pytest.mark.parametrize("name", [*SEPARABLE, "gate_xor"])
def test_every_mistake_has_its_step_its_point_and_the_line_after_it(make: Any, name: str) -> None:
    trainer = make({**RULE, "dataset": {"name": name}, "dtype": "float64"})
    at, points, after = by_hand(trainer, 60)
    answer = look(trainer, last=200)
    assert answer["mistakes"] == len(at) > 0
    assert answer["way"]["complete"] and answer["way"]["steps"].tolist() == at
    assert answer["way"]["points"].tolist() == points
    assert answer["way"]["lines"] == pytest.approx(np.array([[0.0] * len(after[0]), *after]), abs=1e-12)
    assert [*answer["weights"], answer["bias"]] == pytest.approx(after[-1], abs=1e-12)


def test_no_more_mistakes_are_answer_than_are_worth_it_though_an_epoch_has_more(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perceptron_trajectory, "MAX_MISTAKES", 25)
    noisy = {"name": "spiral", "samples": 400, "noise": 0.5}
    trainer = make({**RULE, "dataset": noisy, "dtype": "float64"})
    at, points, _ = by_hand(trainer, 150)
    answer = look(trainer)
    assert answer["mistakes"] == len(at) > 25
    assert not answer["way"]["complete"] and answer["way"]["steps"].tolist() == at[:25]


@pytest.mark.parametrize("name", SEPARABLE)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("start", ["zeros", "normal"])
def test_a_separable_set_is_learnt_with_no_more_mistakes_than_the_bound(
    make: Any, name: str, seed: int, start: str
) -> None:
    data, first = {"name": name, "seed": seed}, {"name": start}
    trainer = make({**RULE, "dataset": data, "initializer": first}, seed=seed)
    trainer.advance(1000 * len(trainer.data.train))
    answer = look(trainer)
    assert answer["separable"] and answer["errors"] == 0
    assert 0 < answer["mistakes"] <= answer["bound"]
    assert answer["bound_reason"] is None


def test_the_bound_from_zero_weights_is_that_of_novikoff(make: Any) -> None:
    answer = look(make({**RULE, "dataset": {"name": "gate_and"}}))
    # the widest street of AND, bias included: w = (2, 2), b = -3, so γ = 1/√17; R = |(1, 1, 1)| = √3
    assert answer["margin"] == pytest.approx(17**-0.5) and answer["radius"] == pytest.approx(3**0.5)
    assert answer["bound"] == pytest.approx(51)
    separator = [*answer["separator"]["weights"], answer["separator"]["bias"]]
    assert separator == pytest.approx(np.array([2, 2, -3]) / 17**0.5)


def test_xor_returns_to_lines_it_had_before_and_says_why(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_xor"}, "dtype": "float64"})
    _, _, after = by_hand(trainer, 200)
    answer = look(trainer)
    lines = [(0.0, 0.0, 0.0), *(tuple(each) for each in after)]
    first = next(k for k in range(len(lines)) if lines[k] in lines[:k])
    assert answer["returns"]["first"] == {"mistake": first, "same_as": lines.index(lines[first])}
    assert answer["returns"]["visited"] == len(set(lines)) < answer["mistakes"]
    order = list(dict.fromkeys(lines))
    assert answer["returns"]["which"].tolist() == [order.index(each) for each in lines[1:]]
    largest = max(float(np.linalg.norm(line)) for line in lines[1:])
    assert answer["returns"]["largest"] == pytest.approx(largest)
    assert answer["separable"] is False and answer["bound"] is None and answer["errors"] > 0
    proof = answer["certificate"]
    assert proof["common"] == pytest.approx([0.5, 0.5])
    for side in proof["sides"]:
        assert side["shares"] @ side["inputs"] == pytest.approx(proof["common"])


def test_the_product_of_the_inputs_makes_xor_separable(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_xor"}, "features": ["x1", "x2", "x1*x2"]})
    trainer.advance(2000)
    answer = look(trainer)
    assert answer["separable"] and answer["errors"] == 0 and answer["mistakes"] <= answer["bound"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"batch_size": 2}, "batch"),
        ({"l2": 0.1}, "penalty"),
        ({"optimizer": {"name": "perceptron", "schedule": {"name": "cosine"}}}, "schedule"),
    ],
)
def test_where_an_assumption_fails_there_is_a_reason_for_no_bound(make: Any, change: Any, word: str) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_and"}, **change})
    trainer.advance(20)
    answer = look(trainer)
    assert answer["bound"] is None and word in answer["bound_reason"]


def test_weights_changed_by_hand_are_noticed_and_mistakes_still_counted(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_and"}})
    trainer.advance(10)
    before = look(trainer)["mistakes"]
    trainer.apply_edits({"weights": [{"layer": 0, "unit": 0, "source": 0, "value": 0.25}]})
    answer = look(trainer)
    assert answer["way"] is None and answer["bound"] is None and "changed" in answer["bound_reason"]
    assert answer["mistakes"] == before
    trainer.advance(400)
    assert look(trainer)["mistakes"] > before and look(trainer)["errors"] == 0


def test_an_earlier_checkpoint_shows_no_later_mistake(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_and"}})
    trainer.advance(6)
    early = Checkpoint.from_bytes(trainer.checkpoint().to_bytes())
    first = look(trainer)
    trainer.advance(100)
    look(trainer)
    view = VIEWS["perceptron"]
    again = view.compute(early, trainer.data, view.parse({}))
    assert again["way"]["steps"].tolist() == first["way"]["steps"].tolist()
    assert again["way"]["steps"].max() <= 6


def test_a_network_with_another_rule_has_an_obstacle(make: Any) -> None:
    answer = look(make({"dataset": {"name": "gauss", "samples": 40}}))
    assert answer["rule"] is False and "optimizer" in answer["obstacle"]
    assert answer["obstacle_code"] == "other_rule"
    assert answer["mistakes"] is None and answer["bound"] is None and answer["separable"] is not None


def test_mistakes_after_the_end_of_the_trajectory_are_counted(make: Any) -> None:
    trainer = make({**RULE, "dataset": {"name": "gate_xor"}})
    trainer.advance(6000)
    answer = look(trainer)
    assert answer["way"]["complete"] is False and len(answer["way"]["steps"]) < answer["mistakes"]
    assert answer["uncounted"] is False
