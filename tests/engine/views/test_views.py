"""Every view: parts without points, and stored checkpoints."""

from typing import Any

import pytest

from engine.config.errors import ConfigError
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer as trainer_of
from engine.training.checkpoint import Checkpoint
from engine.views import VIEWS


def autoencoder_trainer() -> Any:
    config = parse({"paradigm": "autoencoder", "dataset": {"name": "iris"}, "layers": [{"units": 2}]})
    return trainer_of(config, load_data(config))


POLICY_CONFIGURATION = {
    "paradigm": "policy_gradient",
    "environment": {"name": "cart_pole", "horizon": 30},
    "episodes": 4,
}


def policy_trainer() -> Any:
    config = parse(POLICY_CONFIGURATION)
    return trainer_of(config, load_data(config))


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("part", ["test", "validation"])
def test_an_empty_part_is_refused_or_replaced_by_the_training_part(
    make: Any, name: str, part: str, compute_view: Any
) -> None:
    if "part" not in VIEWS[name].options or "binary" not in VIEWS[name].applies_to:
        return
    trainer = make(dataset={"name": "circle", "samples": 60, "test_fraction": 0})
    try:
        assert compute_view(trainer, name, part=part)["part"] == "train"
    except ConfigError as error:
        assert error.field == "part"


# Views of the plane, of episodes, and of one point; reconstruction has the first row and the total of both
# parts, and the score of the advice has its part.
WITHOUT_ROWS = {
    "decision_boundary", "boundary_grid", "network", "episode", "comparison", "answer", "reconstruction",
    "advice",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(VIEWS) - WITHOUT_ROWS))
def test_a_view_over_points_says_of_which_part_and_how_many_of_how_many(name: str) -> None:
    others = policy_trainer if "control" in VIEWS[name].applies_to else autoencoder_trainer
    config = parse({"dataset": {"name": "circle", "samples": 5000, "test_fraction": 0.5}})
    trainer = trainer_of(config, load_data(config)) if "binary" in VIEWS[name].applies_to else others()
    view = VIEWS[name]
    frame = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))
    assert frame["part"] in ("train", "test")
    assert frame["part_size"] == len(getattr(trainer.data, frame["part"]))
    assert 0 < frame["samples"] <= frame["part_size"]


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_is_the_same_from_a_stored_checkpoint(make: Any, name: str) -> None:
    applies_to = VIEWS[name].applies_to
    others = policy_trainer if "control" in applies_to else autoencoder_trainer
    trainer = make() if "binary" in applies_to else others()
    trainer.advance(30)
    stored = Checkpoint.from_bytes(trainer.checkpoint().to_bytes())
    view = VIEWS[name]
    live = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))
    again = view.compute(stored, trainer.data, view.parse({}))
    assert repr(live) == repr(again)
