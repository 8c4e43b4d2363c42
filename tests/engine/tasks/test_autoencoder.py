"""Denoising autoencoder: corruption, training, predictions, and its two views."""

from typing import Any

import numpy as np
import pytest
from scipy.signal import savgol_filter
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from engine.analysis.filters import interpolate_gaps, signal_to_noise
from engine.config.autoencoder import CorruptionConfig
from engine.config.errors import ConfigError
from engine.queries import predict
from engine.tasks.corruption import EVALUATION, TRAINING, corrupt, generator
from engine.tasks.paradigms import load_data, problem
from engine.tasks.resolve import parse, warnings
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint
from engine.training.compiled.forward import outputs
from engine.views import VIEWS

SMALL: dict[str, Any] = {
    "paradigm": "autoencoder",
    "dataset": {"name": "light_curves", "samples": 90, "test_fraction": 0.3},
    "layers": [{"units": 12}, {"units": 4}, {"units": 12}],
    "batch_size": 16,
}


def start(**changes: Any) -> Any:
    config = parse({**SMALL, **changes})
    return trainer(config, load_data(config))


def test_targets_are_the_clean_inputs_of_the_same_rows() -> None:
    training = start()
    data, supervised = training.data, load_data(parse({"dataset": SMALL["dataset"]}))
    assert problem(training.config).outputs == 64 == data.outputs
    for part, original in ((data.train, supervised.train), (data.test, supervised.test)):
        np.testing.assert_array_equal(part.raw, original.raw)
        np.testing.assert_allclose(part.targets, (part.raw - data.feature_mean) / data.feature_scale)
        np.testing.assert_allclose(part.truth, part.raw)
        np.testing.assert_array_equal(part.labels, original.truth)
        assert (part.inputs != part.targets).mean() > 0.9


def test_noise_has_the_configured_deviation_and_a_gap_is_contiguous() -> None:
    clean = np.full((4000, 20), 3.0)
    corrupted, missing = corrupt(clean, CorruptionConfig(noise=0.5, missing=0.2), np.random.default_rng(1))
    assert (missing.sum(axis=1) == 4).all()
    assert (corrupted[missing] == 0).all()
    boundaries = (missing != np.roll(missing, 1, axis=1)).sum(axis=1)
    assert (boundaries == 2).all()
    assert corrupted[~missing].mean() == pytest.approx(3, abs=0.01)
    assert corrupted[~missing].std() == pytest.approx(0.5, abs=0.01)


def test_scattered_missing_values_are_independent() -> None:
    corruption = CorruptionConfig(noise=0, missing=0.3, pattern="scattered")
    corrupted, missing = corrupt(np.ones((4000, 20)), corruption, np.random.default_rng(1))
    assert missing.mean() == pytest.approx(0.3, abs=0.01)
    assert np.corrcoef(missing[:, :-1].ravel(), missing[:, 1:].ravel())[0, 1] == pytest.approx(0, abs=0.02)
    np.testing.assert_array_equal(corrupted, ~missing)


@pytest.mark.parametrize("dataset", ["digits", "wine", "iris", "circle"])
def test_every_data_set_with_several_inputs_can_be_reconstructed(dataset: str) -> None:
    training = start(dataset={"name": dataset}, layers=[{"units": 2}], epochs=3)
    assert training.advance(10**6).ended[0] == "finished"
    assert training.measure()["test_loss"] < training.data.outputs * 2
    assert set(training.measure()["metrics"]) >= {"test_rmse", "test_mae", "test_r2"}


def test_a_data_set_with_one_input_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"paradigm": "autoencoder", "dataset": {"name": "sine"}})
    assert caught.value.field == "features"


def test_a_network_without_a_narrow_layer_gives_a_warning() -> None:
    config = parse({**SMALL, "layers": [{"units": 64}]})
    assert [warning["field"] for warning in warnings(config)] == ["layers.0.units"]
    assert warnings(parse(SMALL)) == []


def test_every_epoch_has_a_new_corruption_of_its_rows() -> None:
    training = start()
    training.arrange()
    first = training.stepper.batches.inputs.copy()
    training.advance(training.epoch_steps())
    training.arrange()
    second = training.stepper.batches.inputs
    assert (first[:, :-1] != second[:, :-1]).mean() > 0.5
    rng = generator(training.config, TRAINING, 1)
    expected, _ = corrupt(training.data.train.targets, training.config.corruption, rng)
    np.testing.assert_array_equal(second[:, :-1], expected.astype(np.float32))


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 9])
def test_a_training_resumed_within_an_epoch_gives_the_same_bits(steps: int) -> None:
    layers = [{"units": 3, "dropout": 0.2}]
    uninterrupted, interrupted = start(layers=layers), start(layers=layers)
    uninterrupted.advance(23)
    interrupted.advance(steps)
    restored = Checkpoint.from_bytes(interrupted.checkpoint().to_bytes())
    resumed = trainer(restored.config, interrupted.data, restored)
    resumed.advance(23 - steps)
    assert resumed.checkpoint().to_bytes() == uninterrupted.checkpoint().to_bytes()


def test_the_loss_is_computed_on_the_fixed_corrupted_rows() -> None:
    training = start()
    training.advance(40)
    part = training.data.test
    predicted = outputs(training.network, training.state.theta, part.inputs.astype(np.float32)).T
    expected = ((predicted - part.targets) ** 2).sum(axis=1).mean()
    assert training.measure()["test_loss"] == pytest.approx(expected, rel=1e-4)


def test_predictions_are_in_the_units_of_the_data() -> None:
    training = start(dataset={"name": "digits"}, layers=[{"units": 3}])
    training.advance(20)
    raw = training.data.test.raw[:2]
    answer = predict(training.checkpoint(), training.data, raw.tolist())
    inputs = training.data.transform(raw).astype(np.float32)
    predicted = (
        outputs(training.network, training.state.theta, inputs).T * training.data.feature_scale
        + training.data.feature_mean
    )
    np.testing.assert_allclose(answer["outputs"], predicted, rtol=1e-5, atol=1e-5)


def test_the_reconstruction_view_has_the_clean_noisy_and_reconstructed_rows() -> None:
    training = start()
    training.advance(30)
    view, data = VIEWS["reconstruction"], training.data
    answer = view.compute(training.checkpoint(), data, view.parse({"first": 4, "count": 2}))
    for name, part in (("train", data.train), ("test", data.test)):
        rows = answer["rows"][name]
        scaled = outputs(training.network, training.state.theta, part.inputs.astype("f4")).T
        predicted = scaled * data.feature_scale + data.feature_mean
        np.testing.assert_allclose(rows["clean"], part.raw[4:6], rtol=1e-5)
        np.testing.assert_allclose(rows["reconstructed"], predicted[4:6], rtol=1e-4, atol=1e-5)
        noisy = part.inputs * data.feature_scale + data.feature_mean
        np.testing.assert_allclose(rows["noisy"], noisy[4:6], rtol=1e-4, atol=1e-5)
        errors, deviation = (
            ((predicted - part.raw) ** 2).sum(),
            part.raw - part.raw.mean(axis=1, keepdims=True),
        )
        assert answer["snr"][name]["after"] == pytest.approx(
            10 * np.log10((deviation**2).sum() / errors), abs=1e-3
        )
        assert rows["kinds"] == [data.classes[label] for label in part.labels[4:6]]


def test_the_filters_of_the_view_smooth_interpolated_rows() -> None:
    training = start()
    view, data = VIEWS["reconstruction"], training.data
    answer = view.compute(training.checkpoint(), data, view.parse({}))
    rng = generator(training.config, EVALUATION, 2)
    corrupted, missing = corrupt(data.test.targets, training.config.corruption, rng)
    rows = interpolate_gaps(corrupted * data.feature_scale + data.feature_mean, missing)
    polynomial = answer["filters"][1]
    smooth = savgol_filter(rows, polynomial["window"], polynomial["degree"], axis=1)
    expected = signal_to_noise(data.test.truth, smooth)
    assert answer["snr"]["test"]["Savitzky-Golay"] == pytest.approx(expected, abs=1e-6)
    np.testing.assert_array_equal(answer["rows"]["test"]["lost"], missing[:3])


def test_images_have_a_shape_and_no_filters() -> None:
    training = start(dataset={"name": "digits"}, layers=[{"units": 3}])
    answer = VIEWS["reconstruction"].compute(training.checkpoint(), training.data, {"first": 0, "count": 3})
    assert (answer["filters"], answer["image"], answer["series"]) == ([], [8, 8], False)


@pytest.mark.parametrize("units", [2, 3])
def test_a_bottleneck_of_2_or_3_units_is_not_projected(units: int) -> None:
    training = start(layers=[{"units": 8}, {"units": units}, {"units": 8}])
    view = VIEWS["bottleneck"]
    answer = view.compute(training.checkpoint(), training.data, view.parse({}))
    codes = outputs(training.network, training.state.theta, training.data.test.inputs.astype("f4"), 1).T
    np.testing.assert_allclose(answer["codes"], codes, rtol=1e-5)
    assert (answer["projected"], answer["layer"], len(answer["axes"])) == (False, 1, units)
    np.testing.assert_array_equal(answer["kinds"], training.data.test.labels)


def test_a_wider_bottleneck_is_projected_to_its_principal_components() -> None:
    training = start(layers=[{"units": 12}, {"units": 5}, {"units": 12}])
    training.advance(30)
    view = VIEWS["bottleneck"]
    answer = view.compute(training.checkpoint(), training.data, view.parse({}))
    codes = outputs(
        training.network, training.state.theta, training.data.test.inputs.astype("f4"), 1
    ).T.astype(float)
    variances = np.sort(np.linalg.eigvalsh(np.cov(codes.T)))[::-1]
    np.testing.assert_allclose(answer["codes"].var(axis=0, ddof=1), variances[:3], rtol=1e-3)
    np.testing.assert_allclose(answer["explained"], variances[:3] / variances.sum(), rtol=1e-4)
    assert answer["projected"]


def test_neighbours_of_codes_are_compared_with_those_in_principal_components() -> None:
    training = start(layers=[{"units": 8}, {"units": 2}, {"units": 8}])
    view, data = VIEWS["bottleneck"], training.data
    answer = view.compute(training.checkpoint(), data, view.parse({}))
    reduced = PCA(2).fit(data.train.inputs).transform(data.test.inputs)
    for name, points in (("codes", answer["codes"]), ("components", reduced)):
        _, found = NearestNeighbors(n_neighbors=answer["neighbours"] + 1).fit(points).kneighbors(points)
        agreeing = data.test.labels[found[:, 1:]] == data.test.labels[:, None]
        assert answer["purity"][name] == pytest.approx(agreeing.mean(), abs=2e-3)  # equal distances


@pytest.mark.parametrize("name", ["decision_boundary", "results", "answer"])
def test_views_of_classes_do_not_apply_to_reconstruction(name: str) -> None:
    assert "reconstruction" not in VIEWS[name].applies_to
