"""Ends: distances and disagreements of trained networks, and the loss between them."""

from typing import Any

import numpy as np
import pytest

from engine.config.errors import ConfigError
from engine.datasets import Data
from engine.metrics import decide
from engine.minima.between import line, map_of, principal_plane
from engine.minima.ends import Ends, disagreements, distances, ends_of, predictions
from engine.minima.normal_form import normal_form
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views.view import result_of


def trained(**changes: Any) -> tuple[Checkpoint, Data]:
    config = parse(
        {
            "dataset": {"name": "circle", "samples": 60},
            "layers": [{"units": 3, "activation": "tanh"}],
            "dtype": "float64",
            **changes,
        }
    )
    data = load_data(config)
    found = trainer(config, data)
    found.advance(40)
    return found.checkpoint(), data


def ends(count: int, **changes: Any) -> Ends:
    return ends_of(*zip(*(trained(seed=seed, **changes) for seed in range(count)), strict=True))


@pytest.fixture(scope="module")
def four() -> Ends:
    return ends(4)


def test_distances_are_symmetric_and_those_of_a_network_to_itself_in_another_order_are_zero(
    four: Ends,
) -> None:
    found = result_of(distances(four))
    np.testing.assert_array_equal(found, found.T)
    assert (found[~np.eye(4, dtype=bool)] > 0.1).all()
    checkpoint, data = four.checkpoints[0], four.data[0]
    layer, following = checkpoint.network.layers
    theta, order = checkpoint.theta.copy(), [2, 0, 1]
    layer.matrix(theta)[:] = -layer.matrix(theta)[:, order]
    following.weights(theta)[:] = -following.weights(theta)[order]
    thetas = np.stack([four.thetas[0], normal_form(checkpoint.network, theta)])
    same = Ends([checkpoint, checkpoint], [data, data], thetas)
    assert np.linalg.norm(thetas[1] - thetas[0]) > 0.1
    np.testing.assert_allclose(result_of(distances(same)), 0, atol=1e-12)


@pytest.mark.parametrize("dataset", ["circle", "blobs", "discs", "sine", "multi_gauss"])
def test_disagreements_are_those_of_the_predictions_row_by_row(dataset: str) -> None:
    found = ends(2, dataset={"name": dataset, "samples": 60})
    data = found.data[0]
    first, second = (
        decide(data, outputs(each.network, each.theta, data.test.inputs).T) for each in found.checkpoints
    )
    pairs = list(zip(first.ravel().tolist(), second.ravel().tolist(), strict=True))
    expected = (
        (sum((a - b) ** 2 for a, b in pairs) / len(pairs)) ** 0.5
        if data.task == "regression"
        else sum(a != b for a, b in pairs) / len(pairs)
    )
    compared = disagreements(data.task, result_of(predictions(found)))
    np.testing.assert_allclose(compared, [[0, expected], [expected, 0]], rtol=1e-9)


def test_members_with_other_data_predict_the_same_rows_standardised_as_in_their_training() -> None:
    parts = [
        trained(dataset={"name": "circle", "samples": 60, "seed": seed, "standardize": True})
        for seed in (0, 1)
    ]
    found = ends_of(*zip(*parts, strict=True))
    (first, data), (second, other) = parts
    raw = data.test.raw
    expected = [
        decide(data, outputs(first.network, first.theta, (raw - data.feature_mean) / data.feature_scale).T),
        decide(
            other, outputs(second.network, second.theta, (raw - other.feature_mean) / other.feature_scale).T
        ),
    ]
    assert not found.has_same_data
    np.testing.assert_array_equal(result_of(predictions(found)), expected)


def test_networks_of_different_shape_are_refused_with_both_shapes() -> None:
    parts = [trained(), trained(layers=[{"units": 4, "activation": "tanh"}])]
    with pytest.raises(ConfigError) as error:
        ends_of(*zip(*parts, strict=True))
    assert error.value.field == "runs" and "4 tanh" in error.value.given and "3 tanh" in error.value.limit


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_the_line_goes_from_the_loss_of_one_end_to_that_of_the_other_and_is_shorter_aligned(
    activation: str,
) -> None:
    found = ends(2, layers=[{"units": 3, "activation": activation}, {"units": 2, "activation": activation}])
    losses = [
        trainer(each.config, data, each).measure()["train_loss"]
        for each, data in zip(found.checkpoints, found.data, strict=True)
    ]
    drawn = result_of(line(found, 11))
    for values in (drawn.loss, drawn.unaligned):
        np.testing.assert_allclose(values[[0, -1]], losses, rtol=1e-9)
    assert drawn.values.tolist() == np.linspace(0, 1, 11).tolist()
    assert drawn.distance == pytest.approx(result_of(distances(found))[0, 1])


def test_the_map_has_the_ends_of_three_trainings_in_its_plane_at_their_losses() -> None:
    found = ends(3)
    drawn = result_of(map_of(found, 9))
    np.testing.assert_allclose(drawn.beside, 0, atol=1e-9)
    assert sum(drawn.explained) == pytest.approx(1)
    expected = result_of(distances(found))[0]
    np.testing.assert_allclose(
        np.linalg.norm(drawn.positions - drawn.positions[0], axis=1), expected, atol=1e-9
    )
    assert drawn.loss.shape == (9, 9) and (drawn.x[0] < drawn.positions[:, 0]).all()
    for index in range(2):
        np.testing.assert_allclose(drawn.losses[[0, index + 1]], result_of(
            line(ends_of([found.checkpoints[0], found.checkpoints[index + 1]], found.data[:2]), 3)
        ).loss[[0, -1]])  # fmt: skip


def test_ends_on_a_line_determine_no_map(four: Ends) -> None:
    steps = np.outer([-1.0, 0.0, 1.0], four.thetas[0])
    assert principal_plane(steps) is None
    same = ends_of([four.checkpoints[0]] * 3, [four.data[0]] * 3)
    assert result_of(map_of(same, 9)) is None


def test_the_plane_is_that_of_the_first_two_principal_components() -> None:
    differences = np.random.default_rng(1).normal(size=(7, 30))
    differences -= differences.mean(axis=0)
    directions, explained = principal_plane(differences)
    singular, rows = np.linalg.svd(differences)[1:]
    np.testing.assert_allclose(np.abs(directions @ rows[:2].T), np.eye(2), atol=1e-10)
    np.testing.assert_allclose(explained, (singular**2 / (singular**2).sum())[:2])
