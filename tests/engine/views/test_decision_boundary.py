"""Decision boundary: outputs at the grid points against sums of products."""

import json
import math
from typing import Any

import numpy as np
import pytest

from engine.queries import weights
from engine.training.trainer import Trainer
from engine.views import VIEWS, decision_boundary


def test_values_are_the_outputs_at_every_grid_point(
    trained: Trainer, compute_view: Any, layer_values: Any, preprocess: Any
) -> None:
    result = compute_view(trained, "decision_boundary", resolution=5)
    scaling = weights(trained.checkpoint(), trained.data)["preprocessing"]
    u = np.linspace(*result["x"], 5)
    if result["projected"]:
        raw = trained.data.train.raw
        mean, scale = raw.mean(axis=0), raw.std(axis=0)
        covariance = np.cov(((raw - mean) / scale).T)
        vectors = np.linalg.eigh(covariance)[1][:, ::-1][:, :2].T
        vectors *= np.sign(vectors[np.arange(2), np.abs(vectors).argmax(axis=1)])[:, None]
        grid = [
            mean + scale * (x * vectors[0] + y * vectors[1]) for y in np.linspace(*result["y"], 5) for x in u
        ]
        assert result["points"]["train"] == pytest.approx((raw - mean) / scale @ vectors.T, abs=1e-5)
    elif len(result["axes"]) == 1:
        grid = [[x] for x in u]
    else:
        grid = [[x, y] for y in np.linspace(*result["y"], 5) for x in u]
    outputs = layer_values(trained, preprocess(trained, np.array(grid)))[-1][1]
    if trained.data.task == "regression":
        outputs = outputs * scaling["target_scale"] + scaling["target_mean"]
    rows = 1 if len(result["axes"]) == 1 else 5
    assert result["values"] == pytest.approx(outputs.T.reshape(-1, rows, 5), abs=1e-5)


def test_values_of_a_unit_are_its_activations(
    make: Any, compute_view: Any, layer_values: Any, preprocess: Any
) -> None:
    trainer = make(layers=[{"units": 4}, {"units": 3}], features=["x1", "x1*x2", "sin(x1)"], dtype="float64")
    result = compute_view(trainer, "decision_boundary", resolution=4, layer=1, unit=2)
    u = np.linspace(-6, 6, 4)
    grid = np.array([[x, y] for y in u for x in u])
    expected = layer_values(trainer, preprocess(trainer, grid))[1][1][:, 2]
    assert result["values"] == pytest.approx(expected.reshape(1, 4, 4), abs=1e-6)


def test_two_selected_axes_fix_the_other_inputs_at_their_mean(
    make: Any, compute_view: Any, layer_values: Any, preprocess: Any
) -> None:
    trainer = make(dataset={"name": "iris"}, dtype="float64")
    names = trainer.data.inputs
    result = compute_view(trainer, "decision_boundary", resolution=3, axes=f"{names[2]},{names[0]}")
    raw = np.tile(trainer.data.train.raw.mean(axis=0), (9, 1))
    raw[:, 2], raw[:, 0] = (
        np.tile(np.linspace(*result["x"], 3), 3),
        np.repeat(np.linspace(*result["y"], 3), 3),
    )
    expected = layer_values(trainer, preprocess(trainer, raw))[-1][1]
    assert result["axes"] == [names[2], names[0]]
    assert result["values"] == pytest.approx(expected.T.reshape(3, 3, 3), abs=1e-5)


def test_inputs_that_are_not_axes_can_be_fixed_at_values(
    make: Any, compute_view: Any, layer_values: Any, preprocess: Any
) -> None:
    trainer = make(dataset={"name": "iris"}, dtype="float64")
    names, mean = trainer.data.inputs, trainer.data.train.raw.mean(axis=0)
    options = {"axes": json.dumps([names[3], names[0]]), "held": json.dumps({names[1]: 2.5})}
    result = compute_view(trainer, "decision_boundary", resolution=3, **options)
    assert result["held"] == {names[1]: 2.5, names[2]: pytest.approx(mean[2])}
    grid = [[y, 2.5, mean[2], x] for y in np.linspace(*result["y"], 3) for x in np.linspace(*result["x"], 3)]
    expected = layer_values(trainer, preprocess(trainer, np.array(grid)))[-1][1]
    assert result["values"] == pytest.approx(expected.T.reshape(3, 3, 3), abs=1e-5)
    other = compute_view(
        trainer, "decision_boundary", resolution=3, axes=options["axes"], held=json.dumps({names[1]: 4.5})
    )
    assert np.abs(result["values"] - other["values"]).max() > 1e-3  # the grid is not that of the other value


def test_a_large_network_is_computed_in_chunks_with_the_same_result(
    trained: Trainer, monkeypatch: pytest.MonkeyPatch, compute_view: Any
) -> None:
    expected, view = compute_view(trained, "decision_boundary", resolution=20), VIEWS["decision_boundary"]
    monkeypatch.setattr(decision_boundary, "CHUNK_PRODUCTS", 7.0 * trained.network.size)
    slices = view.slices(trained.checkpoint(), trained.data, view.parse({"resolution": 20}))
    progress = []
    with pytest.raises(StopIteration) as stop:
        while True:
            progress.append(next(slices))
    assert len(progress) == math.ceil(expected["values"][0].size / 7) and progress == sorted(progress)
    assert stop.value.value["values"] == pytest.approx(expected["values"], abs=1e-12)


def test_the_small_map_of_a_grid_has_the_values_of_the_large_one(make, compute_view):
    trainer = make()
    trainer.advance(20)
    small, large = (
        compute_view(trainer, "boundary_grid"),
        compute_view(trainer, "decision_boundary", resolution=48),
    )
    assert np.array_equal(small["values"], large["values"])
    assert {name: small[name] for name in ("axes", "threshold", "low", "high")} == {
        name: large[name] for name in ("axes", "threshold", "low", "high")
    }
