"""Metrics compared with scikit-learn, undefined metrics, and outputs that are NaN."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from engine.metrics import METRICS, UNDECIDED, decide, measure, measure_each

RNG = np.random.default_rng(5)


def names(count):
    return [str(index) for index in range(count)]


def metrics_of(task):
    return {name for name, metric in METRICS.items() if task in metric.applies_to}


def data_of(task, outputs, low=0.0, high=1.0, mean=0.0, scale=1.0):
    return SimpleNamespace(
        task=task, outputs=outputs, target_low=low, target_high=high,
        target_mean=np.full(outputs, mean), target_scale=np.full(outputs, scale),
    )  # fmt: skip


def expected_classification(truth, predicted, average):
    precision, recall, f1, _ = reference.precision_recall_fscore_support(
        truth, predicted, average=average, zero_division=0
    )
    return {"precision": precision, "recall": recall, "f1": f1}


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=60))
def test_binary_metrics_describe_the_positive_class(rows):
    truth, predicted = np.array(rows).T
    expected = {
        "accuracy": reference.accuracy_score(truth, predicted),
        **expected_classification(truth, predicted, "binary"),
    }
    assert measure("binary", truth, predicted, names(2)) == pytest.approx(expected)
    assert measure("binary", 1 - truth, 1 - predicted, names(2), 0) == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_multiclass_metrics_are_means_over_the_classes_that_occur(rows):
    truth, predicted = np.array(rows).T
    expected = {
        "accuracy": reference.accuracy_score(truth, predicted),
        **expected_classification(truth, predicted, "macro"),
    }
    assert measure("multiclass", truth, predicted, names(5)) == pytest.approx(expected)


@given(st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), min_size=1, max_size=40))
def test_multilabel_metrics_equal_those_of_scikit_learn(rows):
    truth, predicted = np.array(rows)[:, :3], np.array(rows)[:, 3:]
    expected = {
        "subset_accuracy": reference.accuracy_score(truth, predicted),
        "hamming_loss": reference.hamming_loss(truth, predicted),
        **expected_classification(truth, predicted, "macro"),
    }
    assert measure("multilabel", truth, predicted, names(3)) == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(200,), (1,), (200, 3)])
def test_regression_metrics_are_in_the_unit_of_the_targets(shape):
    truth, noise = RNG.normal(3, 10, shape), RNG.normal(0, 4, shape)
    result = measure("regression", truth, truth + noise, None)
    assert result["rmse"] == pytest.approx(math.sqrt(reference.mean_squared_error(truth, truth + noise)))
    assert result["mae"] == pytest.approx(reference.mean_absolute_error(truth, truth + noise))
    if len(truth) > 1:
        assert result["r2"] == pytest.approx(reference.r2_score(truth, truth + noise))


@pytest.mark.parametrize(("offset", "r2"), [(0.0, 1.0), (0.5, 0.0)])
def test_r2_of_a_constant_target_is_1_without_error_and_0_with_error(offset, r2):
    truth = np.full(10, 7.0)
    assert measure("regression", truth, truth + offset, None)["r2"] == r2
    assert reference.r2_score(truth, truth + offset) == r2


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass", "multilabel"])
def test_the_measured_metrics_are_those_of_the_catalogue(task):
    truth = np.zeros((4, 2) if task == "multilabel" else 4, dtype=float if task == "regression" else int)
    result = measure(task, truth, truth, names(2))
    assert set(result) == metrics_of(task)
    assert all(type(value) is float for value in result.values())


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_applies_to_some_task(name):
    assert METRICS[name].applies_to


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass", "multilabel"])
def test_an_empty_part_has_no_metrics(task):
    empty = np.zeros((0, 3) if task == "multilabel" else 0, dtype=int)
    assert measure(task, empty, empty, names(3)) == {}


def test_undefined_metrics_of_a_single_class_are_0():
    zeros = np.zeros(5, dtype=int)
    result = measure("binary", zeros, zeros, names(2))
    assert result == {"accuracy": 1.0, "precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert measure("multiclass", zeros, zeros, names(3))["f1"] == 1.0


@pytest.mark.parametrize("output", [math.nan, math.inf, -math.inf])
def test_regression_metrics_of_outputs_that_are_not_finite_are_not_finite(output):
    truth = np.arange(4.0)
    predicted = decide(data_of("regression", 1), np.array([[0.0], [output], [2.0], [3.0]]))
    result = measure("regression", truth, predicted, None)
    assert not any(math.isfinite(value) for value in result.values())


def test_regression_predictions_are_in_the_unit_of_the_targets():
    outputs = np.array([[0.0], [2.0]])
    assert decide(data_of("regression", 1, mean=10, scale=3), outputs).tolist() == [10, 16]
    assert decide(data_of("regression", 2, mean=10, scale=3), np.ones((4, 2))).shape == (4, 2)


@pytest.mark.parametrize(
    ("low", "outputs", "classes"),
    [(0.0, [0.2, 0.5, 0.9], [0, 1, 1]), (-1.0, [-0.2, 0.0, 0.4], [0, 1, 1])],
)
def test_binary_predicts_class_1_from_the_mean_of_the_target_values(low, outputs, classes):
    assert decide(data_of("binary", 1, low=low), np.array(outputs)[:, None]).tolist() == classes


def test_multiclass_predicts_the_first_class_with_the_largest_output():
    outputs = np.array([[0.1, 0.7, 0.2], [0.4, 0.4, 0.2]])
    assert decide(data_of("multiclass", 3), outputs).tolist() == [1, 0]


def test_multilabel_predicts_every_label_independently():
    outputs = np.array([[0.6, 0.4], [0.5, 0.0]])
    assert decide(data_of("multilabel", 2), outputs).tolist() == [[1, 0], [1, 0]]


@pytest.mark.parametrize(("task", "outputs"), [("binary", 1), ("multiclass", 3), ("multilabel", 2)])
def test_a_nan_output_is_undecided_and_counts_as_wrong(task, outputs):
    predicted = decide(data_of(task, outputs), np.full((6, outputs), math.nan))
    assert (predicted == UNDECIDED).all()
    truth = np.zeros((6, outputs) if task == "multilabel" else 6, dtype=int)
    result = measure(task, truth, predicted, names(max(outputs, 2)))
    assert result.get("accuracy", result.get("subset_accuracy")) == 0
    assert result["recall"] == result["precision"] == 0


def test_infinite_outputs_give_predictions():
    assert decide(data_of("binary", 1), np.array([[math.inf], [-math.inf]])).tolist() == [1, 0]
    assert decide(data_of("multiclass", 2), np.array([[0.0, math.inf]])).tolist() == [1]


def test_outputs_in_single_precision_give_predictions():
    assert decide(data_of("binary", 1), np.array([[0.75]], dtype=np.float32)).tolist() == [1]


@pytest.mark.parametrize(
    ("task", "k", "positive"), [("binary", 2, 1), ("binary", 2, 0), ("multiclass", 4, 1)]
)
@pytest.mark.parametrize("count", [1, 7])
def test_predicted_classes_of_several_networks_are_measured_like_each_of_them(task, k, positive, count):
    truth, predicted = RNG.integers(0, k, 30), RNG.integers(UNDECIDED, k, (count, 30))
    each = [measure(task, truth, row, names(k), positive) for row in predicted]
    assert measure_each(task, truth, predicted, names(k), positive) == each


@pytest.mark.parametrize("task", ["multilabel", "regression"])
def test_labels_and_values_of_several_networks_are_measured_like_each_of_them(task):
    truth, predicted = RNG.integers(0, 2, (30, 3)), RNG.integers(0, 2, (5, 30, 3))
    each = [measure(task, truth, rows, None) for rows in predicted]
    assert measure_each(task, truth, predicted, None) == each
    assert measure_each(task, truth[:0], predicted[:, :0], None) == [{}] * 5
