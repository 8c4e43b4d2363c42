"""Use of a trained network: answers change no weight, and do not depend on the data that it learned from."""

from typing import Any

import numpy as np
import pytest

from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.usage import changes_by_use, questions, without_points


def trained(steps: int = 50, **dataset: Any) -> Trainer:
    """A small network after some steps."""
    raw = {"dataset": {"name": "moons", "samples": 100, **dataset}, "layers": [{"units": 4}], "seed": 1}
    config = parse(raw)
    trainer = Trainer(config, load_data(config))
    trainer.advance(steps)
    return trainer


def test_the_questions_cover_the_range_of_the_inputs_evenly() -> None:
    data = trained(0).data
    rows, raw = questions(data, 1000), data.train.raw
    shares = (rows - raw.min(axis=0)) / (raw.max(axis=0) - raw.min(axis=0))
    counts, *_ = np.histogram2d(shares[:, 0], shares[:, 1], bins=5, range=[[0, 1], [0, 1]])
    assert rows.shape == (1000, 2) and counts.sum() == 1000
    assert np.abs(counts - 40).max() <= 6  # random points differ by three times as much


@pytest.mark.parametrize("delete_data", [False, True])
def test_answers_change_no_weight_and_are_the_same_without_the_data(delete_data: bool) -> None:
    trainer = trained()
    points = len(trainer.data.train)
    assert changes_by_use(trainer, 100, delete_data) == {"weights": 0, "answers": 0}
    assert len(trainer.data.train) == points


def test_without_points_one_point_of_the_first_class_is_left_in_the_middle() -> None:
    trainer = trained()
    _, data = without_points(trainer.config, trainer.data)
    raw = trainer.data.train.raw
    assert [len(part) for part in (data.train, data.validation, data.test)] == [1, 0, 0]
    np.testing.assert_allclose(data.train.raw[0], (raw.min(axis=0) + raw.max(axis=0)) / 2)
    assert data.train.truth.tolist() == [0]


def test_answers_that_depend_on_the_data_are_counted() -> None:
    trainer = trained(standardize=True)  # the scale of the inputs is computed from the points
    assert changes_by_use(trainer, 100, True)["answers"] == 100


def test_weights_that_change_during_the_answers_are_counted(monkeypatch: Any) -> None:
    trainer = trained()
    checkpoint = trainer.checkpoint

    def learning() -> Any:
        trainer.advance(1)
        return checkpoint()

    monkeypatch.setattr(trainer, "checkpoint", learning)
    assert changes_by_use(trainer, 5, False)["weights"] == len(trainer.state.theta)
