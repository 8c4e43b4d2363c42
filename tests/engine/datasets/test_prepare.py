"""Prepared data: split, scaling, encoding and digest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import load, part_sizes
from engine.datasets.prepare import target_range
from engine.tasks.resolve import parse


@given(
    st.integers(10, 200_000),
    st.floats(0, 0.95, allow_subnormal=False),
    st.floats(0, 0.95, allow_subnormal=False),
)
def test_part_sizes_add_up_and_are_positive_where_the_fraction_is(samples, validation, test):
    train, n_validation, n_test = part_sizes(samples, validation, test)
    assert train + n_validation + n_test == samples and train >= 1
    assert (n_validation > 0) == (validation > 0) and (n_test > 0) == (test > 0)


@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [((500, 0, 0.5), (250, 0, 250)), ((150, 0.2, 0.3), (75, 30, 45)), ((10, 0, 0.001), (9, 0, 1))],
)
def test_part_sizes_are_rounded_fractions(arguments, sizes):
    assert part_sizes(*arguments) == sizes


def test_no_point_is_in_two_parts(dataset_config):
    data = load(dataset_config("gauss", validation_fraction=0.2, test_fraction=0.3))
    rows = np.concatenate([data.train.raw, data.validation.raw, data.test.raw])
    assert len(np.unique(rows, axis=0)) == len(rows) == 500


def test_rows_are_shuffled_so_that_every_part_has_every_class(dataset_config):
    data = load(dataset_config("blobs", validation_fraction=0.2, test_fraction=0.2))
    for part in (data.train, data.validation, data.test):
        assert set(part.truth) == {0, 1, 2}


@pytest.mark.parametrize("name", ["circle", "sine", "discs", "iris"])
def test_a_part_of_fraction_0_is_empty_and_has_all_columns(name, dataset_config):
    data = load(dataset_config(name, test_fraction=0))
    full = data.train
    for part in (data.validation, data.test):
        for name in ("raw", "inputs", "targets", "truth"):
            assert getattr(part, name).shape == (0, *getattr(full, name).shape[1:])


@pytest.mark.parametrize("name", ["gate_and", "gate_or", "gate_xor"])
@pytest.mark.parametrize("test_fraction", [0, 0.5])
def test_every_part_of_a_gate_has_all_four_rows(name, test_fraction, dataset_config):
    data = load(dataset_config(name, test_fraction=test_fraction))
    assert len(data.train) == len(data.test) == 4 and len(data.validation) == 0
    assert len(load(dataset_config(name, validation_fraction=0.1)).validation) == 4


@pytest.mark.parametrize("name", ["wine", "sine", "moons"])
def test_standardised_training_inputs_have_mean_0_and_deviation_1(name, dataset_config):
    data = load(dataset_config(name, standardize=True))
    assert np.allclose(data.train.inputs.mean(axis=0), 0, atol=1e-12)
    assert np.allclose(data.train.inputs.std(axis=0), 1)
    assert not np.allclose(
        data.test.inputs.mean(axis=0), 0, atol=1e-6
    )  # scaled by the statistics of the training part


def test_truth_tables_are_not_standardised_by_default():
    assert parse({"dataset": {"name": "swimming"}}).dataset.standardize is False
    assert parse({"dataset": {"name": "wine"}}).dataset.standardize is True


def test_features_are_computed_before_standardisation(dataset_config):
    data = load(dataset_config("gauss", standardize=True, features=["x1^2", "x1"]))
    square = data.train.raw[:, 0] ** 2
    assert np.allclose(data.train.inputs[:, 0], (square - square.mean()) / square.std())
    assert data.features == ["x1^2", "x1"]


def test_without_standardisation_the_inputs_are_the_coordinates(dataset_config):
    data = load(dataset_config("circle", standardize=False))
    assert np.array_equal(data.train.inputs, data.train.raw)
    assert data.feature_mean.tolist() == [0, 0] and data.feature_scale.tolist() == [1, 1]


def test_a_constant_column_has_scale_1_and_becomes_0(dataset_config):
    data = load(dataset_config("digits"))
    constant = data.train.raw.std(axis=0) == 0
    assert constant.any()
    assert (data.feature_scale[constant] == 1).all() and (data.train.inputs[:, constant] == 0).all()


@pytest.mark.parametrize("name", ["sine", "plane"])
def test_standardised_regression_targets_can_be_converted_back(name, dataset_config):
    data = load(dataset_config(name, standardize=True))
    assert data.train.targets.std() == pytest.approx(1) and data.train.targets.mean() == pytest.approx(
        0, abs=1e-12
    )
    restored = data.test.targets * data.target_scale + data.target_mean
    assert np.allclose(restored[:, 0], data.test.truth)


def test_class_targets_are_never_standardised(dataset_config):
    data = load(dataset_config("iris"))
    assert data.target_mean.tolist() == [0, 0, 0] and data.target_scale.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("loss", "output_activation", "low"),
    [
        ("hinge", "linear", -1), ("hinge", "sigmoid", -1), ("hinge", "tanh", -1),
        ("half_squared_error", "tanh", -1),
        ("mean_squared_error", "tanh", -1), ("huber", "tanh", -1), ("mean_absolute_error", "tanh", -1),
        ("binary_crossentropy", "tanh", 0), ("categorical_crossentropy", "tanh", 0),
        ("binary_crossentropy", "sigmoid", 0), ("half_squared_error", "sigmoid", 0),
        ("half_squared_error", "linear", 0), ("half_squared_error", "step", 0),
    ],
)  # fmt: skip
def test_targets_are_signed_for_hinge_and_for_tanh_outputs_without_crossentropy(loss, output_activation, low):
    assert target_range("binary", loss, output_activation) == (low, 1)
    assert target_range("regression", loss, output_activation) == (0, 1)


def test_binary_targets_are_one_column(dataset_config):
    data = load(dataset_config("circle", loss="hinge"))
    assert np.array_equal(data.train.targets[:, 0], np.where(data.train.truth == 1, 1.0, -1.0))


def test_multiclass_targets_are_one_hot(dataset_config):
    unsigned, signed = load(dataset_config("iris")), load(dataset_config("iris", output_activation="tanh"))
    assert np.array_equal(unsigned.train.targets, np.eye(3)[unsigned.train.truth])
    assert np.array_equal(signed.train.targets, 2 * np.eye(3)[signed.train.truth] - 1)


def test_multilabel_targets_are_the_labels(dataset_config):
    data = load(dataset_config("discs"))
    assert np.array_equal(data.train.targets, data.train.truth)


@pytest.mark.parametrize("name", ["circle", "wine", "sine"])
def test_transform_computes_the_same_inputs_as_prepare(name, dataset_config):
    data = load(dataset_config(name, standardize=True))
    assert np.array_equal(data.transform(data.test.raw), data.test.inputs)
    assert data.transform(data.test.raw[:0]).shape == (0, len(data.features))


@pytest.mark.parametrize(
    "changed",
    [{"seed": 1}, {"noise": 0.2}, {"samples": 400}, {"test_fraction": 0.4}, {"standardize": True},
     {"loss": "hinge"}, {"features": ["x1"]}, {"validation_fraction": 0.1}],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_other_data_have_another_digest(changed, dataset_config):
    assert load(dataset_config("spiral", **changed)).digest != load(dataset_config("spiral")).digest


def test_an_unused_setting_does_not_change_the_digest(dataset_config):
    digests = [load(dataset_config("wine", noise=noise)).digest for noise in (0, None)]
    assert digests[0] == digests[1] and len(digests[0]) == 64
