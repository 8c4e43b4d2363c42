"""Advice: what is wrong, what can be done about it, and how far the training is."""

from typing import Any

import numpy as np
import pytest

from engine.catalogue import catalogue
from engine.diagnostics import DIAGNOSES, Diagnosis
from engine.diagnostics.diagnosis import Finding, Remedy
from engine.environments import ENVIRONMENTS
from engine.metrics import METRICS
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer as trainer_of
from engine.views import VIEWS

CIRCLE = {"dataset": {"name": "circle"}, "epochs": 10**6}
OVERFITTING = {
    "dataset": {"name": "xor", "samples": 60, "noise": 0.5},
    "layers": [{"units": 64}, {"units": 64}],
    "l2": 1e-6,
    "epochs": 10**6,
}


def advice(trainer: Any, history: Any = None) -> dict[str, Any]:
    view = VIEWS["advice"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse({}), history)


def policy_trainer() -> Any:
    environment = {"name": "cart_pole", "horizon": 20}
    config = parse({"paradigm": "policy_gradient", "environment": environment, "episodes": 4})
    return trainer_of(config, load_data(config))


def test_a_network_at_step_0_is_not_trained_yet(make: Any) -> None:
    assert advice(make(CIRCLE))["code"] == "untrained"


def test_a_training_without_problems_says_how_far_it_is(make: Any) -> None:
    trainer = make(CIRCLE)
    points = trainer.advance(12).points
    found = advice(trainer, points)
    assert (found["code"], found["problems"], found["action"]) == ("learning", 0, None)
    score = found["score"]
    assert (score["name"], score["part"], score["threshold"]) == ("accuracy", "test", 0.95)
    assert score["value"] == points[-1]["metrics"]["test_accuracy"] < 0.95
    assert score["best"] == max(point["metrics"]["test_accuracy"] for point in points)
    assert score["solved_step"] is None


def test_a_solved_task_names_the_first_recorded_step_with_its_threshold(make: Any) -> None:
    trainer = make(CIRCLE)
    points = trainer.advance(1500).points
    found = advice(trainer, points)
    reached = [point["step"] for point in points if point["metrics"]["test_accuracy"] >= 0.95]
    assert found["code"] == "solved" and found["score"]["solved_step"] == reached[0] < 1500


@pytest.mark.parametrize("raw", [{"name": "circle"}, {"name": "sine"}, {"name": "blobs"}, {"name": "discs"}])
def test_the_score_is_that_of_the_task_over_the_test_or_else_the_training_part(make: Any, raw: Any) -> None:
    for fraction, part in ((0.3, "test"), (0.0, "train")):
        trainer = make(dataset={**raw, "samples": 80, "test_fraction": fraction})
        points = trainer.advance(20).points
        score = advice(trainer, points)["score"]
        entry = catalogue()["tasks"][trainer.data.task]
        assert (score["name"], score["threshold"]) == (entry["score"], entry["solved"])
        assert score["part"] == part
        assert score["value"] == pytest.approx(points[-1]["metrics"][f"{part}_{score['name']}"])


def test_a_problem_comes_with_its_layers_and_the_changes_of_its_remedy(make: Any) -> None:
    trainer = make(CIRCLE | {"layers": [{"units": 8, "activation": "sigmoid"}] * 10})
    found = advice(trainer, trainer.advance(20).points)
    assert found["code"] == "problem" and found["problem"][0]["name"] == "vanishing_gradient"
    layers = [finding["layer"] for finding in found["problem"]]
    assert layers[:3] == [0, 1, 2] and layers == sorted(set(layers))
    changes = found["action"]["changes"]
    assert [layer["activation"] for layer in changes["layers"]] == ["relu"] * 10
    assert found["problems"] >= 1 and found["layers"] == 11


def test_changes_of_several_layers_are_one_action(make: Any) -> None:
    trainer = make(
        CIRCLE
        | {"layers": [{"units": 8}, {"units": 8}], "initializer": {"name": "normal", "scale": 20.0}}
        | {"optimizer": {"learning_rate": 1e-6}, "dataset": {"name": "circle", "standardize": True}}
    )
    found = advice(trainer, trainer.advance(20).points)
    assert [(finding["name"], finding["layer"]) for finding in found["problem"]] == [
        ("saturation", 0),
        ("saturation", 1),
    ]
    assert [layer["activation"] for layer in found["action"]["changes"]["layers"]] == ["relu", "relu"]


def test_overfitting_leads_back_to_the_step_with_the_lowest_held_out_loss(make: Any) -> None:
    trainer = make(OVERFITTING)
    points = trainer.advance(1000).points
    found = advice(trainer, points)
    losses = [point["test_loss"] for point in points]
    best = points[int(np.argmin(losses))]["step"]
    assert found["problem"][0]["name"] == "overfitting"
    assert found["problem"][0]["since"] == best and found["action"] == {"step": best}


def test_divergence_is_more_important_than_everything_else(make: Any) -> None:
    trainer = make(CIRCLE | {"layers": [{"units": 8, "activation": "linear"}] * 2})
    points = trainer.advance(30).points
    trainer.state.theta[3] = np.inf
    found = advice(trainer, points)
    assert found["problem"][0]["name"] == "divergence" and found["problems"] >= 2
    assert found["action"]["changes"]["optimizer"]["clip_norm"] == 1.0


def test_problems_of_a_solved_task_are_counted_and_do_not_replace_the_success(make: Any) -> None:
    trainer = make(dataset={"name": "plane"}, layers=[{"units": 4, "activation": "linear"}], epochs=10**6)
    points = trainer.advance(1500).points
    found = advice(trainer, points)
    assert (found["code"], found["problems"], found["problem"]) == ("solved", 1, [])


def test_a_new_diagnosis_appears_by_itself(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    remedy = Remedy("start_again", "Start again.", {"seed": 7})
    finding = Finding(2.0, {"times": 2.0}, remedy)
    monkeypatch.setitem(DIAGNOSES, "bad_luck", Diagnosis("Bad luck.", lambda facts: [finding]))
    trainer = make(CIRCLE)
    found = advice(trainer, trainer.advance(12).points)
    assert (found["code"], found["problem"][0]["name"], found["problems"]) == ("problem", "bad_luck", 1)
    assert found["action"] == {"changes": {"seed": 7}}


def test_an_environment_has_a_score_and_a_threshold_of_its_own() -> None:
    trainer = policy_trainer()
    points = trainer.advance(3).points
    found = advice(trainer, points)
    score = found["score"]
    assert (score["name"], score["part"], score["threshold"]) == ("return", None, 19.0)
    assert score["value"] == points[-1]["metrics"]["return_mean"]
    points[-1]["metrics"]["return_mean"] = 19.5
    assert advice(trainer, points)["code"] == "solved"


def test_scheduling_is_solved_by_the_mean_of_twenty_points_as_one_has_few_sequences_of_jobs() -> None:
    config = parse({"paradigm": "policy_gradient", "environment": {"name": "scheduling"}, "episodes": 4})
    trainer = trainer_of(config, load_data(config))
    while not trainer.state.step:
        trainer.advance(1)

    def of(*slowdowns: float) -> Any:
        points = [{"step": step, "metrics": {"slowdown_mean": value}} for step, value in enumerate(slowdowns)]
        return advice(trainer, points)

    lucky = of(*[2.4] * 30, 1.2)
    assert (lucky["code"], lucky["score"]["threshold"], lucky["score"]["solved_step"]) == (
        "learning",
        1.7,
        None,
    )
    assert lucky["score"]["value"] == pytest.approx((19 * 2.4 + 1.2) / 20)
    learned = of(*[2.4] * 30, *[1.6] * 20)
    assert (learned["code"], learned["score"]["solved_step"]) == ("solved", 30 + 17)


def test_the_threshold_of_every_task_is_that_of_one_of_its_metrics() -> None:
    for name, task in catalogue()["tasks"].items():
        if name == "control":
            assert (task["score"], task["solved"]) == (None, None)
        else:
            assert name in METRICS[task["score"]].applies_to and task["solved"] == 0.95
    for entry in catalogue()["environments"]:
        environment = ENVIRONMENTS[entry["name"]]
        expected = environment.solved and environment.solved(environment.defaults)
        assert entry["solved"] == expected


def test_advice_is_computed_at_most_twice_a_second() -> None:
    assert VIEWS["advice"].fps == 2.0


def test_without_recorded_points_the_present_weights_are_measured(make: Any) -> None:
    trainer = make(CIRCLE)
    points = trainer.advance(16).points
    assert advice(trainer)["score"]["value"] == advice(trainer, points)["score"]["value"]
