"""Views of extreme weights and of all tasks, and their entries in the catalogue."""

from typing import Any

import numpy as np
import pytest

from engine.catalogue import catalogue
from engine.tasks.task import TASKS
from engine.views import VIEWS

NAMES = [
    "unit_numbers",
    "sample_trace",
    "layer_health",
    "loss_landscape",
    "results",
    "activation_curves",
    "linear_collapse",
    "answer",
]
CONFIGURATIONS: list[dict[str, Any]] = [
    {"layers": [{"units": 4, "activation": "relu"}, {"units": 4, "activation": "linear"}]},
    {"dataset": {"name": "iris"}, "layers": [{"units": 4, "activation": "prelu"}]},
    {"dataset": {"name": "sine", "samples": 40}},
    {"dataset": {"name": "discs", "samples": 40}, "layers": [{"units": 4, "activation": "softmax"}]},
    {"dataset": {"name": "gate_or"}, "layers": [], "optimizer": {"name": "perceptron"}},
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scale", [0.0, 1e-45, 1e30, 3e37, np.inf, np.nan])
@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_a_view_is_computed_for_weights_of_any_size(make: Any, name: str, scale: float) -> None:
    options = {"resolution": 5} if name == "loss_landscape" else {}
    for configuration in CONFIGURATIONS:
        for dtype in ("float32", "float64"):
            trainer = make({**configuration, "dtype": dtype})
            trainer.advance(1)
            trainer.state.theta[:] *= scale
            view = VIEWS[name]
            assert view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


@pytest.mark.parametrize("name", NAMES)
def test_a_view_is_computed_for_all_tasks(make: Any, name: str) -> None:
    options = {"resolution": 5} if name == "loss_landscape" else {}
    for configuration in CONFIGURATIONS:
        trainer, view = make(configuration), VIEWS[name]
        assert trainer.data.task in view.applies_to
        assert view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def test_no_result_has_a_field_of_its_frame(make: Any) -> None:
    trainer = make()
    for name in NAMES:
        view = VIEWS[name]
        result = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))
        assert not set(result) & {"run", "seq", "attempt", "step", "epoch", "kind", "view", "id"}


def test_the_catalogue_lists_the_tasks_needs_and_options_of_views() -> None:
    views = {view["name"]: view for view in catalogue()["views"]}
    assert list(views) == list(VIEWS)
    for name, view in views.items():
        assert set(view["applies_to"]) <= set(TASKS) and view["applies_to"]
        assert set(view["needs"]) <= {"slots", "points", "weights"}
        assert set(view["parameters"]) == set(VIEWS[name].options)
    assert views["layer_health"]["needs"] == ["slots", "points"]


def test_views_do_not_change_the_training(make: Any) -> None:
    layers = [{"units": 6, "dropout": 0.3}]
    with_views, without_views = make(layers=layers), make(layers=layers)
    for _ in range(5):
        with_views.advance(7)
        for name in NAMES:
            options = {"resolution": 5} if name == "loss_landscape" else {}
            view = VIEWS[name]
            view.compute(with_views.checkpoint(), with_views.data, view.parse(options))
        without_views.advance(7)
    assert (with_views.state.memory == without_views.state.memory).all()
