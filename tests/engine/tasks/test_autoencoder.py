"""The denoising autoencoder: its rows, its fold, the filters it competes with and its two views."""

from typing import Any

import numpy as np
import pytest
from scipy.signal import savgol_filter

from engine.analysis.filters import (
    interpolate_gaps,
    moving_average,
    savitzky_golay,
    signal_to_noise,
    tuned_filters,
)
from engine.config.autoencoder import CorruptionConfig
from engine.config.errors import ConfigError
from engine.datasets import DATASETS
from engine.datasets.generators.light_curves import TIMES, eclipsing_binary, rr_lyrae, transit
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


# ---- rows


def test_targets_are_the_undisturbed_inputs_of_the_same_rows() -> None:
    made = start()
    data, plain = made.data, load_data(parse({"dataset": SMALL["dataset"]}))
    assert problem(made.config).outputs == 64 == data.outputs
    for part, known in ((data.train, plain.train), (data.test, plain.test)):
        np.testing.assert_array_equal(part.raw, known.raw)
        np.testing.assert_allclose(part.targets, (part.raw - data.feature_mean) / data.feature_scale)
        np.testing.assert_allclose(part.truth, part.raw)
        np.testing.assert_array_equal(part.labels, known.truth)
        assert (part.inputs != part.targets).mean() > 0.9


def test_noise_has_the_asked_spread_and_a_gap_is_one_piece_of_the_row() -> None:
    clean = np.full((4000, 20), 3.0)
    disturbed, lost = corrupt(clean, CorruptionConfig(noise=0.5, missing=0.2), np.random.default_rng(1))
    assert (lost.sum(axis=1) == 4).all()
    assert (disturbed[lost] == 0).all()
    turns = (lost != np.roll(lost, 1, axis=1)).sum(axis=1)
    assert (turns == 2).all()
    assert disturbed[~lost].mean() == pytest.approx(3, abs=0.01)
    assert disturbed[~lost].std() == pytest.approx(0.5, abs=0.01)


def test_scattered_losses_are_independent_of_each_other() -> None:
    how = CorruptionConfig(noise=0, missing=0.3, pattern="scattered")
    disturbed, lost = corrupt(np.ones((4000, 20)), how, np.random.default_rng(1))
    assert lost.mean() == pytest.approx(0.3, abs=0.01)
    assert np.corrcoef(lost[:, :-1].ravel(), lost[:, 1:].ravel())[0, 1] == pytest.approx(0, abs=0.02)
    np.testing.assert_array_equal(disturbed, ~lost)


@pytest.mark.parametrize("dataset", ["digits", "wine", "iris", "circle"])
def test_every_data_set_with_several_inputs_can_be_given_back(dataset: str) -> None:
    made = start(dataset={"name": dataset}, layers=[{"units": 2}], epochs=3)
    assert made.advance(10**6).ended[0] == "finished"
    assert made.measure()["test_loss"] < made.data.outputs * 2
    assert set(made.measure()["metrics"]) >= {"test_rmse", "test_mae", "test_r2"}


def test_one_input_is_too_few() -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"paradigm": "autoencoder", "dataset": {"name": "sine"}})
    assert caught.value.field == "features"


def test_a_network_without_a_narrow_layer_is_warned_about() -> None:
    config = parse({**SMALL, "layers": [{"units": 64}]})
    assert [each["field"] for each in warnings(config)] == ["layers.0.units"]
    assert warnings(parse(SMALL)) == []


# ---- the fold


def test_every_epoch_sees_its_rows_disturbed_afresh() -> None:
    made = start()
    made.arrange()
    first = made.stepper.batches.inputs.copy()
    made.advance(made.epoch_steps())
    made.arrange()
    second = made.stepper.batches.inputs
    assert (first[:, :-1] != second[:, :-1]).mean() > 0.5
    again = generator(made.config, TRAINING, 1)
    expected, _ = corrupt(made.data.train.targets, made.config.corruption, again)
    np.testing.assert_array_equal(second[:, :-1], expected.astype(np.float32))


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5, 9])
def test_a_training_goes_on_with_the_same_bits_from_the_middle_of_an_epoch(cut: int) -> None:
    whole, part = start(layers=[{"units": 3, "dropout": 0.2}]), start(layers=[{"units": 3, "dropout": 0.2}])
    whole.advance(23)
    part.advance(cut)
    restored = Checkpoint.from_bytes(part.checkpoint().to_bytes())
    resumed = trainer(restored.config, part.data, restored)
    resumed.advance(23 - cut)
    assert resumed.checkpoint().to_bytes() == whole.checkpoint().to_bytes()


def test_the_loss_is_that_of_the_fixed_disturbed_rows() -> None:
    made = start()
    made.advance(40)
    part = made.data.test
    found = outputs(made.network, made.state.theta, part.inputs.astype(np.float32)).T
    expected = ((found - part.targets) ** 2).sum(axis=1).mean()
    assert made.measure()["test_loss"] == pytest.approx(expected, rel=1e-4)


def test_a_row_of_ones_own_is_given_back_in_the_data_s_units() -> None:
    made = start(dataset={"name": "digits"}, layers=[{"units": 3}])
    made.advance(20)
    raw = made.data.test.raw[:2]
    answer = predict(made.checkpoint(), made.data, raw.tolist())
    seen = made.data.transform(raw).astype(np.float32)
    found = outputs(made.network, made.state.theta, seen).T * made.data.feature_scale + made.data.feature_mean
    np.testing.assert_allclose(answer["outputs"], found, rtol=1e-5, atol=1e-5)


# ---- filters


@pytest.mark.parametrize(("window", "degree"), [(5, 2), (7, 3), (15, 2), (31, 3)])
def test_savitzky_golay_is_scipy_s(window: int, degree: int) -> None:
    rows = np.random.default_rng(3).standard_normal((4, 64))
    expected = savgol_filter(rows, window, degree, axis=1, mode="interp")
    np.testing.assert_allclose(savitzky_golay(64, window, degree).apply(rows), expected, atol=1e-10)


def test_a_moving_average_is_the_mean_of_its_neighbours() -> None:
    row = np.random.default_rng(3).standard_normal((1, 20))
    smooth = moving_average(20, 5).apply(row)[0]
    assert smooth[9] == pytest.approx(row[0, 7:12].mean())
    assert smooth[1] == pytest.approx(row[0, :3].mean())
    assert smooth[0] == row[0, 0]


def test_the_tuned_filters_are_the_best_of_their_kind_on_these_rows() -> None:
    rng = np.random.default_rng(5)
    clean = np.sin(2 * np.pi * (np.arange(64) / 32 + rng.random((50, 1))))
    noisy = clean + 0.5 * rng.standard_normal(clean.shape)
    average, polynomial = tuned_filters(noisy, clean)
    for window in range(3, 32, 2):
        least = ((average.apply(noisy) - clean) ** 2).sum()
        assert least <= ((moving_average(64, window).apply(noisy) - clean) ** 2).sum()
        if window > 3:
            other = savgol_filter(noisy, window, 2, axis=1)
            assert ((polynomial.apply(noisy) - clean) ** 2).sum() <= ((other - clean) ** 2).sum() + 1e-9


def test_lost_steps_are_bridged_by_straight_lines() -> None:
    rows = np.array([[0.0, 1.0, 99.0, 99.0, 4.0, 99.0]])
    lost = np.array([[False, False, True, True, False, True]])
    np.testing.assert_allclose(interpolate_gaps(rows, lost), [[0, 1, 2, 3, 4, 4]])


def test_signal_to_noise_is_ten_decibels_for_a_tenth_of_the_power() -> None:
    clean = np.tile([1.0, -1.0], (3, 10)) + 5
    assert signal_to_noise(clean, clean + np.sqrt(0.1)) == pytest.approx(10)


# ---- views


def test_the_view_shows_the_rows_as_the_network_sees_and_answers_them() -> None:
    made = start()
    made.advance(30)
    view, data = VIEWS["reconstruction"], made.data
    answer = view.compute(made.checkpoint(), data, view.parse({"first": 4, "count": 2}))
    for name, part in (("train", data.train), ("test", data.test)):
        rows, found = (
            answer["rows"][name],
            outputs(made.network, made.state.theta, part.inputs.astype("f4")).T,
        )
        found = found * data.feature_scale + data.feature_mean
        np.testing.assert_allclose(rows["clean"], part.raw[4:6], rtol=1e-5)
        np.testing.assert_allclose(rows["reconstructed"], found[4:6], rtol=1e-4, atol=1e-5)
        noisy = part.inputs * data.feature_scale + data.feature_mean
        np.testing.assert_allclose(rows["noisy"], noisy[4:6], rtol=1e-4, atol=1e-5)
        errors, spread = ((found - part.raw) ** 2).sum(), part.raw - part.raw.mean(axis=1, keepdims=True)
        assert answer["snr"][name]["after"] == pytest.approx(
            10 * np.log10((spread**2).sum() / errors), abs=1e-3
        )
        assert rows["kinds"] == [data.classes[kind] for kind in part.labels[4:6]]


def test_the_filters_of_the_view_are_given_bridged_rows_and_tuned_on_the_training_part() -> None:
    made = start()
    view, data, how = VIEWS["reconstruction"], made.data, made.config.corruption
    answer = view.compute(made.checkpoint(), data, view.parse({}))
    disturbed, lost = corrupt(data.test.targets, how, generator(made.config, EVALUATION, 2))
    rows = interpolate_gaps(disturbed * data.feature_scale + data.feature_mean, lost)
    told = answer["filters"][1]
    smooth = savgol_filter(rows, told["window"], told["degree"], axis=1)
    expected = signal_to_noise(data.test.truth, smooth)
    assert answer["snr"]["test"]["Savitzky-Golay"] == pytest.approx(expected, abs=1e-6)
    np.testing.assert_array_equal(answer["rows"]["test"]["lost"], lost[:3])


def test_pictures_have_no_filters_but_a_shape() -> None:
    made = start(dataset={"name": "digits"}, layers=[{"units": 3}])
    answer = VIEWS["reconstruction"].compute(made.checkpoint(), made.data, {"first": 0, "count": 3})
    assert (answer["filters"], answer["image"], answer["series"]) == ([], [8, 8], False)


@pytest.mark.parametrize("units", [2, 3])
def test_a_narrow_bottleneck_is_drawn_as_it_is(units: int) -> None:
    made = start(layers=[{"units": 8}, {"units": units}, {"units": 8}])
    view = VIEWS["bottleneck"]
    answer = view.compute(made.checkpoint(), made.data, view.parse({}))
    codes = outputs(made.network, made.state.theta, made.data.test.inputs.astype("f4"), 1).T
    np.testing.assert_allclose(answer["codes"], codes, rtol=1e-5)
    assert (answer["projected"], answer["layer"], len(answer["axes"])) == (False, 1, units)
    np.testing.assert_array_equal(answer["kinds"], made.data.test.labels)


def test_a_wider_one_by_its_principal_components() -> None:
    made = start(layers=[{"units": 12}, {"units": 5}, {"units": 12}])
    made.advance(30)
    view = VIEWS["bottleneck"]
    answer = view.compute(made.checkpoint(), made.data, view.parse({}))
    codes = outputs(made.network, made.state.theta, made.data.test.inputs.astype("f4"), 1).T.astype(float)
    variances = np.sort(np.linalg.eigvalsh(np.cov(codes.T)))[::-1]
    np.testing.assert_allclose(answer["codes"].var(axis=0, ddof=1), variances[:3], rtol=1e-3)
    np.testing.assert_allclose(answer["explained"], variances[:3] / variances.sum(), rtol=1e-4)
    assert answer["projected"]


@pytest.mark.parametrize("name", ["decision_boundary", "results", "answer"])
def test_views_of_decisions_do_not_apply(name: str) -> None:
    assert "reconstruction" not in VIEWS[name].applies_to


# ---- stars


def test_an_eclipse_is_deepest_at_the_epoch_and_half_a_period_later_the_other() -> None:
    one = [np.array([value]) for value in (1.0, 0.25, 0.4, 0.5, 0.05)]
    flux = eclipsing_binary(*one)[0]
    assert flux[16] == pytest.approx(1 - 0.4, abs=1e-9)
    assert flux[48] == pytest.approx(1 - 0.2, abs=1e-9)
    assert flux[16 + 3] == pytest.approx(1 - 0.4 * np.exp(1 - np.cosh(3 / 64 / 0.05)), abs=1e-9)


def test_a_pulsating_star_rises_faster_than_it_declines() -> None:
    flux = rr_lyrae(np.array([1.0]), np.array([0.5]), np.array([0.2]))[0]
    peak, trough = flux.argmax(), flux.argmin()
    assert (peak - trough) % 64 < 16
    assert TIMES[trough] < 0.5 < TIMES[peak]


def test_a_transit_s_depth_is_the_covered_light_and_it_lasts_as_long_as_it_says() -> None:
    k, duration = 0.1, 0.25
    one = [np.array([value]) for value in (1.0, 0.5, k, duration, 0.0)]
    flux = transit(*one)[0]
    assert 1 - flux[32] == pytest.approx(k**2 / (1 - 0.4 / 3))
    outside = np.abs(TIMES - 0.5) > duration / 2 + 1e-9
    assert (flux[outside] == 1).all()
    assert (flux[~outside][1:-1] < 1).all()


def test_noise_moves_the_same_curves() -> None:
    from engine.datasets import Options

    make = DATASETS["light_curves"].make
    quiet, kinds = make(Options(30, 0.0), np.random.default_rng(4))
    loud, same = make(Options(30, 0.3), np.random.default_rng(4))
    np.testing.assert_array_equal(kinds, same)
    assert (loud - quiet).std() == pytest.approx(0.3, abs=0.03)
    assert np.bincount(kinds).tolist() == [10, 10, 10]
