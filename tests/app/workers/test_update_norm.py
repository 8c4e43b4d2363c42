"""The update norm: the change of all parameters since the recorded step before, per step."""

import numpy as np
import pytest

from app.workers.training.update_norm import UpdateNorm
from engine.datasets import load
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer

CONFIG = {"layers": [{"units": 3}], "dataset": {"name": "circle", "samples": 40}, "l2": 0.1}
EDIT = {"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 5.0}]}


@pytest.fixture
def trainer():
    config = parse(CONFIG)
    return Trainer(config, load(config))


@pytest.fixture
def norms():
    return UpdateNorm()


def theta_after(trainer, steps):
    trainer.advance(steps)
    return trainer.state.theta.astype(float)


def test_it_is_the_euclidean_norm_of_the_change_divided_by_the_steps(trainer, norms):
    first = theta_after(trainer, 2)
    assert norms.add(trainer.state) is None
    for steps in (1, 4, 3):
        second = theta_after(trainer, steps)
        assert norms.add(trainer.state) == pytest.approx(np.linalg.norm(second - first) / steps)
        first = second


def test_a_step_that_is_recorded_again_is_compared_with_the_recorded_step_before_it(trainer, norms):
    norms.add(trainer.state)
    before = theta_after(trainer, 0)
    trainer.advance(2)
    norm = norms.add(trainer.state)
    assert norms.add(trainer.state) == norm
    trainer.apply_edits(EDIT)
    edited = theta_after(trainer, 0)
    assert norms.add(trainer.state) == pytest.approx(np.linalg.norm(edited - before) / 2) != norm
    after = theta_after(trainer, 1)
    assert norms.add(trainer.state) == pytest.approx(np.linalg.norm(after - edited))


def test_it_is_unknown_after_a_reset_and_where_the_number_of_parameters_changed(trainer, norms):
    norms.add(trainer.state)
    trainer.advance(2)
    trainer.reset()
    assert norms.add(trainer.state) is None
    trainer.advance(1)
    assert norms.add(trainer.state) is not None
    trainer.apply_edits({"units": [{"layer": 0, "unit": 0, "action": "duplicate"}]})
    assert norms.add(trainer.state) is None
    trainer.advance(1)
    assert norms.add(trainer.state) is not None
