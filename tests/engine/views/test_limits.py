"""Every view in extreme places: weights huge, tiny or no numbers; every task; what the catalogue tells."""

from typing import Any

import numpy as np
import pytest

from engine.catalogue import catalogue
from engine.tasks.task import TASKS
from engine.views import VIEWS

NEW = [
    "unit_numbers",
    "sample_trace",
    "layer_health",
    "loss_landscape",
    "results",
    "activation_curves",
    "linear_collapse",
    "answer",
]
SHAPES: list[dict[str, Any]] = [
    {"layers": [{"units": 4, "activation": "relu"}, {"units": 4, "activation": "linear"}]},
    {"dataset": {"name": "iris"}, "layers": [{"units": 4, "activation": "prelu"}]},
    {"dataset": {"name": "sine", "samples": 40}},
    {"dataset": {"name": "discs", "samples": 40}, "layers": [{"units": 4, "activation": "softmax"}]},
    {"dataset": {"name": "gate_or"}, "layers": [], "optimizer": {"name": "perceptron"}},
]


@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize("scale", [0.0, 1e-45, 1e30, 3e37, np.inf, np.nan])
@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_no_size_of_weights_breaks_a_view(make: Any, name: str, scale: float) -> None:
    options = {"resolution": 5} if name == "loss_landscape" else {}
    for raw in SHAPES:
        for dtype in ("float32", "float64"):
            trainer = make({**raw, "dtype": dtype})
            trainer.advance(1)
            trainer.state.theta[:] *= scale
            view = VIEWS[name]
            assert view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


@pytest.mark.parametrize("name", NEW)
def test_every_kind_of_problem_has_every_view(make: Any, name: str) -> None:
    options = {"resolution": 5} if name == "loss_landscape" else {}
    for raw in SHAPES:
        trainer, view = make(raw), VIEWS[name]
        assert trainer.data.task in view.applies_to
        assert view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def test_no_answer_hides_what_its_frame_says_of_itself(make: Any) -> None:
    trainer = make()
    for name in NEW:
        view = VIEWS[name]
        answer = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))
        assert not set(answer) & {"run", "seq", "attempt", "step", "epoch", "kind", "view", "id"}


def test_the_catalogue_tells_what_views_apply_to_and_need() -> None:
    told = {view["name"]: view for view in catalogue()["views"]}
    assert list(told) == list(VIEWS)
    for name, view in told.items():
        assert set(view["applies_to"]) <= set(TASKS) and view["applies_to"]
        assert set(view["needs"]) <= {"slots", "points", "weights"}
        assert set(view["parameters"]) == set(VIEWS[name].options)
    assert told["layer_health"]["needs"] == ["slots", "points"]


def test_views_take_nothing_from_the_training(make: Any) -> None:
    """A look draws no random number and changes no weight: the training goes on as if nobody had looked."""
    layers = [{"units": 6, "dropout": 0.3}]
    watched, alone = make(layers=layers), make(layers=layers)
    for _ in range(5):
        watched.advance(7)
        for name in NEW:
            options = {"resolution": 5} if name == "loss_landscape" else {}
            view = VIEWS[name]
            view.compute(watched.checkpoint(), watched.data, view.parse(options))
        alone.advance(7)
    assert (watched.state.memory == alone.state.memory).all()
