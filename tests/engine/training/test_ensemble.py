"""Ensemble: its members compared with single trainings."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.config.errors import ConfigError
from engine.datasets import load
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.tasks.resolve import parse
from engine.training.batched.alone import beginning
from engine.training.batched.ensemble import Ensemble
from engine.training.batched.rounding import Rounding, compare_with_single, measure_rounding
from engine.training.checkpoint import Checkpoint
from engine.training.reason import ending
from engine.training.trainer import Report, Trainer

CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "deep and mixed": {
        "layers": [
            {"units": 6, "activation": "prelu", "dropout": 0.3},
            {"units": 5, "activation": "softmax"},
            {"units": 4, "activation": "swish", "frozen": True},
        ],
        "dataset": {"name": "blobs", "samples": 74},
        "optimizer": {"name": "adamw", "clip_norm": 0.5, "schedule": {"name": "cosine"}},
        "l1": 0.001,
        "l2": 0.01,
    },
    "activations with exponentials": {
        "layers": [
            {"units": 5, "activation": "elu", "alpha": 0.5},
            {"units": 4, "activation": "selu"},
            {"units": 5, "activation": "gelu"},
            {"units": 4, "activation": "softplus"},
        ],
        "dataset": {"name": "circle", "samples": 60, "test_fraction": 0, "validation_fraction": 0.3},
        "output_activation": "swish",
        "loss": {"name": "mean_squared_error"},
    },
    "without hidden layers": {"layers": [], "dataset": {"name": "plane", "samples": 50}},
}


GRADIENT_OPTIMIZERS = [name for name, optimizer in OPTIMIZERS.items() if not optimizer.perceptron_rule]
NUMBERS = {"momentum": 0.5, "beta_1": 0.7, "beta_2": 0.95, "rho": 0.6, "epsilon": 1e-3, "weight_decay": 0.1}
SMALL = {"dataset": {"name": "circle", "samples": 60}, "layers": [{"units": 4}], "batch_size": 8}


def ensemble_of(trainers: Sequence[Trainer]) -> Ensemble:
    """Returns an ensemble of the configurations and data of these trainers, at step 0."""
    return Ensemble([beginning(t.config, t.data) for t in trainers], [t.data for t in trainers])


def trainers_of(*changes: dict[str, Any], **shared: Any) -> list[Trainer]:
    configs = [parse(SMALL | shared | each) for each in changes]
    return [Trainer(config, load(config)) for config in configs]


def advance(ensemble: Ensemble, calls: Sequence[int]) -> dict[int, Report]:
    """Advances in several calls; returns one report per member with the points and the end of all."""
    total = {index: Report() for index in ensemble.members}
    for steps in calls:
        for index, report in ensemble.advance(steps).items():
            total[index].steps += report.steps
            total[index].points += report.points
            total[index].ended = report.ended
    return total


def advance_alone(trainer: Trainer, calls: Sequence[int]) -> list[Report]:
    """Advances in several calls until the training ends."""
    reports: list[Report] = []
    for steps in calls:
        if not reports or reports[-1].ended is None:
            reports.append(trainer.advance(steps))
    return reports


def assert_equal_states(state: Any, expected: Any) -> None:
    """Asserts equal counters, orders and generators, and arrays that are equal or differ by rounding."""
    names = ("position", "step", "epoch", "attempt", "optimizer_start")
    assert [getattr(state, name) for name in names] == [getattr(expected, name) for name in names]
    assert np.array_equal(state.order, expected.order)
    for name in ("shuffle", "dropout"):
        assert getattr(state, name).bit_generator.state == getattr(expected, name).bit_generator.state
    assert state.memory == pytest.approx(expected.memory, rel=1e-6, abs=1e-9)
    assert state.stopping.best == pytest.approx(expected.stopping.best, rel=1e-9)


@st.composite
def early_stopping(draw: st.DrawFn) -> dict[str, Any] | None:
    if draw(st.booleans()):
        return None
    monitor = draw(st.sampled_from(["train_loss", "test_loss"]))
    delta, restore = draw(st.sampled_from([0.0, 0.02])), draw(st.booleans())
    return {"monitor": monitor, "patience": 2, "min_delta": delta, "restore_best": restore}


@st.composite
def member(draw: st.DrawFn, optimizer: str, clips: bool) -> dict[str, Any]:
    """Draws what may differ between members."""
    allowed = OPTIMIZERS[optimizer].parameters
    numbers = {name: value for name, value in NUMBERS.items() if name in allowed and draw(st.booleans())}
    return {
        "seed": draw(st.integers(0, 100)),
        "dataset": SMALL["dataset"]
        | {"seed": draw(st.integers(0, 2)), "noise": draw(st.sampled_from([0.0, 0.3]))},
        "l1": draw(st.sampled_from([0.0, 0.01])),
        "l2": draw(st.sampled_from([0.0, 0.1])),
        "layers": [{"units": 4, "dropout": draw(st.sampled_from([0.1, 0.4]))}, {"units": 3}],
        "optimizer": numbers
        | {
            "name": optimizer,
            "learning_rate": draw(st.sampled_from([0.001, 0.05, 0.2])),
            "schedule": {"name": draw(st.sampled_from(list(SCHEDULES)))},
            "clip_norm": draw(st.sampled_from([0.05, 1.0])) if clips else None,
        },
        "epochs": draw(st.sampled_from([3, 1000])),
        "steps": draw(st.sampled_from([None, 17])),
        "early_stopping": draw(early_stopping()),
    }


@st.composite
def ensembles(draw: st.DrawFn) -> list[Trainer]:
    optimizer, clips = draw(st.sampled_from(GRADIENT_OPTIMIZERS)), draw(st.booleans())
    loss = draw(st.sampled_from(["binary_crossentropy", "mean_squared_error", "huber", "hinge"]))
    shared = {
        "batch_size": draw(st.sampled_from([1, 7, 8, 30])),
        "dtype": "float64",
        "loss": {"name": loss},
    }
    return trainers_of(*draw(st.lists(member(optimizer, clips), min_size=2, max_size=4)), **shared)


@given(single=ensembles())
@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate])
def test_every_member_trains_and_ends_as_it_does_alone(single: list[Trainer]) -> None:
    ensemble = ensemble_of(single)
    calls = (5, 1, 34)
    reports = advance(ensemble, calls)
    for index, trainer in enumerate(single):
        alone = advance_alone(trainer, calls)
        assert_equal_states(ensemble.members[index].state, trainer.state)
        ended = next((report.ended for report in alone if report.ended), None)
        assert (ended and ended[1].code) == ((end := reports[index].ended) and end[1].code)
        steps = [point["step"] for report in alone for point in report.points]
        assert [point["step"] for point in reports[index].points] == steps


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_every_member_equals_a_single_training_up_to_rounding(make: Any, case: str) -> None:
    single = [make(CONFIGURATIONS[case], seed=seed, dtype="float64", batch_size=8) for seed in (3, 5, 8)]
    ensemble = ensemble_of(single)
    assert measure_rounding(ensemble).difference < 1e-11
    reports = ensemble.advance(90)
    for index, trainer in enumerate(single):
        points, state, report = trainer.advance(90).points, ensemble.members[index].state, reports[index]
        assert state.theta == pytest.approx(trainer.state.theta, rel=1e-9, abs=1e-11)
        assert np.array_equal(state.order, trainer.state.order) and state.epoch == trainer.state.epoch
        assert [p["step"] for p in report.points] == [p["step"] for p in points]
        for name in ("train_loss", "validation_loss", "test_loss", "penalty"):
            loss, expected = report.points[-1][name], points[-1][name]
            assert loss is expected or loss == pytest.approx(expected, rel=1e-9)


def test_members_of_the_default_network_have_the_same_bits_as_alone_where_products_are_exact() -> None:
    numbers = [
        {"seed": seed, "l2": 0.01 * seed, "optimizer": {"learning_rate": 0.01 * (1 + seed)}}
        for seed in range(3)
    ]
    single = [Trainer(config, load(config)) for config in map(parse, numbers)]
    ensemble = ensemble_of(single)
    exact = measure_rounding(ensemble).exact
    ensemble.advance(100)
    for index, trainer in enumerate(single):
        trainer.advance(100)
        state = ensemble.members[index].state
        assert np.array_equal(state.memory, trainer.state.memory) or not exact
        assert state.theta == pytest.approx(trainer.state.theta, rel=1e-3, abs=1e-4)


def test_a_checkpoint_of_a_member_has_mode_batched(make: Any) -> None:
    trainer = make()
    ensemble = ensemble_of([trainer, make(seed=9)])
    assert Checkpoint.from_bytes(ensemble.checkpoint(0).to_bytes()).mode == "batched"
    assert trainer.checkpoint().mode == "single"


def test_a_member_that_is_taken_out_continues_as_an_ordinary_training() -> None:
    trainer, other = trainers_of({"seed": 4}, {"seed": 9}, dtype="float64")
    ensemble = ensemble_of([trainer, other])
    ensemble.advance(25)
    checkpoint = Checkpoint.from_bytes(ensemble.take_out(0).to_bytes())
    resumed = Trainer(checkpoint.config, trainer.data, checkpoint)
    ensemble.advance(25)
    resumed.advance(25)
    trainer.advance(50)
    other.advance(50)
    assert ensemble.training() == [1]
    assert_equal_states(resumed.state, trainer.state)
    assert_equal_states(ensemble.members[1].state, other.state)


def test_an_ordinary_training_continues_as_a_member() -> None:
    single = trainers_of({"seed": 4}, {"seed": 9}, {"seed": 2, "l2": 0.1}, dtype="float64")
    ensemble = ensemble_of(single[:2])
    ensemble.advance(21)
    single[2].advance(21)
    blob = single[2].checkpoint().to_bytes()
    assert ensemble.put_in(Checkpoint.from_bytes(blob), single[2].data) == 2
    ensemble.advance(30)
    for index, trainer in enumerate(single):
        trainer.advance(51 - trainer.state.step)
        assert_equal_states(ensemble.members[index].state, trainer.state)


def test_the_result_does_not_depend_on_the_number_of_steps_per_call(make: Any) -> None:
    one_call, several_calls = (ensemble_of([make(seed=1), make(seed=2)]) for _ in range(2))
    expected = advance(one_call, [60])
    reports = advance(several_calls, [1, 7, 30, 22])
    for index in (0, 1):
        assert np.array_equal(one_call.members[index].state.memory, several_calls.members[index].state.memory)
        assert reports[index] == expected[index]


def test_an_ensemble_finishes_after_its_last_epoch_and_then_has_nothing_to_do(make: Any) -> None:
    ensemble = ensemble_of([make(epochs=2, seed=seed) for seed in (1, 2)])
    reports = ensemble.advance(10_000)
    assert all(report.ended == ("finished", ending("epochs_done", epochs=2)) for report in reports.values())
    assert ensemble.advance(10) == {}


def test_members_that_diverge_end_before_that_step_and_the_others_continue() -> None:
    rates = [{"optimizer": {"name": "sgd", "learning_rate": rate}} for rate in (0.01, 1000.0, 0.05, 3.0)]
    shared = {"output_activation": "linear", "loss": {"name": "mean_squared_error"}, "dtype": "float64",
              "layers": [{"units": 5, "activation": "relu"}]}  # fmt: skip
    single = trainers_of(*rates, **shared)
    ensemble = ensemble_of(single)
    reports = advance(ensemble, [150, 150])
    assert ensemble.training() == [0, 2]
    for index, trainer in enumerate(single):
        report = trainer.advance(300)
        assert reports[index].ended == report.ended
        assert [p["step"] for p in reports[index].points] == [p["step"] for p in report.points]
        assert ensemble.members[index].state.finite()
        assert_equal_states(ensemble.members[index].state, trainer.state)


@pytest.mark.parametrize("count", [0, 2000])
def test_a_number_of_members_out_of_range_raises_config_error(make: Any, count: int) -> None:
    trainer = make()
    with pytest.raises(ConfigError, match="members"):
        Ensemble([trainer.checkpoint()] * count, [trainer.data] * count)


def test_a_training_of_another_shape_step_or_data_is_refused_with_the_reason(make: Any) -> None:
    trainer, later, edited = make(), make(seed=1), make(seed=2)
    ensemble = ensemble_of([trainer])
    later.advance(3)
    edited.apply_edits({"units": [{"layer": 0, "unit": 0, "action": "off"}]})
    wide = make(layers=[{"units": 9}])
    for refused, reason in (
        (wide, "layers.0.units is 8 in one and 9 in another"),
        (later, "step is 3, but 0 in the ensemble"),
        (edited, "units are disabled"),
    ):
        with pytest.raises(ValueError, match=reason):
            ensemble.put_in(refused.checkpoint(), refused.data)
    with pytest.raises(ValueError, match="made with other data"):
        ensemble.put_in(trainer.checkpoint(), make(dataset={"name": "blobs", "samples": 60}).data)


def test_a_recorded_state_is_compared_with_a_single_training_of_the_same_steps() -> None:
    config = parse({"dataset": {"name": "circle", "samples": 60}, "layers": [{"units": 3}]})
    data = load(config)
    alone = Trainer(config, data)
    alone.advance(5)
    first = Checkpoint.from_bytes(alone.checkpoint().to_bytes())
    alone.advance(7)
    last = Checkpoint.from_bytes(alone.checkpoint().to_bytes())
    assert compare_with_single(first, last, data) == Rounding(True, 0.0)
    last.state.memory[0] *= 1.5
    changed = compare_with_single(first, last, data)
    assert not changed.exact and changed.difference == pytest.approx(0.5)


def test_a_copy_of_a_member_is_its_state_alone_at_that_step_also_after_another_has_ended() -> None:
    layers = [{"units": 3, "dropout": 0.2}]
    first = parse(SMALL | {"layers": layers, "steps": 30})
    configs = [first, *(parse(SMALL | {"layers": layers, "seed": seed}) for seed in (1, 2))]
    data = load(first)
    ensemble = Ensemble([beginning(config, data) for config in configs], [data] * 3)
    ensemble.advance(300)

    copied = ensemble.take_out_saved(1)

    alone = Trainer(configs[1], data)
    alone.advance(copied.step)
    assert 300 - copied.step <= 128
    assert copied.state.epoch == alone.state.epoch and copied.state.position == alone.state.position
    np.testing.assert_allclose(copied.state.memory, alone.state.memory, rtol=1e-4, atol=1e-6)
    assert np.array_equal(copied.state.order, alone.state.order)
    for name in ("shuffle", "dropout"):
        mine, other = (getattr(state, name).bit_generator.state for state in (copied.state, alone.state))
        assert mine == other
