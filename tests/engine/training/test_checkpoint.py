"""Checkpoints as bytes: what those of one configuration share when they are read."""

from typing import Any

import pytest

from engine.datasets import load
from engine.tasks.resolve import parse
from engine.training.checkpoint import Checkpoint
from engine.training.trainer import Trainer

CONFIG: dict[str, Any] = {"dataset": {"name": "gauss", "samples": 40}, "layers": [{"units": 3}]}


@pytest.fixture
def trainer() -> Trainer:
    config = parse(CONFIG)
    return Trainer(config, load(config))


def read(trainer: Trainer) -> Checkpoint:
    return Checkpoint.from_bytes(trainer.checkpoint().to_bytes())


def test_checkpoints_of_one_configuration_share_it_with_its_problem_and_network_but_no_state(
    trainer: Trainer,
) -> None:
    first = read(trainer)
    trainer.advance(5)
    second = read(trainer)
    assert second.config is first.config and second.config == trainer.config
    assert second.problem is first.problem and second.network is first.network
    assert (first.step, second.step) == (0, 5)
    assert (second.theta == trainer.state.theta).all() and (second.theta != first.theta).any()


def test_a_checkpoint_with_disabled_units_has_a_network_of_its_own(trainer: Trainer) -> None:
    whole = read(trainer)
    trainer.state.disabled = ((1,),)
    disabled = read(trainer)
    assert disabled.network.layers[0].disabled == (1,)
    assert whole.network.layers[0].disabled == ()


def test_a_change_of_the_configuration_is_read(trainer: Trainer) -> None:
    before = read(trainer)
    trainer.change({"optimizer": {"learning_rate": 0.123}})
    assert read(trainer).config.optimizer.learning_rate == 0.123 != before.config.optimizer.learning_rate


def test_a_checkpoint_of_another_format_is_refused_with_both_formats(trainer: Trainer) -> None:
    blob = trainer.checkpoint().to_bytes().replace(b'"format": 1', b'"format": 7')
    with pytest.raises(ValueError, match="format 7, but only 1"):
        Checkpoint.from_bytes(blob)
