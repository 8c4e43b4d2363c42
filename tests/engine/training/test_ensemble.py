"""Ensemble: its members compared with single trainings."""

from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.training.checkpoint import Checkpoint
from engine.training.ensemble import Ensemble
from engine.training.reason import ending
from engine.training.trainer import Trainer

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


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_every_member_equals_a_single_training_up_to_rounding(make: Any, case: str) -> None:
    single = [make(CONFIGURATIONS[case], seed=seed, dtype="float64", batch_size=8) for seed in (3, 5, 8)]
    ensemble = Ensemble(single[0].config, single[0].data, [3, 5, 8])
    reports = ensemble.advance(90)
    for trainer, state, report in zip(single, ensemble.states, reports, strict=True):
        points = trainer.advance(90).points
        assert state.theta == pytest.approx(trainer.state.theta, rel=1e-9, abs=1e-11)
        assert np.array_equal(state.order, trainer.state.order) and state.epoch == trainer.state.epoch
        assert [p["step"] for p in report.points] == [p["step"] for p in points]
        for name in ("train_loss", "validation_loss", "test_loss"):
            loss, expected = report.points[-1][name], points[-1][name]
            assert loss is expected or loss == pytest.approx(expected, rel=1e-9)


def test_a_checkpoint_of_a_member_has_mode_batched(make: Any) -> None:
    trainer = make()
    ensemble = Ensemble(trainer.config, trainer.data, [4, 9])
    assert Checkpoint.from_bytes(ensemble.checkpoint(0).to_bytes()).mode == "batched"
    assert trainer.checkpoint().mode == "single"


def test_a_checkpoint_of_a_member_resumes_as_a_single_training(make: Any) -> None:
    trainer = make(seed=4, dtype="float64")
    ensemble = Ensemble(trainer.config, trainer.data, [4, 9])
    ensemble.advance(25)
    checkpoint = Checkpoint.from_bytes(ensemble.checkpoint(0).to_bytes())
    resumed = Trainer(checkpoint.config, trainer.data, checkpoint)
    resumed.advance(25)
    trainer.advance(50)
    assert resumed.state.theta == pytest.approx(trainer.state.theta, rel=1e-9, abs=1e-11)


def test_the_result_does_not_depend_on_the_number_of_steps_per_call(make: Any) -> None:
    trainer = make()
    one_call, several_calls = (Ensemble(trainer.config, trainer.data, [1, 2]) for _ in range(2))
    one_call.advance(60)
    for steps in (1, 7, 30, 22):
        several_calls.advance(steps)
    assert all(
        np.array_equal(a.memory, b.memory) for a, b in zip(one_call.states, several_calls.states, strict=True)
    )


def test_an_ensemble_finishes_after_its_last_epoch(make: Any) -> None:
    trainer = make(epochs=2)
    ensemble = Ensemble(trainer.config, trainer.data, [1, 2])
    reports = ensemble.advance(10_000)
    assert all(report.ended == ("finished", ending("epochs_done", epochs=2)) for report in reports)


def test_a_member_that_diverges_stops_and_the_others_continue(make: Any) -> None:
    trainer = make()
    ensemble = Ensemble(trainer.config, trainer.data, [1, 2])
    ensemble.advance(5)
    ensemble.states[0].theta[0] = np.nan
    reports = ensemble.advance(20)
    assert reports[0].ended is not None and reports[0].ended[0] == "diverged"
    assert reports[1].ended is None and ensemble.states[0].finite()
    single = make(seed=2)
    single.advance(25)
    assert ensemble.states[1].theta == pytest.approx(single.state.theta, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("seeds", [[], list(range(2000))])
def test_a_number_of_seeds_out_of_range_raises_config_error(make: Any, seeds: list[int]) -> None:
    with pytest.raises(ConfigError, match="seeds"):
        Ensemble(make().config, make().data, seeds)


def test_early_stopping_raises_config_error(make: Any) -> None:
    trainer = make(early_stopping={"monitor": "train_loss"})
    with pytest.raises(ConfigError, match="early_stopping"):
        Ensemble(trainer.config, trainer.data, [1])
