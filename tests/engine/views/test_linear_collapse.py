"""Linear collapse: the product of all layers, multiplied out entry by entry."""

from typing import Any

import numpy as np
import pytest

from engine.queries import weights
from engine.training.trainer import Trainer
from engine.views import VIEWS

DEEP: dict[str, Any] = {"layers": [{"units": n, "activation": "linear"} for n in (6, 4, 5)]}


def look(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["linear_collapse"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def multiplied(trainer: Trainer) -> tuple[list[list[float]], list[float]]:
    """W and b of z = W x + b, layer by layer and entry by entry."""
    layers = weights(trainer.checkpoint(), trainer.data)["layers"]
    inputs = len(layers[0]["weights"])
    rows: list[list[float]] = [[1.0 if i == j else 0.0 for j in range(inputs)] for i in range(inputs)] + [
        [0.0] * inputs
    ]
    for layer in layers:
        w, b = layer["weights"].astype(float).tolist(), layer["biases"].astype(float).tolist()
        rows = [
            [sum(row[k] * w[k][j] for k in range(len(w))) + b[j] * (i == inputs) for j in range(len(b))]
            for i, row in enumerate(rows)
        ]
    return rows[:-1], rows[-1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("dataset", ["plane", "gauss", "blobs", "discs", "sine", "wine"])
def test_a_deep_linear_network_says_what_the_one_layer_says(make: Any, dataset: str, dtype: str) -> None:
    trainer = make({**DEEP, "dataset": {"name": dataset}, "dtype": dtype})
    trainer.advance(50)
    told = look(trainer)
    w, b = multiplied(trainer)
    assert told["collapses"] and told["bends"] == []
    assert told["weights"] == pytest.approx(np.array(w), rel=1e-9, abs=1e-12)
    assert told["bias"] == pytest.approx(np.array(b), rel=1e-9, abs=1e-12)
    assert told["difference"] <= told["tolerance"] and told["equal"]
    assert told["tolerance"] < (1e-2 if dtype == "float32" else 1e-10)
    assert told["deep"] == pytest.approx(told["single"], abs=told["tolerance"])
    assert told["maps"]["deep"] == pytest.approx(told["maps"]["single"], abs=1e-3)


def test_a_single_non_linear_layer_makes_a_difference_and_is_named(make: Any) -> None:
    trainer = make({"layers": [{"units": 6, "activation": "linear"}, {"units": 6, "activation": "relu"}]})
    trainer.advance(200)
    told = look(trainer)
    assert told["collapses"] is False and told["bends"] == [
        {"layer": 1, "name": "hidden 2", "activation": "relu"}
    ]
    assert told["difference"] > 100 * told["tolerance"] and told["equal"] is False


def test_rounding_of_the_wrong_size_would_be_noticed(make: Any) -> None:
    """The tolerance is no blank cheque: a weight off by a thousandth is beyond it."""
    trainer = make({**DEEP, "dataset": {"name": "plane", "samples": 60}, "dtype": "float64"})
    trainer.advance(50)
    told = look(trainer)
    shifted = trainer.data.test.inputs @ (told["weights"] + 1e-3) + told["bias"]
    assert np.abs(shifted - told["deep"]).max() > 1000 * told["tolerance"]


def test_a_unit_that_is_switched_off_collapses_too(make: Any) -> None:
    trainer = make({**DEEP, "dataset": {"name": "plane", "samples": 60}})
    trainer.apply_edits({"units": [{"layer": 1, "unit": 2, "action": "off"}]})
    assert look(trainer)["equal"]


def test_step_outputs_are_compared_before_the_step(make: Any) -> None:
    trainer = make({"dataset": {"name": "gate_and"}, "layers": [], "optimizer": {"name": "perceptron"}})
    trainer.advance(20)
    told = look(trainer)
    assert told["compared"] == "weighted sums" and told["equal"]


def test_large_matrices_are_not_listed(make: Any) -> None:
    layers = [{"units": units, "activation": "linear"} for units in (600, 3)]
    told = look(make({"layers": layers}))
    assert told["layers"][0]["weights"] is None and told["layers"][0]["lecture_shape"] == [600, 2]
    assert told["weights"].shape == (2, 1)
