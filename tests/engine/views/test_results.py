"""Results: counts, curves and calibration against scikit-learn, on networks as they train."""

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

SETS = ["circle", "blobs", "discs", "iris", "digits", "wine"]


def trained(make: Any, name: str, steps: int = 20, **fields: Any) -> Trainer:
    trainer: Trainer = make({"dataset": {"name": name}, **fields})
    trainer.advance(steps)
    return trainer


def draw(trainer: Trainer, **options: Any) -> dict[str, Any]:
    view = VIEWS["results"]
    return view.compute(trainer.checkpoint(), trainer.data, view.parse(options))


def outputs(trainer: Trainer) -> np.ndarray:
    """The test points' outputs, as an outsider gets them."""
    told: np.ndarray = predict(trainer.checkpoint(), trainer.data, trainer.data.test.raw.tolist())["outputs"]
    return told


def truths(trainer: Trainer) -> np.ndarray:
    """(n, curves) yes or no for each ROC curve."""
    data = trainer.data
    truth = data.test.truth
    if data.task == "multiclass":
        return np.stack([truth == index for index in range(data.outputs)], axis=1)
    return truth.reshape(len(truth), -1) == 1


@pytest.mark.parametrize("name", SETS)
def test_counts_are_those_of_scikit_learn(make: Any, name: str) -> None:
    trainer = trained(make, name)
    drawn, said, truth = draw(trainer), outputs(trainer), trainer.data.test.truth
    if trainer.data.task == "multilabel":
        for index, label in enumerate(drawn["confusion_labels"]):
            assert (label["counts"] == sk.confusion_matrix(truth[:, index], said[:, index] >= 0.5)).all()
        decided = (said >= 0.5).astype(int)
    else:
        decided = (
            said.argmax(axis=1) if trainer.data.task == "multiclass" else (said[:, 0] >= 0.5).astype(int)
        )
        labels = range(len(trainer.data.classes or []))
        assert (drawn["confusion"]["counts"] == sk.confusion_matrix(truth, decided, labels=labels)).all()
    scores = sk.precision_recall_fscore_support(truth, decided, zero_division=0)
    for index, told in enumerate(drawn["per_class"]):
        assert (told["precision"], told["recall"], told["f1"]) == pytest.approx(
            tuple(score[index] for score in scores[:3])
        )
        assert told["support"] == scores[3][index]
    assert sum(drawn["metrics"].values()) > 0


@pytest.mark.parametrize("name", SETS)
def test_roc_curves_are_those_of_scikit_learn(make: Any, name: str) -> None:
    trainer = trained(make, name)
    drawn, said, yes = draw(trainer)["roc"], outputs(trainer), truths(trainer)
    assert len(drawn) == yes.shape[1]
    for index, curve in enumerate(drawn):
        x, y, thresholds = sk.roc_curve(yes[:, index], said[:, index])
        assert curve["false_positive_rate"] == pytest.approx(x)
        assert curve["true_positive_rate"] == pytest.approx(y)
        assert curve["thresholds"] == pytest.approx(thresholds)
        assert curve["auc"] == pytest.approx(sk.roc_auc_score(yes[:, index], said[:, index]))


def test_roc_of_ties_and_of_a_missing_class() -> None:
    generator = np.random.default_rng(0)
    for _ in range(20):
        scores, yes = generator.integers(0, 6, 40) / 5, generator.integers(0, 2, 40)
        x, y, _ = sk.roc_curve(yes, scores)
        found = roc(yes, scores)
        assert found.false_positive_rate == pytest.approx(x) and found.true_positive_rate == pytest.approx(y)
        assert found.auc == pytest.approx(sk.roc_auc_score(yes, scores))
    assert math.isnan(roc(np.ones(5), np.arange(5.0)).auc)
    assert math.isnan(roc(np.array([0, 1, 1]), np.array([0.2, np.nan, 0.4])).auc)


@pytest.mark.parametrize("name", ["circle", "discs"])
def test_calibration_is_that_of_scikit_learn(make: Any, name: str) -> None:
    trainer = trained(make, name, 100)
    drawn, said, yes = draw(trainer)["calibration"], outputs(trainer), truths(trainer)
    for index, found in enumerate(drawn):
        frequency, confidence = calibration_curve(yes[:, index], said[:, index], n_bins=10)
        full = found["counts"] > 0
        assert found["frequency"][full] == pytest.approx(frequency)
        assert found["confidence"][full] == pytest.approx(confidence)
        gaps = np.abs(frequency - confidence) * found["counts"][full] / found["counts"].sum()
        assert found["expected_calibration_error"] == pytest.approx(gaps.sum())


def test_calibration_of_classes_is_about_the_chosen_one(make: Any) -> None:
    trainer = trained(make, "iris", 40)
    (found,), said = draw(trainer)["calibration"], outputs(trainer)
    error, bins = 0.0, [[] for _ in range(10)]  # type: list[list[tuple[float, bool]]]
    for row, true in zip(said, trainer.data.test.truth, strict=True):
        bins[min(9, int(10 * max(row)))].append((max(row), row.argmax() == true))
    for place, held in enumerate(bins):
        assert found["counts"][place] == len(held)
        if held:
            sure, right = np.mean([p for p, _ in held]), np.mean([r for _, r in held])
            assert (found["confidence"][place], found["frequency"][place]) == pytest.approx((sure, right))
            error += abs(sure - right) * len(held) / len(said)
    assert found["expected_calibration_error"] == pytest.approx(error)
    assert math.isnan(calibration(np.ones(2), np.array([0.5, np.nan])).error)


def test_outputs_that_are_no_probabilities_are_not_calibrated(make: Any) -> None:
    drawn = draw(trained(make, "circle", loss={"name": "hinge"}))
    assert drawn["calibration"] is None and "linear" in drawn["calibration_reason"]
    assert drawn["threshold"] == 0.0


@pytest.mark.parametrize("name", ["circle", "discs"])
def test_every_threshold_has_its_precision_and_recall(make: Any, name: str) -> None:
    trainer = trained(make, name)
    said, yes = outputs(trainer), truths(trainer)
    for index, found in enumerate(draw(trainer)["sweep"]):
        for place in range(0, 101, 10):
            called = said[:, index] >= found["thresholds"][place]
            expected = sk.precision_recall_fscore_support(
                yes[:, index], called, average="binary", zero_division=0
            )
            told = [found[key][place] for key in ("precision", "recall", "f1")]
            assert told == pytest.approx(list(expected[:3]))
    empty = sweep(np.zeros(3), np.array([0.1, np.nan, 0.9]), np.array([0.5]))
    assert (empty.precision[0], empty.recall[0], empty.f1[0]) == (0, 0, 0)


def test_a_chosen_threshold_decides(make: Any) -> None:
    trainer = trained(make, "circle")
    drawn, called = draw(trainer, threshold=0.7), outputs(trainer)[:, 0] >= 0.7
    truth = trainer.data.test.truth
    assert (drawn["confusion"]["counts"] == sk.confusion_matrix(truth, called)).all()
    assert drawn["metrics"]["accuracy"] == pytest.approx(sk.accuracy_score(truth, called))


def test_every_label_can_have_a_threshold_of_its_own(make: Any) -> None:
    trainer = trained(make, "discs", 30)
    count = trainer.data.outputs
    chosen = np.linspace(0.2, 0.8, count)
    answer = draw(trainer, thresholds=",".join(map(str, chosen)))
    assert answer["thresholds"] == chosen.tolist()
    called, truth = outputs(trainer) >= chosen, truths(trainer)
    for index, each in enumerate(answer["confusion_labels"]):
        assert (each["counts"] == sk.confusion_matrix(truth[:, index], called[:, index])).all()
    for wrong in ("0.5", "0.5,x" + ",0.1" * (count - 2), "nan" + ",0.5" * (count - 1)):
        with pytest.raises(ConfigError) as refused:
            draw(trainer, thresholds=wrong)
        assert refused.value.field == "thresholds"


def test_residuals_that_are_far_off_and_all_but_equal_are_counted(make: Any) -> None:
    trainer = trained(make, "sine", 1)
    trainer.state.theta[:] = 0
    trainer.state.theta[-1] = 1e30
    (drawn,) = draw(trainer)["residuals"]
    assert drawn["histogram"]["counts"].sum() == len(trainer.data.test.truth)
    assert drawn["histogram"]["low"] == pytest.approx(drawn["mean"]) and drawn["mean"] < -1e29


def test_residuals_are_true_minus_predicted(make: Any) -> None:
    trainer = trained(make, "sine", 50)
    (drawn,), said = draw(trainer)["residuals"], outputs(trainer)[:, 0]
    truth = trainer.data.test.truth
    assert drawn["predicted"] == pytest.approx(said) and (drawn["true"] == truth).all()
    assert drawn["mean"] == pytest.approx(np.mean(truth - said), abs=1e-6)
    assert drawn["histogram"]["counts"].sum() == len(truth)
    assert drawn["histogram"]["low"] == pytest.approx((truth - said).min(), abs=1e-6)
    drawn = draw(trainer)
    assert drawn["roc"] is None and drawn["confusion"] is None and drawn["threshold"] is None
    assert drawn["metrics"]["rmse"] == pytest.approx(sk.root_mean_squared_error(truth, said), rel=1e-5)


@pytest.mark.parametrize("name", [*SETS, "sine"])
def test_the_worst_points_have_the_largest_losses(make: Any, name: str) -> None:
    trainer = trained(make, name)
    drawn = draw(trainer, part="train")
    trace = VIEWS["sample_trace"]
    losses = [
        trace.compute(trainer.checkpoint(), trainer.data, trace.parse({"index": index}))["loss"]["value"]
        for index in range(len(trainer.data.train))
    ]
    expected = sorted(losses, reverse=True)[:20]
    assert [point["loss"] for point in drawn["worst"]] == pytest.approx(expected, rel=1e-4)
    for point in drawn["worst"][:3]:
        assert losses[point["index"]] == pytest.approx(point["loss"], rel=1e-4)
        told = trace.compute(trainer.checkpoint(), trainer.data, trace.parse({"index": point["index"]}))
        assert point["target"] == told["target"][0]
    mean = Evaluator(trainer.network, trainer.config, trainer.data).loss(trainer.state.theta, "train")
    assert np.mean(losses) == pytest.approx(mean, rel=1e-4)


def test_one_sample_shows_its_shares(make: Any) -> None:
    trainer = trained(make, "iris")
    sample = draw(trainer, index=5)["sample"]
    assert [output["label"] for output in sample["outputs"]] == trainer.data.classes
    assert sum(output["value"] for output in sample["outputs"]) == pytest.approx(1)
    assert [output["value"] for output in sample["outputs"]] == pytest.approx(list(outputs(trainer)[5]))
    assert draw(trainer)["sample"] is None


def test_points_without_an_answer_are_counted_apart(make: Any) -> None:
    for name in ("circle", "iris", "discs"):
        trainer = trained(make, name)
        trainer.state.theta[:] = np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            drawn = draw(trainer)
        n = len(trainer.data.test)
        if name == "discs":
            assert all(label["undecided"] == n for label in drawn["confusion_labels"])
        else:
            assert drawn["confusion"]["undecided"].sum() == n and drawn["confusion"]["counts"].sum() == 0
        assert math.isnan(drawn["worst"][0]["loss"]) and math.isnan(drawn["roc"][0]["auc"])


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"part": "all"}, "part"),
        ({"part": "validation"}, "part"),
        ({"index": 10_000}, "index"),
        ({"threshold": 2000}, "threshold"),
        ({"bins": 3}, "bins"),
    ],
)
def test_a_bad_option_is_refused_by_its_name(make: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(ConfigError) as caught:
        draw(make(), **options)
    assert caught.value.field == field


def test_a_threshold_is_refused_where_there_is_none(make: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        draw(make(dataset={"name": "iris"}), threshold=0.5)
    assert caught.value.field == "threshold"
