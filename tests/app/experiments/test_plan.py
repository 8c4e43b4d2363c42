"""The plan of an experiment: values of the varied fields, configurations, and refusals."""

import pytest

from app.errors import Invalid
from app.experiments.plan import plan
from engine.datasets.tables.library import NO_TABLES
from engine.tasks.resolve import parse


@pytest.fixture
def planned(run_async):
    """The members of an experiment."""

    def work(vary, config=None, sample="grid", members=None, steps=None):
        return run_async(plan(config or {}, vary, sample, members, steps, NO_TABLES))

    return work


def values(members, path):
    return [member.values[path] for member in members]


def test_a_grid_has_all_combinations_and_the_last_field_changes_fastest(planned):
    members = planned({"seed": {"count": 2}, "l2": [0, 0.1, 0.01]})
    assert [tuple(member.values.values()) for member in members] == [
        (0, 0), (0, 0.1), (0, 0.01), (1, 0), (1, 0.1), (1, 0.01),
    ]  # fmt: skip
    assert [(member.config["seed"], member.config["l2"]) for member in members] == [
        tuple(member.values.values()) for member in members
    ]


def test_ranges_have_equal_distances_or_equal_ratios_and_exact_ends(planned):
    rates = values(
        planned({"optimizer.learning_rate": {"log": [0.001, 1], "count": 4}}), "optimizer.learning_rate"
    )
    assert rates == [0.001, 0.01, 0.1, 1.0]
    assert values(planned({"l2": {"linear": [0, 0.3], "count": 4}}), "l2") == [0.0, 0.1, 0.2, 0.3]
    assert values(planned({"batch_size": {"log": [1, 64], "count": 4}}), "batch_size") == [1, 4, 16, 64]


def test_whole_objects_lists_and_entries_of_lists_vary(planned):
    layers = [[], [{"units": 3}], [{"units": 2}, {"units": 2}]]
    assert [member.config["layers"] for member in planned({"layers": layers})] == layers
    members = planned({"layers.0.units": [3, 5]})
    assert [parse(member.config).layers[0].units for member in members] == [3, 5]
    members = planned({"layers.1.dropout": [0, 0.5]}, {"layers": [{"units": 2}, {"units": 4}]})
    assert [[layer.dropout for layer in parse(member.config).layers] for member in members] == [
        [0, 0],
        [0, 0.5],
    ]
    config = {"dataset": {"validation_fraction": 0.2}, "early_stopping": None}
    members = planned({"early_stopping.patience": [1, 9]}, config)
    assert [parse(member.config).early_stopping.patience for member in members] == [1, 9]


def test_members_have_the_other_settings_and_the_steps_and_train_without_viewers(planned):
    config = {"l1": 0.25, "optimizer": {"name": "sgd"}, "unwatched": "pause"}
    members = planned({"optimizer.learning_rate": [0.1, 0.2]}, config, steps=7)
    for member, rate in zip(members, (0.1, 0.2), strict=True):
        resolved = parse(member.config)
        assert (resolved.l1, resolved.steps, resolved.unwatched) == (0.25, 7, "train")
        assert (resolved.optimizer.name, resolved.optimizer.learning_rate) == ("sgd", rate)


def test_members_reach_the_steps_of_all_unless_epochs_vary(planned):
    config = {"epochs": 2}
    assert [member.resolved.epochs for member in planned({"seed": [0]}, config, steps=500)] == [500]
    assert [member.resolved.epochs for member in planned({"seed": [0]}, config)] == [2]
    members = planned({"epochs": [2, 3]}, config, steps=500)
    assert [member.resolved.epochs for member in members] == [2, 3]


def test_every_paradigm_can_vary(planned):
    members = planned({"baseline": ["time", "none"], "episodes": [4, 8]}, {"paradigm": "policy_gradient"})
    assert [(parse(member.config).baseline, parse(member.config).episodes) for member in members] == [
        ("time", 4), ("time", 8), ("none", 4), ("none", 8),
    ]  # fmt: skip


def test_a_random_sample_is_reproducible_and_follows_the_seed_of_the_configuration(planned):
    vary = {"optimizer.learning_rate": {"log": [0.001, 1]}, "batch_size": {"linear": [1, 99]}, "l1": [0, 0.5]}
    first, again, other = (planned(vary, {"seed": seed}, "random", 40) for seed in (0, 0, 1))
    assert first == again and first != other
    rates = values(first, "optimizer.learning_rate")
    assert all(0.001 <= rate <= 1 for rate in rates) and len(set(rates)) == 40
    assert 8 <= sum(rate < 0.0316 for rate in rates) <= 32  # half of them are below the geometric mean
    assert all(isinstance(size, int) and 1 <= size <= 99 for size in values(first, "batch_size"))
    assert set(values(first, "l1")) == {0, 0.5}


def test_a_random_sample_of_listed_values_has_every_member_once(planned):
    members = planned({"seed": {"count": 4}, "l2": [0, 0.1, 0.2]}, sample="random", members=12)
    assert {tuple(member.values.values()) for member in members} == {
        (seed, l2) for seed in range(4) for l2 in (0, 0.1, 0.2)
    }


RANGE = {"linear": [1, 2], "count": 3}
REFUSED = [
    ({"vary": {}}, "vary", 0, [1, 4]),
    ({"vary": dict.fromkeys(("l1", "l2", "epochs", "seed", "batch_size"), [1])}, "vary", 5, [1, 4]),
    ({"vary": {"seed": {"count": 32}, "dataset.seed": {"count": 17}}}, "vary", 544, 512),
    ({"vary": {"seed": {"count": 513}}}, "vary.seed.count", 513, [1, 512]),
    ({"vary": {"seed": {"count": True}}}, "vary.seed.count", True, [1, 512]),
    ({"vary": {"seed": []}}, "vary.seed", 0, [1, 512]),
    ({"vary": {"seed": [1, 2, 1]}}, "vary.seed.2", 1, None),
    ({"vary": {"seed": 3}}, "vary.seed", 3, None),
    ({"vary": {"l2": {"count": 3}}}, "vary.l2", {"count": 3}, None),
    ({"vary": {"l2": {"steps": 3}}}, "vary.l2.steps", 3, None),
    ({"vary": {"l2": {**RANGE, "log": [1, 2]}}}, "vary.l2", {**RANGE, "log": [1, 2]}, None),
    ({"vary": {"l2": {"linear": [1, 2]}}}, "vary.l2.count", None, [2, 512]),
    ({"vary": {"l2": {"linear": [2, 1], "count": 3}}}, "vary.l2.linear", [2, 1], None),
    ({"vary": {"l2": {"log": [0, 1], "count": 3}}}, "vary.l2.log", [0, 1], None),
    ({"vary": {"batch_size": {"linear": [1.5, 9], "count": 3}}}, "vary.batch_size.linear", [1.5, 9], None),
    ({"vary": {"batch_size": {"linear": [1, 3], "count": 9}}}, "vary.batch_size.count", 9, [2, 3]),
    ({"vary": {"no_such": [1, 2]}}, "vary.no_such", "no_such", None),
    ({"vary": {"optimizer.no_such": [1, 2]}}, "vary.optimizer.no_such", "no_such", None),
    ({"vary": {"paradigm": ["supervised"]}}, "vary.paradigm", "paradigm", None),
    ({"vary": {"layers.1.units": [1, 2]}}, "vary.layers.1.units", "layers.1.units", None),
    ({"vary": {"layers": [[]], "layers.0.units": [1]}}, "vary.layers.0.units", None, None),
    ({"vary": {"l2": [0, 0.1, 1000]}}, "vary.l2", 1000, 100),
    ({"vary": {"layers.0.units": [1, 2000]}}, "vary.layers.0.units", 2000, 1024),
    ({"vary": {"loss.name": ["cross_entropy"], "output_activation": ["no_such"]}}, "vary.output_activation",
     "no_such", None),
    ({"vary": {"seed": [0]}, "config": {"l1": -1}}, "config.l1", -1, 0),
    ({"vary": {"seed": [0]}, "config": {"extra": 1}}, "config.extra", 1, None),
    ({"vary": {"seed": [0]}, "sample": "random"}, "members", None, [1, 512]),
    ({"vary": {"seed": [0]}, "sample": "random", "members": 513}, "members", 513, [1, 512]),
    ({"vary": {"seed": [0, 1]}, "sample": "random", "members": 3}, "members", 3, [1, 2]),
    ({"vary": {"seed": [0]}, "members": 3}, "members", 3, None),
    ({"vary": {"steps": [5, 9]}, "steps": 3}, "vary.steps", 3, None),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "field", "given", "limit"), REFUSED, ids=[case[1] for case in REFUSED])
def test_what_is_not_possible_is_refused_with_the_field_and_the_limit(planned, request_, field, given, limit):
    with pytest.raises(Invalid) as refused:
        planned(**request_)
    assert (refused.value.field, refused.value.given) == (field, given), refused.value.message
    assert limit is None or refused.value.limit == limit


def test_a_refused_value_names_the_member(planned):
    with pytest.raises(Invalid, match="member 5 of 6: must be at most 100"):
        planned({"l2": [0, 1, 100.5], "seed": [0, 1]})
