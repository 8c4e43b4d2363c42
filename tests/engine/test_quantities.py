"""The names of the curves of a run are those that its trainer measures."""

import pytest

from engine.quantities import curve_names
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer

EXAMPLES = [
    {},
    {"dataset": {"name": "blobs", "classes": 3, "validation_fraction": 0.2, "test_fraction": 0}},
    {"dataset": {"name": "gate_xor", "validation_fraction": 0.1}},
    {"dataset": {"name": "discs"}},
    {"dataset": {"name": "plane", "test_fraction": 0.1}},
    {"paradigm": "autoencoder"},
    *({"paradigm": "policy_gradient", "environment": {"name": name}, "episodes": 4}
      for name in ("scheduling", "cart_pole", "telescope")),
]  # fmt: skip


@pytest.mark.parametrize("raw", EXAMPLES, ids=str)
def test_the_curves_of_a_configuration_are_those_that_its_trainer_measures(raw):
    config = parse(raw)
    trained = trainer(config, load_data(config))
    points = []
    while not any(point["step"] > 0 for point in points):  # a part of an episode is not measured
        points += trained.advance(1).points
    point = points[-1]
    losses = [name for name in ("train_loss", "validation_loss", "test_loss") if point[name] is not None]
    assert set(curve_names(config)) == {*losses, *point["metrics"]}
