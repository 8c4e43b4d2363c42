"""Results: counts, curves and calibration of trained networks against scikit-learn."""

import math
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from engine.analysis.classification_scores import calibration, roc, sweep
from engine.config.errors import ConfigError
from engine.queries import predict
from engine.training.measured_points import Evaluator
from engine.training.trainer import Trainer
from engine.views import VIEWS

DATASETS = ["circle", "blobs", "discs", "iris", "digits", "wine"]


def trained(make: Any, name: str, steps: int = 20, **fields: Any) -> Trainer:
    trainer: Trainer = make({"dataset": {"name": name}, **fields})
    trainer.advance(steps)
    return trainer


def compute(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["results"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def outputs(trainer: Trainer) -> np.ndarray:
    """The outputs of the test points, from `predict`."""
    rows = trainer.data.test.raw.tolist()
    values: np.ndarray = predict(trainer.checkpoint(), trainer.data, rows)["outputs"]
    return values


def labels_of(trainer: Trainer) -> np.ndarray:
    """The true labels (n, curves) of each ROC curve."""
    data = trainer.data
    truth = data.test.truth
    if data.task == "multiclass":
        return np.stack([truth == index for index in range(data.outputs)], axis=1)
    return truth.reshape(len(truth), -1) == 1


@pytest.mark.parametrize("name", DATASETS)
def test_counts_are_those_of_scikit_learn(make: Any, name: str) -> None:
    trainer = trained(make, name)
    result, predicted, truth = compute(trainer), outputs(trainer), trainer.data.test.truth
    if trainer.data.task == "multilabel":
        for index, label in enumerate(result["confusion_labels"]):
            assert (label["counts"] == sk.confusion_matrix(truth[:, index], predicted[:, index] >= 0.5)).all()
        decided = (predicted >= 0.5).astype(int)
    else:
        decided = (
            predicted.argmax(axis=1)
            if trainer.data.task == "multiclass"
            else (predicted[:, 0] >= 0.5).astype(int)
        )
        labels = range(len(trainer.data.classes or []))
        assert (result["confusion"]["counts"] == sk.confusion_matrix(truth, decided, labels=labels)).all()
    scores = sk.precision_recall_fscore_support(truth, decided, zero_division=0)
    for index, row in enumerate(result["per_class"]):
        assert (row["precision"], row["recall"], row["f1"]) == pytest.approx(
            tuple(score[index] for score in scores[:3])
        )
        assert row["support"] == scores[3][index]
    assert sum(result["metrics"].values()) > 0


@pytest.mark.parametrize("name", DATASETS)
def test_roc_curves_are_those_of_scikit_learn(make: Any, name: str) -> None:
    trainer = trained(make, name)
    result, predicted, labels = compute(trainer)["roc"], outputs(trainer), labels_of(trainer)
    assert len(result) == labels.shape[1]
    for index, curve in enumerate(result):
        x, y, thresholds = sk.roc_curve(labels[:, index], predicted[:, index])
        assert curve["false_positive_rate"] == pytest.approx(x)
        assert curve["true_positive_rate"] == pytest.approx(y)
        assert curve["thresholds"] == pytest.approx(thresholds)
        assert curve["auc"] == pytest.approx(sk.roc_auc_score(labels[:, index], predicted[:, index]))


def test_roc_curves_with_ties_are_those_of_scikit_learn_and_a_missing_class_has_no_area() -> None:
    generator = np.random.default_rng(0)
    for _ in range(20):
        scores, labels = generator.integers(0, 6, 40) / 5, generator.integers(0, 2, 40)
        x, y, _ = sk.roc_curve(labels, scores)
        curve = roc(labels, scores)
        assert curve.false_positive_rate == pytest.approx(x) and curve.true_positive_rate == pytest.approx(y)
        assert curve.auc == pytest.approx(sk.roc_auc_score(labels, scores))
    assert math.isnan(roc(np.ones(5), np.arange(5.0)).auc)
    assert math.isnan(roc(np.array([0, 1, 1]), np.array([0.2, np.nan, 0.4])).auc)


@pytest.mark.parametrize("name", ["circle", "discs"])
def test_calibration_is_that_of_scikit_learn(make: Any, name: str) -> None:
    trainer = trained(make, name, 100)
    result, predicted, labels = compute(trainer)["calibration"], outputs(trainer), labels_of(trainer)
    for index, curve in enumerate(result):
        frequency, confidence = calibration_curve(labels[:, index], predicted[:, index], n_bins=10)
        full = curve["counts"] > 0
        assert curve["frequency"][full] == pytest.approx(frequency)
        assert curve["confidence"][full] == pytest.approx(confidence)
        gaps = np.abs(frequency - confidence) * curve["counts"][full] / curve["counts"].sum()
        assert curve["expected_calibration_error"] == pytest.approx(gaps.sum())


def test_the_calibration_of_classes_is_that_of_the_predicted_class(make: Any) -> None:
    trainer = trained(make, "iris", 40)
    (curve,), predicted = compute(trainer)["calibration"], outputs(trainer)
    error, bins = 0.0, [[] for _ in range(10)]  # type: list[list[tuple[float, bool]]]
    for row, target in zip(predicted, trainer.data.test.truth, strict=True):
        bins[min(9, int(10 * max(row)))].append((max(row), row.argmax() == target))
    for index, points in enumerate(bins):
        assert curve["counts"][index] == len(points)
        if points:
            confidence, accuracy = np.mean([p for p, _ in points]), np.mean([r for _, r in points])
            assert (
                curve["confidence"][index],
                curve["frequency"][index],
            ) == pytest.approx((confidence, accuracy))
            error += abs(confidence - accuracy) * len(points) / len(predicted)
    assert curve["expected_calibration_error"] == pytest.approx(error)
    assert math.isnan(calibration(np.ones(2), np.array([0.5, np.nan])).error)


def test_outputs_that_are_not_probabilities_have_a_reason_instead_of_a_calibration(make: Any) -> None:
    result = compute(trained(make, "circle", loss={"name": "hinge"}))
    assert result["calibration"] is None and result["calibration_code"] == "no_probabilities"
    assert result["threshold"] == 0.0


@pytest.mark.parametrize("name", ["circle", "discs"])
def test_precision_and_recall_of_every_threshold_are_those_of_scikit_learn(make: Any, name: str) -> None:
    trainer = trained(make, name)
    predicted, labels = outputs(trainer), labels_of(trainer)
    for index, curve in enumerate(compute(trainer)["sweep"]):
        for position in range(0, 101, 10):
            positive = predicted[:, index] >= curve["thresholds"][position]
            expected = sk.precision_recall_fscore_support(
                labels[:, index], positive, average="binary", zero_division=0
            )
            scores = [curve[key][position] for key in ("precision", "recall", "f1")]
            assert scores == pytest.approx(list(expected[:3]))
    empty = sweep(np.zeros(3), np.array([0.1, np.nan, 0.9]), np.array([0.5]))
    assert (empty.precision[0], empty.recall[0], empty.f1[0]) == (0, 0, 0)


def test_breast_cancer_counts_malignant_which_is_predicted_below_the_threshold(make: Any) -> None:
    trainer = trained(make, "breast_cancer")
    output, truth = outputs(trainer)[:, 0], trainer.data.test.truth
    malignant = truth == 0
    result = compute(trainer, threshold=0.4)
    assert result["positive"] == result["roc"][0]["label"] == result["sweep"][0]["label"] == "malignant"
    expected = sk.precision_recall_fscore_support(malignant, output < 0.4, average="binary", zero_division=0)
    metrics = [result["metrics"][name] for name in ("precision", "recall", "f1")]
    assert metrics == pytest.approx(list(expected[:3]))
    sweep_at = int(np.argmin(np.abs(result["sweep"][0]["thresholds"] - 0.4)))
    assert [result["sweep"][0][name][sweep_at] for name in ("precision", "recall", "f1")] == pytest.approx(
        metrics
    )
    x, y, thresholds = sk.roc_curve(malignant, -output)
    curve = result["roc"][0]
    assert curve["false_positive_rate"] == pytest.approx(x) and curve["true_positive_rate"] == pytest.approx(
        y
    )
    assert curve["thresholds"] == pytest.approx(-thresholds)
    calibrated = result["calibration"][0]
    mean = np.average(np.nan_to_num(calibrated["frequency"]), weights=calibrated["counts"])
    assert calibrated["label"] == "malignant" and mean == pytest.approx(malignant.mean())
    point = trainer.measure()["metrics"]
    expected = sk.precision_recall_fscore_support(malignant, output < 0.5, average="binary", zero_division=0)
    assert [point[f"test_{name}"] for name in ("precision", "recall", "f1")] == pytest.approx(
        list(expected[:3])
    )


def test_the_threshold_option_decides_the_classes(make: Any) -> None:
    trainer = trained(make, "circle")
    result, positive = compute(trainer, threshold=0.7), outputs(trainer)[:, 0] >= 0.7
    truth = trainer.data.test.truth
    assert (result["confusion"]["counts"] == sk.confusion_matrix(truth, positive)).all()
    assert result["metrics"]["accuracy"] == pytest.approx(sk.accuracy_score(truth, positive))


def test_every_label_can_have_a_threshold_of_its_own(make: Any) -> None:
    trainer = trained(make, "discs", 30)
    count = trainer.data.outputs
    thresholds = np.linspace(0.2, 0.8, count)
    result = compute(trainer, thresholds=",".join(map(str, thresholds)))
    assert result["thresholds"] == thresholds.tolist()
    positive, truth = outputs(trainer) >= thresholds, labels_of(trainer)
    for index, label in enumerate(result["confusion_labels"]):
        assert (label["counts"] == sk.confusion_matrix(truth[:, index], positive[:, index])).all()
    for invalid in ("0.5", "0.5,x" + ",0.1" * (count - 2), "nan" + ",0.5" * (count - 1)):
        with pytest.raises(ConfigError) as refusal:
            compute(trainer, thresholds=invalid)
        assert refusal.value.field == "thresholds"


def test_large_residuals_that_are_almost_equal_are_counted(make: Any) -> None:
    trainer = trained(make, "sine", 1)
    trainer.state.theta[:] = 0
    trainer.state.theta[-1] = 1e30
    (result,) = compute(trainer)["residuals"]
    assert result["histogram"]["counts"].sum() == len(trainer.data.test.truth)
    assert result["histogram"]["low"] == pytest.approx(result["mean"]) and result["mean"] < -1e29


def test_residuals_are_true_minus_predicted(make: Any) -> None:
    trainer = trained(make, "sine", 50)
    (result,), predicted = compute(trainer)["residuals"], outputs(trainer)[:, 0]
    truth = trainer.data.test.truth
    assert result["predicted"] == pytest.approx(predicted) and (result["true"] == truth).all()
    assert result["mean"] == pytest.approx(np.mean(truth - predicted), abs=1e-6)
    assert result["histogram"]["counts"].sum() == len(truth)
    assert result["histogram"]["low"] == pytest.approx((truth - predicted).min(), abs=1e-6)
    result = compute(trainer)
    assert result["roc"] is None and result["confusion"] is None and result["threshold"] is None
    assert result["metrics"]["rmse"] == pytest.approx(sk.root_mean_squared_error(truth, predicted), rel=1e-5)


@pytest.mark.parametrize("name", [*DATASETS, "sine"])
def test_the_worst_points_have_the_largest_losses_in_order(make: Any, name: str) -> None:
    trainer = trained(make, name)
    result = compute(trainer, part="train")
    trace = VIEWS["sample_trace"]
    losses = [
        trace.compute(trainer.checkpoint(), trainer.data, trace.parse({"index": index}))["loss"]["value"]
        for index in range(len(trainer.data.train))
    ]
    expected = sorted(losses, reverse=True)[:20]
    assert [point["loss"] for point in result["worst"]] == pytest.approx(expected, rel=1e-4)
    for point in result["worst"][:3]:
        assert losses[point["index"]] == pytest.approx(point["loss"], rel=1e-4)
        traced = trace.compute(trainer.checkpoint(), trainer.data, trace.parse({"index": point["index"]}))
        assert point["target"] == traced["target"][0]
    mean = Evaluator(trainer.network, trainer.config, trainer.data).loss(trainer.state.theta, "train")
    assert np.mean(losses) == pytest.approx(mean, rel=1e-4)


def test_a_selected_point_has_the_outputs_of_its_classes(make: Any) -> None:
    trainer = trained(make, "iris")
    sample = compute(trainer, index=5)["sample"]
    assert [output["label"] for output in sample["outputs"]] == trainer.data.classes
    assert sum(output["value"] for output in sample["outputs"]) == pytest.approx(1)
    assert [output["value"] for output in sample["outputs"]] == pytest.approx(list(outputs(trainer)[5]))
    assert compute(trainer)["sample"] is None


def test_undecided_points_are_counted_separately(make: Any) -> None:
    for name in ("circle", "iris", "discs"):
        trainer = trained(make, name)
        trainer.state.theta[:] = np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = compute(trainer)
        n = len(trainer.data.test)
        if name == "discs":
            assert all(label["undecided"] == n for label in result["confusion_labels"])
        else:
            assert result["confusion"]["undecided"].sum() == n and result["confusion"]["counts"].sum() == 0
        assert math.isnan(result["worst"][0]["loss"]) and math.isnan(result["roc"][0]["auc"])
