"""Grouping of configurations by what can train in batched products."""

from typing import Any

from engine.config.models import Config
from engine.tasks.resolve import parse
from engine.training.batched.shapes import group, reason_not_batched

FREE: list[dict[str, Any]] = [
    {"seed": 3},
    {"l1": 0.1, "l2": 0.2},
    {"optimizer": {"name": "adam", "learning_rate": 0.5, "beta_1": 0.3, "schedule": {"name": "cosine"}}},
    {"epochs": 7, "steps": 20},
    {"early_stopping": {"monitor": "train_loss"}},
    {"dataset": {"name": "circle", "seed": 4, "noise": 0.2}},
    {"initializer": {"name": "he_normal"}},
]
FIXED: list[tuple[str, dict[str, Any]]] = [
    ("batch_size is 16 in one and 32 in another", {"batch_size": 16}),
    ("number of layers is 2 in one and 1 in another", {"layers": [{"units": 8}, {"units": 8}]}),
    (
        "layers.0.activation is relu in one and tanh in another",
        {"layers": [{"activation": "relu", "units": 8}]},
    ),
    ("layers.0.dropout is in use in one and not in use in another", {"layers": [{"dropout": 0.2}]}),
    ("optimizer.name is sgd in one and adam in another", {"optimizer": {"name": "sgd"}}),
    ("optimizer.clip_norm is in use in one and not in use in another", {"optimizer": {"clip_norm": 1.0}}),
    ("dtype is float64 in one and float32 in another", {"dtype": "float64"}),
    ("dataset.samples is 90 in one", {"dataset": {"name": "circle", "samples": 90}}),
]


def resolved(**fields: Any) -> Config:
    return parse({"dataset": {"name": "circle"}} | fields)


def test_runs_that_differ_in_numbers_of_the_step_train_together() -> None:
    configs = [resolved(), *(resolved(**fields) for fields in FREE)]
    assert reason_not_batched(configs) is None
    assert group(configs).ensembles == [list(range(len(configs)))]


def test_a_run_of_another_shape_trains_alone_and_the_reason_names_the_field() -> None:
    for reason, fields in FIXED:
        grouping = group([resolved(), resolved(**fields), resolved(seed=1)])
        assert grouping.ensembles == [[0, 2]]
        assert list(grouping.alone) == [1]
        assert reason in grouping.alone[1]


def test_every_shape_with_several_runs_is_an_ensemble() -> None:
    configs = [resolved(seed=seed, layers=[{"units": units}]) for seed in (0, 1) for units in (2, 3)]
    assert group(configs).ensembles == [[0, 2], [1, 3]]


def test_a_paradigm_without_batched_products_and_a_single_run_train_alone() -> None:
    policy = parse({"paradigm": "policy_gradient"})
    grouping = group([policy, resolved(), policy])
    assert grouping.ensembles == []
    assert "policy_gradient" in grouping.alone[0] and grouping.alone[1] == "no other run"
