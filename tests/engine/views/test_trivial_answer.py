"""Trivial answers: the majority of the training part and its mean, checked against scikit-learn's dummies."""

from typing import Any

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor

from engine.views.trivial_answer import trivial_answer

TASKS = {"sine": "r2", "circle": "accuracy", "blobs": "accuracy", "discs": "subset_accuracy"}


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("part", ["train", "test"])
def test_the_trivial_answer_scores_as_that_of_an_independent_implementation(
    make: Any, name: str, part: str
) -> None:
    data = make(dataset={"name": name, "samples": 101, "test_fraction": 0.4}).data
    rows = getattr(data, part)
    dummy = DummyRegressor() if name == "sine" else DummyClassifier(strategy="most_frequent")
    train, truth = data.train.truth, rows.truth
    if name == "discs":  # a combination of labels is one class there
        train, truth = ([str(labels) for labels in values.tolist()] for values in (train, truth))
    expected = dummy.fit(data.train.raw, train).score(rows.raw, truth)
    found = trivial_answer(data, rows, TASKS[name])
    assert found.value == pytest.approx(expected)
    assert found.rule == ("mean" if name == "sine" else "majority")


def test_the_answer_is_a_class_by_name_the_labels_by_name_or_the_mean(make: Any) -> None:
    data = make(dataset={"name": "breast_cancer", "samples": 200}, features=None).data
    counts = np.bincount(data.train.truth)
    assert trivial_answer(data, data.test, "accuracy").answer == data.classes[counts.argmax()]
    data = make(dataset={"name": "sine", "samples": 60}, features=None).data
    assert trivial_answer(data, data.test, "r2").answer == pytest.approx(data.train.truth.mean())
    data = make(dataset={"name": "discs", "samples": 60}).data
    assert set(trivial_answer(data, data.test, "subset_accuracy").answer) <= set(data.classes)


def test_a_part_without_rows_has_no_value(make: Any) -> None:
    data = make().data
    assert trivial_answer(data, data.validation, "accuracy").value is None
